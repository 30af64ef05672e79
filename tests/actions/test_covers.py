"""Another post covers while an owner is away (review 14.3.12: leave, and no enforcement)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.cover.service import start_and_end_covers
from app.foundation.clock import SettableClock
from tests.actions.given_actions import agree
from tests.given import Callers
from tests.reminders.told import sweep, told_of

AWAY = {
    "area": "ANYTOWN",
    "owner_agency": "ANYTOWN-POLICE",
    "owner_role": "PVP_HUB",
    "away_from": "2026-03-10",
    "away_until": "2026-03-20",
    "cover_agency": "ANYTOWN-POLICE",
    "cover_role": "POLICE_SUPERVISOR",
    "reason": "On leave; named at the handover meeting",
}


def read(callers: Callers, action: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = callers.chair.get(f"/v1/actions/{action['id']}").json()
    return body


def keep(sessions: sessionmaker[Session], clock: SettableClock, days: int) -> int:
    """So many days pass, and the worker looks at the covers."""
    clock.set(clock.now() + timedelta(days=days))
    with sessions.begin() as session:
        scope_to_system(session)
        return start_and_end_covers(session, clock.now())


def reminded_roles(engine: Engine, action: dict[str, Any]) -> set[str]:
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT owner_role FROM reminder_timer WHERE subject_id = :id AND state = 'scheduled'"),
            {"id": action["id"]},
        )
        return {row.owner_role for row in rows}


def test_actions_and_reminders_go_to_the_cover_and_the_owner_stays_the_owner(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    action = agree(callers, routed["case_id"])

    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    covered = read(callers, action)
    assert (covered["owner_role"], covered["covered_by"]["cover_role"]) == ("PVP_HUB", "POLICE_SUPERVISOR")
    assert reminded_roles(owner_engine, action) == {"POLICE_SUPERVISOR"}


def test_action_agreed_during_the_absence_goes_to_the_cover_at_once(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    action = agree(callers, routed["case_id"])

    assert action["covered_by"]["cover_role"] == "POLICE_SUPERVISOR"
    assert reminded_roles(owner_engine, action) == {"POLICE_SUPERVISOR"}


def test_absence_to_come_begins_on_its_first_day_and_ends_after_its_last(
    routed: dict[str, Any],
    callers: Callers,
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    action = agree(callers, routed["case_id"], due_on="2026-04-30")
    callers.hub.post("/v1/covers", AWAY | {"away_from": "2026-03-12"}).raise_for_status()

    seen = []
    for days in (0, 2, 8, 1):
        keep(sessions, clock, days)
        seen.append((read(callers, action)["covered_by"] is not None, reminded_roles(owner_engine, action)))

    cover, owner = {"POLICE_SUPERVISOR"}, {"PVP_HUB"}
    assert seen == [(False, owner), (True, cover), (True, cover), (False, owner)]


def test_cover_reminder_is_told_to_the_covering_agency(
    routed: dict[str, Any],
    callers: Callers,
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    action = agree(callers, routed["case_id"])
    across = AWAY | {"cover_agency": "ANYTOWN-PROBATION", "cover_role": "SENIOR_PROBATION"}
    callers.coordinator.post("/v1/covers", across).raise_for_status()
    clock.set(clock.now() + timedelta(days=7))

    sweep(sessions, clock.now())

    told = {(one.role, one.agency) for one in told_of(sessions, action["id"])}
    assert ("SENIOR_PROBATION", "ANYTOWN-PROBATION") in told


def test_cover_finds_its_work_in_the_same_list_as_the_owner(routed: dict[str, Any], callers: Callers) -> None:
    action = agree(callers, routed["case_id"])
    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    listed = callers.hub.get("/v1/actions", owner_role="POLICE_SUPERVISOR", limit=200).json()["items"]

    assert action["id"] in {one["id"] for one in listed}


def test_owner_who_is_back_early_has_every_action_again(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    action = agree(callers, routed["case_id"])
    cover = callers.hub.post("/v1/covers", AWAY).json()

    callers.hub.post(f"/v1/covers/{cover['id']}/endings", {"reason": "Back from leave two days early"})

    back = read(callers, action)
    assert back["covered_by"] is None
    assert [change["what"] for change in back["changes"]] == ["cover", "cover"]
    assert reminded_roles(owner_engine, action) == {"PVP_HUB"}


@pytest.mark.parametrize(
    ("why", "second"),
    [
        ("covered twice", {}),
        (
            "cover is away",
            {"owner_role": "REFERRER", "cover_role": "PVP_HUB"},
        ),
        (
            "covers another",
            {"owner_role": "POLICE_SUPERVISOR", "cover_role": "POLICE_INSPECTOR"},
        ),
    ],
)
def test_cover_is_never_left_to_somebody_who_is_away(why: str, second: dict[str, str], callers: Callers) -> None:
    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    answer = callers.hub.post("/v1/covers", AWAY | second)

    assert (answer.status_code, answer.json()["code"]) == (409, "cover-clash"), why


def test_partner_arranges_cover_only_between_its_own_posts(callers: Callers) -> None:
    others = callers.probation.post("/v1/covers", AWAY)
    own = callers.probation.post(
        "/v1/covers",
        AWAY
        | {
            "owner_agency": "ANYTOWN-PROBATION",
            "owner_role": "SUPERVISING_PRACTITIONER",
            "cover_agency": "ANYTOWN-PROBATION",
            "cover_role": "SENIOR_PROBATION",
        },
    )

    assert (others.status_code, own.status_code) == (403, 201)


def test_second_look_at_a_report_stays_with_the_coordinator_during_cover(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    action = agree(callers, routed["case_id"])
    done = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
    callers.hub.post(f"/v1/actions/{action['id']}/outcomes", done, **{"If-Match": '"1"'}).raise_for_status()

    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    assert reminded_roles(owner_engine, action) == {"MARAC_COORDINATOR"}
