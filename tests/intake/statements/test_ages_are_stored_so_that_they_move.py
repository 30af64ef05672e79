"""An age is told with its day or as a year of birth, and moves on; two authors' ages are taken together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral, an_incident

LATER = datetime(2028, 1, 10, 9, 30, tzinfo=UTC)
CHILDREN_SERVICES = "CHILDRENS_SOCIAL_CARE"


def sent(callers: Callers, **changes: Any) -> dict[str, Any]:
    answer = callers.hub.post("/v1/referrals", a_referral(**changes))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def decided_anew(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = caller.post(f"/v1/cases/{body['case_id']}/decisions", {"reason": "Time has passed since"})
    assert answer.status_code == 201, answer.text
    decision: dict[str, Any] = answer.json()["decision"]["decision"]
    return decision


def owed(decision: dict[str, Any]) -> set[str]:
    return {duty["id"] for duty in decision["duties"]}


@pytest.mark.parametrize("victim", [{"age": 15}, {"age": 15, "age_as_of": "2026-03-01"}, {"birth_year": 2010}], ids=str)
def test_victim_of_15_is_17_two_years_later_without_a_new_report(
    victim: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    body = sent(callers, victim={"ref": "V-1", **victim})
    assert body["decision"]["decision"]["victim"]["forum"] == CHILDREN_SERVICES

    clock.set(LATER)
    decision = decided_anew(callers.coordinator, body)

    assert decision["victim"]["forum"] == "MARAC"
    assert "D25.victim" in owed(decision)


def test_age_without_its_day_counts_as_of_the_day_of_the_report(callers: Callers) -> None:
    # 17 on 10 February of last year: 18 today.
    day_before = "2025-02-09T21:00:00Z"
    incident = {"occurred_at": day_before, "reported_at": day_before, "force": "ANYTOWN-POLICE"}
    body = sent(callers, victim={"ref": "V-1", "age": 17}, referred_on="2025-02-10", incidents=[incident])

    assert body["decision"]["decision"]["facts"]["victim_youngest"] == 18


def test_age_that_an_enquiry_answered_moves_on_from_the_day_of_the_answer(
    callers: Callers, clock: SettableClock
) -> None:
    body = sent(callers, perpetrator={"ref": "P-1", "mappa": {"not_managed": True}})
    (hub,) = [
        one
        for one in callers.hub.get("/v1/enquiries", case_id=body["case_id"]).json()["items"]
        if one["role"] == "PVP_HUB"
    ]
    answers = {"answers": [{"fact": "perpetrator_age", "kind": "VALUE", "value": 17}]}
    callers.hub.post(f"/v1/enquiries/{hub['id']}/answers", answers).raise_for_status()
    first = callers.hub.get(f"/v1/referrals/{body['referral_id']}/decisions").json()["items"][-1]
    assert first["decision"]["perpetrator"]["forum"] == "YOUTH_JUSTICE"

    clock.set(clock.now() + timedelta(days=366))

    assert decided_anew(callers.coordinator, body)["facts"]["perpetrator_youngest"] == 18


def test_ages_of_two_authors_are_taken_together_and_are_disputed_only_where_they_cannot_both_be(
    callers: Callers,
) -> None:
    body = sent(callers, victim={"ref": "V-1", "birth_year": 2009})
    incident = an_incident("2026-03-10T08:00:00Z")
    path = f"/v1/cases/{body['case_id']}/incidents"

    callers.idva.post(path, {"incident": incident, "victim": {"age": 17}}).raise_for_status()
    agreed = decided_anew(callers.coordinator, body)
    assert (agreed["facts"]["victim_youngest"], agreed["facts"]["victim_oldest"]) == (17, 17)

    callers.idva.post(path, {"incident": incident, "victim": {"age": 14}}).raise_for_status()
    differing = decided_anew(callers.coordinator, body)
    assert (differing["facts"]["victim_youngest"], differing["facts"]["victim_oldest"]) == (14, 17)
    assert differing["facts"]["victim_age"] is None


def test_null_takes_back_the_year_of_birth(callers: Callers) -> None:
    body = sent(callers, victim={"ref": "V-1", "birth_year": 2010})

    answer = callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"victim": {"birth_year": None}}).json()

    assert answer["retracted"] == ["/victim/birth_year"]
    assert answer["decision"]["decision"]["facts"]["victim_age"] is None


@pytest.mark.parametrize(
    ("person", "pointer", "says"),
    [
        (
            {"date_of_birth": "1990-01-01"},
            "/victim/date_of_birth",
            "in `birth_year`, or `age` with `age_as_of`",
        ),
        ({"age": 34, "birth_year": 1991}, "/victim", "not both"),
        ({"age_as_of": "2026-01-01"}, "/victim", "needs `age`"),
    ],
)
def test_exact_date_and_two_ways_at_once_are_refused_with_the_reason(
    person: dict[str, Any], pointer: str, says: str, callers: Callers
) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(victim={"ref": "V-1", **person}))

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, pointer)
    assert says in fault["detail"]
