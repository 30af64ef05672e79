"""A death that one area records reaches whoever owns the same person's need in another: nobody is sent to the dead."""

from datetime import timedelta
from typing import Any

from app.foundation.clock import SettableClock
from tests.ending import end_need
from tests.given import Caller, a_referral
from tests.people.conftest import TwoForces

Body = dict[str, Any]
CARRIED = {
    "to_area": "ANYTOWN",
    "plan": "Weekly contact by the IDVA; locks changed",
    "minutes": "Not heard yet; the list for the next meeting is not out",
    "idva_handover": "Call mornings only, and never leave a message",
}
DIED = {"reason": "DECEASED", "note": "The hospital confirmed it to the hub by phone", "occurred_on": "2026-03-09"}


def of_kind(body: Body, kind: str) -> str:
    return next(str(need["id"]) for need in body["needs"] if need["kind"] == kind)


def asked_today(caller: Caller, case_id: str) -> list[Body]:
    items = caller.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action for action in items if action["duty"] == "DEATH_ON_RECORD"]


def dies_here(forces: TwoForces, body: Body) -> Any:
    actions = forces.here.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    sent = DIED | {"actions_continue": [action["id"] for action in actions]}
    return end_need(forces.here.hub, forces.here.coordinator, of_kind(body, "VICTIM_SAFETY"), sent)


def known_to_both(forces: TwoForces, clock: SettableClock) -> tuple[Body, Body]:
    here = forces.here.hub.post("/v1/referrals", a_referral()).json()
    clock.set(clock.now() + timedelta(hours=1))
    return here, forces.there.hub.post("/v1/referrals", a_referral("DV-9", area="OTHERTOWN")).json()


def test_owner_in_the_other_area_is_asked_the_same_day(forces: TwoForces, clock: SettableClock) -> None:
    here, there = known_to_both(forces, clock)

    ended = dies_here(forces, here)

    assert ended.status_code == 201, ended.text
    (asked,) = asked_today(forces.there.chair, there["case_id"])
    assert (asked["owner_agency"], asked["due_on"], asked["about"]) == (
        "OTHERTOWN-POLICE",
        "2026-03-10",
        "VICTIM_SAFETY",
    )
    assert "ANYTOWN" not in str(asked)
    assert asked_today(forces.here.chair, here["case_id"]) == []


def test_need_of_the_other_area_goes_on_until_its_own_chair_ends_it(forces: TwoForces, clock: SettableClock) -> None:
    here, there = known_to_both(forces, clock)

    dies_here(forces, here).raise_for_status()

    need = forces.there.coordinator.get(f"/v1/needs/{of_kind(there, 'VICTIM_SAFETY')}").json()
    assert need["ended_at"] is None


def test_need_of_the_dead_moves_to_no_other_area(forces: TwoForces, clock: SettableClock) -> None:
    here, there = known_to_both(forces, clock)
    dies_here(forces, here).raise_for_status()

    answer = forces.there.coordinator.post(f"/v1/cases/{there['case_id']}/transfers", CARRIED)

    assert (answer.status_code, answer.json()["code"]) == (409, "person-died")
    assert answer.json()["next_moves"] == [f"POST /v1/needs/{of_kind(there, 'VICTIM_SAFETY')}/endings"]
