"""Another post covers while an owner is away (review 14.3.12: leave, and no enforcement)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.cover.service import start_and_end_covers
from app.actions.planned import open_planned_actions
from app.actions.recording.assignment import assign_action
from app.actions.recording.draft import Assignment
from app.foundation.clock import SettableClock
from app.reminders.deadline import Deadline
from app.vocabulary import Role
from tests.actions.given_actions import agree
from tests.given import Callers
from tests.inbox.reading import the
from tests.reminders.told import sweep, told_of

AWAY = {
    "area": "ANYTOWN",
    "owner_agency": "ANYTOWN-POLICE",
    "owner_role": "PVP_HUB",
    "owner_account": "jo.smith",
    "away_from": "2026-03-10",
    "away_until": "2026-03-20",
    "cover_agency": "ANYTOWN-POLICE",
    "cover_role": "POLICE_SUPERVISOR",
    "cover_account": "sam.reid",
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


def planned(sessions: sessionmaker[Session], case_id: str, opens_on: str, clock: SettableClock) -> str:
    """The id of an action of the hub that is planned for that day."""
    day = date.fromisoformat(opens_on)
    return given(sessions, case_id, Deadline(day + timedelta(days=7), None, life_safety=False), clock, day)


def given(
    sessions: sessionmaker[Session], case_id: str, deadline: Deadline, clock: SettableClock, day: date | None = None
) -> str:
    """The id of an action that the service gives to the hub."""
    assignment = Assignment(
        case_id=case_id,
        area="ANYTOWN",
        what="Agree at the weekly meeting who sees the perpetrator",
        done_when="The minutes name who sees them",
        owner_role=Role.PVP_HUB,
        deadline=deadline,
        opens_on=day,
    )
    with sessions.begin() as session:
        scope_to_system(session)
        return assign_action(session, assignment, clock.now()).id


def open_on_its_day(sessions: sessionmaker[Session], clock: SettableClock, now: datetime) -> None:
    clock.set(now)
    with sessions.begin() as session:
        scope_to_system(session)
        open_planned_actions(session, now)


def work_told(engine: Engine, action_id: str) -> int:
    """How often an agency was told of the action as new work."""
    query = "SELECT count(*) FROM event WHERE type = 'work.assigned' AND convert_from(body, 'UTF8') LIKE :it"
    with engine.connect() as connection:
        return connection.execute(text(query), {"it": f"%{action_id}%"}).scalar_one()


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


def test_cover_hears_what_has_passed_and_nobody_above_the_owner_hears_it_again(
    routed: dict[str, Any], callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    action = agree(callers, routed["case_id"], due_on="2026-03-12")
    clock.set(datetime(2026, 3, 19, 10, tzinfo=UTC))  # a Thursday, five working days late
    sweep(sessions, clock.now())
    before = told_of(sessions, action["id"])
    assert {"PVP_HUB", "MARAC_COORDINATOR", "STRATEGIC_LEAD"} <= {one.role for one in before}

    callers.hub.post("/v1/covers", AWAY).raise_for_status()
    clock.set(datetime(2026, 3, 20, 10, tzinfo=UTC))
    sweep(sessions, clock.now())

    after = told_of(sessions, action["id"])
    assert [one.role for one in after if one not in before] == ["POLICE_SUPERVISOR"]
    assert len(after) == len(before) + 1


def test_danger_that_was_called_above_the_owner_is_not_called_again_when_cover_begins(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session], routed: dict[str, Any]
) -> None:
    danger = Deadline(None, clock.now() + timedelta(hours=1), life_safety=True)
    action = given(sessions, routed["case_id"], danger, clock)
    clock.set(clock.now() + timedelta(days=1, hours=2))
    sweep(sessions, clock.now())
    before = told_of(sessions, action)
    assert "STRATEGIC_LEAD" in {one.role for one in before}

    callers.hub.post("/v1/covers", AWAY).raise_for_status()
    sweep(sessions, clock.now())

    after = told_of(sessions, action)
    assert [one.role for one in after if one not in before] == ["POLICE_SUPERVISOR"]
    clock.set(clock.now() + timedelta(days=3))
    sweep(sessions, clock.now())
    later = [one.role for one in told_of(sessions, action) if one not in after]
    assert later.count("STRATEGIC_LEAD") >= 1  # the ladder goes on where it was


def test_planned_action_opens_for_the_owner_when_the_cover_has_ended(
    callers: Callers,
    routed: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    callers.hub.post("/v1/covers", AWAY).raise_for_status()
    action = planned(sessions, routed["case_id"], "2026-03-25", clock)
    assert read(callers, {"id": action})["covered_by"] is None

    keep(sessions, clock, 11)
    open_on_its_day(sessions, clock, datetime(2026, 3, 25, 1, tzinfo=UTC))

    opened = read(callers, {"id": action})
    assert (opened["state"], opened["covered_by"]) == ("OPEN", None)
    assert reminded_roles(owner_engine, {"id": action}) == {"PVP_HUB"}


def test_planned_action_opens_for_the_cover_of_that_day(
    callers: Callers,
    routed: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    action = planned(sessions, routed["case_id"], "2026-03-16", clock)
    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    open_on_its_day(sessions, clock, datetime(2026, 3, 16, 1, tzinfo=UTC))

    assert read(callers, {"id": action})["covered_by"]["cover_role"] == "POLICE_SUPERVISOR"
    assert reminded_roles(owner_engine, {"id": action}) == {"POLICE_SUPERVISOR"}


def test_reported_action_is_no_new_work_for_the_cover(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    action = agree(callers, routed["case_id"])
    done = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}
    callers.hub.post(f"/v1/actions/{action['id']}/outcomes", done, **{"If-Match": '"1"'}).raise_for_status()
    before = work_told(owner_engine, action["id"])

    callers.hub.post("/v1/covers", AWAY).raise_for_status()

    assert work_told(owner_engine, action["id"]) == before


def test_enquiry_of_a_post_that_is_away_reminds_whoever_covers(
    routed: dict[str, Any], callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    enquiry = the(callers.hub, "ENQUIRY")
    callers.hub.post("/v1/covers", AWAY).raise_for_status()
    clock.set(clock.now() + timedelta(days=2))

    sweep(sessions, clock.now())

    told = {one.role for one in told_of(sessions, enquiry["subject_id"])}
    assert "POLICE_SUPERVISOR" in told
    assert "PVP_HUB" not in told
