"""A supervision return counts once a second named person of its agency has countersigned it, by an act of their own."""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account
from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.foundation.identifiers import new_id
from app.vocabulary import Role
from tests.given import Callers
from tests.inbox.reading import asked, the
from tests.meetings.sitting import Sitting, a_supervision_return, countersign
from tests.meetings.test_research import request_of

SENDER = "jo.smith"


@pytest.fixture
def listed(sitting: Sitting) -> dict[str, Any]:
    """A high-risk case on the list of 26 March; `meeting` is its id."""
    meeting = sitting.cycle()[0]
    return sitting.taken() | {"meeting": meeting["id"]}


@pytest.fixture
def written(sitting: Sitting, listed: dict[str, Any], callers: Callers) -> dict[str, Any]:
    """What the supervising practitioner wrote, and nobody has countersigned."""
    answer = file(sitting, listed, callers, a_supervision_return())
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def file(sitting: Sitting, listed: dict[str, Any], callers: Callers, body: dict[str, Any], person: str = SENDER) -> Any:
    path = f"/v1/research-requests/{request_of(sitting, listed, 'ANYTOWN-PROBATION')['id']}/returns"
    return callers.probation.post(path, body, **(callers.probation.on_behalf_of(person) if person else {}))


def test_name_that_the_sender_gives_is_nobodys_signature(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    answer = file(sitting, listed, callers, a_supervision_return() | {"countersigned_by": "senior.probation"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/countersigned_by"


def test_return_that_nobody_countersigned_says_so_and_counts_as_not_made(
    written: dict[str, Any], sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    request = request_of(sitting, listed, "ANYTOWN-PROBATION")
    action = callers.probation.get(f"/v1/actions/{request['action_id']}").json()

    assert (written["state"], written["countersigned_by"]) == ("WAITS_FOR_COUNTERSIGNATURE", None)
    assert (request["state"], request["returned_at"], request["waits_for_countersignature"]) == ("AWAITED", None, True)
    assert action["state"] == "OPEN"


def test_colleague_countersigns_and_the_return_counts(
    written: dict[str, Any], sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    answer = countersign(callers.probation, written)

    request = request_of(sitting, listed, "ANYTOWN-PROBATION")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["state"], answer.json()["countersigned_by"]) == (
        "FILED",
        "ANYTOWN-PROBATION/senior.probation",
    )
    assert (request["state"], request["waits_for_countersignature"]) == ("RETURNED", False)
    timeline = callers.probation.get(f"/v1/cases/{request['case_id']}/timeline", limit=200).json()["items"]
    assert "Research returned: a second person countersigned it" in [one["what"] for one in timeline]
    assert callers.probation.get(f"/v1/actions/{request['action_id']}").json()["state"] == "ENDED"


def test_second_person_finds_it_in_the_inbox_and_reads_it_before_they_sign(
    written: dict[str, Any], callers: Callers
) -> None:
    item = the(callers.probation, "COUNTERSIGNATURE")
    read = callers.probation.get(item["links"]["subject"]).json()

    countersign(callers.probation, written).raise_for_status()

    assert (item["subject_id"], read["document"]) == (written["id"], written["document"])
    assert asked(callers.probation, "COUNTERSIGNATURE") == []
    assert countersign(callers.probation, written, "supervising.practitioner").status_code == 409


@pytest.mark.parametrize("person", ["jo.smith", " Jo.SMITH ", "\uff4ao.smith", "jo\u200b.smith", "JO\u3000.SMITH"])
def test_sender_is_no_second_person_in_any_spelling(person: str, written: dict[str, Any], callers: Callers) -> None:
    path = f"/v1/research-returns/{written['id']}/countersignatures"
    headers = {"Authorization": f"Bearer {callers.probation.key}", "Idempotency-Key": "one"}

    answer = callers.probation.client.post(path, headers=headers | {"X-On-Behalf-Of": person.encode()})

    assert answer.status_code == 403
    assert callers.probation.get(f"/v1/research-returns/{written['id']}").json()["countersigned_by"] is None


def test_system_that_names_nobody_countersigns_nothing(written: dict[str, Any], callers: Callers) -> None:
    answer = callers.probation.post(f"/v1/research-returns/{written['id']}/countersignatures", None)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


def test_supervision_return_that_names_no_sender_is_refused(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    """Nobody would be another person than an agency."""
    answer = file(sitting, listed, callers, a_supervision_return(), person="")

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


@pytest.mark.parametrize("who", ["coordinator", "chair", "hub", "idva"])
def test_return_is_read_whole_and_countersigned_by_its_agency_alone(
    who: str, written: dict[str, Any], callers: Callers
) -> None:
    caller = getattr(callers, who)

    answers = [caller.get(f"/v1/research-returns/{written['id']}"), countersign(caller, written, "jo.smith")]
    unknown = caller.get(f"/v1/research-returns/rtn_{'0' * 32}")

    assert [one.status_code for one in answers] == [404, 404]
    assert {one.json()["detail"] for one in answers} == {unknown.json()["detail"]}


def test_colleague_of_another_area_countersigns_nothing(
    written: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    named = {"agency": "ANYTOWN-PROBATION", "name": "pat.dean", "full_name": "Pat Dean", "team": "North"}
    with sessions.begin() as session:
        scope_to_system(session)
        account = Account(id=new_id("acc"), **named, post=Role.SENIOR_PROBATION, areas=["ELSEWHERE"], subject=None)
        account.added_at = clock.now()
        session.add(account)

    assert countersign(callers.probation, written, "pat.dean").status_code == 403


def test_what_a_supervising_service_wrote_is_shared_at_the_meeting_once_it_is_countersigned(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    item = {"about": "PERPETRATOR", "text": "Keeps appointments", "basis": "FACT"}
    written = file(sitting, listed, callers, a_supervision_return() | {"items": [item]}).json()

    before = shared(callers, listed)
    countersign(callers.probation, written).raise_for_status()

    assert (before, shared(callers, listed)) == ([], ["Keeps appointments"])


def shared(callers: Callers, listed: dict[str, Any]) -> list[str]:
    agenda = callers.coordinator.get(f"/v1/meetings/{listed['meeting']}/agenda").json()
    return [fact["text"] for case in agenda["cases"] for fact in case["shared_research"]["facts"]]


def test_bar_on_contact_holds_before_the_countersignature(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    """What protects never waits."""
    bar = {"who": "VICTIM", "reason": "Letters are opened by the perpetrator"}

    file(sitting, listed, callers, a_supervision_return() | {"do_not_contact": [bar]}).raise_for_status()

    assert request_of(sitting, listed, "ANYTOWN-PROBATION")["do_not_contact"] == ["VICTIM"]


COVERED = {
    "area": "ANYTOWN",
    "owner_agency": "ANYTOWN-PROBATION",
    "owner_role": "SUPERVISING_PRACTITIONER",
    "cover_agency": "ANYTOWN-COUNCIL",
    "cover_role": "HOUSING",
    "owner_account": "supervising.practitioner",
    "cover_account": "housing",
    "away_from": "2026-03-10",
    "away_until": "2026-03-31",
    "reason": "The whole team is at the inspection this month",
}


def test_who_covers_countersigns_among_their_own_people_and_the_absent_agency_is_still_asked(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    """What the cover wrote counts for nothing until then, so it hides the question from nobody."""
    cover = callers.coordinator.post("/v1/covers", COVERED)
    assert cover.status_code == 201, cover.text
    path = f"/v1/research-requests/{request_of(sitting, listed, 'ANYTOWN-PROBATION')['id']}/returns"
    sent = callers.council.post(path, a_supervision_return(), **callers.council.on_behalf_of("jo.smith"))
    assert sent.status_code == 201, sent.text

    waiting = the(callers.council, "COUNTERSIGNATURE")
    callers.coordinator.post(
        f"/v1/covers/{cover.json()['id']}/endings", {"reason": "Back early from leave"}
    ).raise_for_status()
    asked_again = the(callers.probation, "RESEARCH")
    signed = countersign(callers.council, sent.json(), "sam.reid")

    assert (waiting["subject_id"], waiting["owner_role"]) == (sent.json()["id"], "HOUSING")
    assert asked_again["owner_agency"] == "ANYTOWN-PROBATION"
    assert signed.status_code == 201, signed.text
