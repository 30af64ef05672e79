"""After a time-out a sender asks what arrived, by its own reference; nobody sees another agency's submissions."""

from datetime import timedelta

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral


def test_sender_finds_by_its_reference_whether_the_referral_arrived(callers: Callers) -> None:
    sent = callers.hub.post("/v1/referrals", a_referral("DV-7")).json()

    found = callers.hub.get("/v1/referrals", source_reference="DV-7").json()["items"]
    missing = callers.hub.get("/v1/referrals", source_reference="DV-8").json()["items"]

    assert [(one["id"], one["case_id"]) for one in found] == [(sent["referral_id"], sent["case_id"])]
    assert found[0]["links"]["self"] == f"/v1/referrals/{sent['referral_id']}"
    assert missing == []


def test_list_shows_no_person(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral(victim={"ref": "V-SECRET"}, perpetrator={"ref": "P-SECRET"}))

    assert "SECRET" not in callers.hub.get("/v1/referrals").text


def test_submissions_come_newest_first_page_by_page_and_none_twice(callers: Callers, clock: SettableClock) -> None:
    for number in range(5):
        clock.set(clock.now() + timedelta(minutes=number % 2))  # two of them at one instant
        callers.hub.post("/v1/referrals", a_referral(f"DV-{number}", victim={"ref": f"V-{number}"})).raise_for_status()

    seen, path = [], "/v1/referrals?limit=2"
    while path:
        page = callers.hub.get(path).json()
        seen += [(one["received_at"], one["source_reference"]) for one in page["items"]]
        path = page["links"].get("next")

    assert sorted({reference for _, reference in seen}) == [f"DV-{number}" for number in range(5)]
    assert len(seen) == 5
    assert [at for at, _ in seen] == sorted((at for at, _ in seen), reverse=True)


def test_nobody_sees_what_another_agency_submitted(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    assert callers.coordinator.get("/v1/referrals").json()["items"] == []
    assert callers.idva.get("/v1/referrals", source_reference="DV-1").json()["items"] == []


def test_reference_that_could_name_a_person_is_refused(callers: Callers) -> None:
    answer = callers.hub.get("/v1/referrals", source_reference="Jane Smith")

    assert answer.status_code == 422
