"""A decline says what is missing, which area to ask, or what it repeats. Silence past the time to answer expires."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.ownership.proposals.expiry import expire_overdue
from tests.given import Callers
from tests.ownership.test_handshake import need_of, proposal_to

REASON = "The panel has read the papers and says no for now"


def decline(callers: Callers, body: dict[str, Any], forum: str = "MAPPA_L2", **said: Any) -> Any:
    proposal = proposal_to(need_of(body), forum)
    who = callers.mappa if forum == "MAPPA_L2" else callers.matac
    return who.post(f"/v1/proposals/{proposal['id']}/declines", {"reason": REASON} | said)


def again(callers: Callers, body: dict[str, Any]) -> list[dict[str, Any]]:
    listed = callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    return [action for action in listed if (action["duty"] or "").startswith("D15.propose:")]


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("INSUFFICIENT_INFO", {"missing": ["The licence conditions"]}),
        ("OUT_OF_AREA", {"to_area": "BORDER"}),
        ("MANAGED_ELSEWHERE", {"claimed_forum": "MATAC"}),
    ],
)
def test_decline_is_refused_until_it_names_what_its_code_must(
    code: str, named: dict[str, Any], routed: dict[str, Any], callers: Callers
) -> None:
    bare = decline(callers, routed, code=code)
    whole = decline(callers, routed, code=code, **named)

    assert (bare.status_code, whole.status_code) == (422, 201)
    answer = next(p["answer"] for p in whole.json()["proposals"] if p["forum"] == "MAPPA_L2")
    assert {name: answer[name] for name in named} == named


def test_code_may_not_carry_what_belongs_to_another_code(routed: dict[str, Any], callers: Callers) -> None:
    answer = decline(callers, routed, code="CAPACITY", to_area="BORDER")

    assert answer.status_code == 422


def test_what_is_missing_stands_in_the_duty_to_ask_again(routed: dict[str, Any], callers: Callers) -> None:
    missing = ["The licence conditions", "Whether the perpetrator was seen at the door"]

    decline(callers, routed, code="INSUFFICIENT_INFO", missing=missing).raise_for_status()

    (action,) = again(callers, routed)
    assert action["what"].endswith(
        "first find out: The licence conditions; Whether the perpetrator was seen at the door"
    )


def test_out_of_area_cannot_name_the_area_that_asks(routed: dict[str, Any], callers: Callers) -> None:
    answer = decline(callers, routed, code="OUT_OF_AREA", to_area="ANYTOWN")

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/to_area"]


def test_duplicate_must_name_something_else_that_is_on_record(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    other = need_of(routed, "VICTIM_SAFETY")["id"]

    unknown = decline(callers, routed, code="DUPLICATE", duplicate_of="need_0123")
    itself = decline(callers, routed, code="DUPLICATE", duplicate_of=need["id"])
    named = decline(callers, routed, code="DUPLICATE", duplicate_of=other)

    assert [answer.status_code for answer in (unknown, itself, named)] == [422, 422, 201]


def test_lack_of_capacity_never_moves_the_perpetrator(routed: dict[str, Any], callers: Callers) -> None:
    path = f"/v1/proposals/{proposal_to(need_of(routed), 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances"
    owner = callers.probation.post(path, {}).json()["owner"]

    need = decline(callers, routed, code="CAPACITY").json()

    assert need["owner"] == owner


def test_every_decline_reaches_chair_referrer_and_sender_in_the_same_commit(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    decline(callers, routed, code="BELOW_THRESHOLD").raise_for_status()

    with owner_engine.connect() as connection:
        told = connection.execute(
            text(
                "SELECT e.agencies, e.occurred_at = a.answered_at AS at_once FROM event e "
                "JOIN proposal_answer a ON a.proposal_id = e.subject_id WHERE e.type = 'lead.declined'"
            )
        ).one()
    assert {"ANYTOWN-MARAC", "ANYTOWN-POLICE"} <= set(told.agencies)
    assert told.at_once


def test_both_needs_declined_by_one_forum_leave_a_duty_for_each(routed: dict[str, Any], callers: Callers) -> None:
    safety = need_of(routed, "VICTIM_SAFETY")
    asked = callers.chair.post(
        f"/v1/needs/{safety['id']}/proposals",
        {"forum": "MAPPA_L2", "reason": "The plan could be made at the level two meeting"},
    ).json()
    both = (proposal_to(need_of(routed), "MAPPA_L2"), proposal_to(asked, "MAPPA_L2"))

    for proposal in both:
        said = {"code": "CAPACITY", "reason": REASON}
        callers.mappa.post(f"/v1/proposals/{proposal['id']}/declines", said).raise_for_status()

    assert {action["about"] for action in again(callers, routed)} == {"PERPETRATOR", "VICTIM_SAFETY"}


def test_silence_past_the_time_to_answer_leaves_the_owner_and_asks_somebody(
    routed: dict[str, Any], callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    clock.set(clock.now() + timedelta(days=10))

    with sessions.begin() as session:
        scope_to_system(session)
        expired = expire_overdue(session, clock.now())

    need = callers.chair.get(f"/v1/needs/{need_of(routed)['id']}").json()
    assert expired > 0
    assert need["owner"]["forum"] == "HUB"
    assert "EXPIRED" in {p["state"] for p in need["proposals"]}
    assert again(callers, routed)


def test_next_forum_is_asked_once_all_who_come_before_it_have_not_taken_the_need(
    routed: dict[str, Any], callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    need = need_of(routed)
    callers.matac.post(f"/v1/proposals/{proposal_to(need, 'MATAC')['id']}/acceptances", {}).raise_for_status()

    declined = decline(callers, routed, code="BELOW_THRESHOLD").json()
    clock.set(clock.now() + timedelta(days=10))
    with sessions.begin() as session:
        scope_to_system(session)
        expire_overdue(session, clock.now())
    silent = callers.chair.get(f"/v1/needs/{need['id']}").json()

    asked = [{p["forum"] for p in one["proposals"] if p["kind"] == "LEAD"} for one in (declined, silent)]
    assert asked[0] == {"MAPPA_L2", "MAPPA_L1_LEAD_AGENCY"}
    assert asked[1] - asked[0] == {"MATAC"}


def test_police_hub_cannot_decline_a_need_that_falls_back_to_it(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    callers.probation.post(
        f"/v1/proposals/{proposal_to(need, 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances", {}
    ).raise_for_status()
    named = {"forum": "HUB", "reason": "The chair gives the need back to the hub for now"}
    need = callers.chair.post(f"/v1/needs/{need['id']}/overrides", named).json()

    answer = callers.hub.post(
        f"/v1/proposals/{proposal_to(need, 'HUB')['id']}/declines", {"code": "CAPACITY", "reason": REASON}
    )

    assert answer.status_code == 409
