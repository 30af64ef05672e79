"""A post that is filled later has what was asked of it meanwhile: its actions, its enquiry, its proposal."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker
from typer.testing import CliRunner

from app.access.service import scope_to_system
from app.cli import directory
from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from tests.enquiries.given_enquiries import an_open_referral, on_licence, posted
from tests.given import Callers, a_serial_perpetrator, in_full
from tests.inbox.reading import asked, the
from tests.postgres import SECRET_KEY
from tests.reminders.told import sweep, told_of

EMPTY = ("IDVA", "MATAC_COORDINATOR", "SUPERVISING_PRACTITIONER")
FILLED = {"IDVA": "ANYTOWN-IDVA", "MATAC_COORDINATOR": "ANYTOWN-MATAC", "SUPERVISING_PRACTITIONER": "ANYTOWN-PROBATION"}


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM post WHERE role = ANY (:roles)"), {"roles": list(EMPTY)})


@pytest.fixture
def unfilled(callers: Callers, owner_engine: Engine) -> dict[str, Any]:
    """A case that was referred while three posts of its area were empty."""
    empty(owner_engine)
    answer = callers.hub.post("/v1/referrals", a_serial_perpetrator())
    assert answer.status_code == 201, answer.text
    return in_full(callers.coordinator, answer.json())


def fill(engine: Engine, *roles: str) -> None:
    with engine.begin() as connection:
        for role in roles:
            row = {"role": role, "agency": FILLED[role]}
            connection.execute(text("INSERT INTO post (area, role, agency) VALUES ('ANYTOWN', :role, :agency)"), row)


def work(sessions: sessionmaker[Session], clock: SettableClock) -> None:
    """The worker gives what waits to the posts that were filled."""
    job = next(one for one in JOBS if one.name == "give work to filled posts")
    run_job(sessions, lambda _: clock.now(), job)


def told(sessions: sessionmaker[Session], kind: str, agency: str) -> int:
    """How many events of the kind the agency was told."""
    with sessions.begin() as session:
        scope_to_system(session)
        query = text("SELECT count(*) FROM event WHERE type = :kind AND :agency = ANY (agencies)")
        return session.execute(query, {"kind": kind, "agency": agency}).scalar_one()


def test_post_that_is_filled_next_day_owns_its_actions_and_is_told_once(
    callers: Callers,
    unfilled: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    waiting = [one["id"] for one in unfilled["actions"] if one["owner_role"] == "IDVA" and one["state"] == "OPEN"]
    assert waiting
    assert asked(callers.idva) == []
    clock.set(clock.now() + timedelta(days=1))
    fill(owner_engine, "IDVA")

    work(sessions, clock)
    work(sessions, clock)

    mine = asked(callers.idva, "ACTION")
    assert {one["subject_id"] for one in mine} == set(waiting)
    assert {one["owner_agency"] for one in mine} == {"ANYTOWN-IDVA"}
    assert told(sessions, "work.assigned", "ANYTOWN-IDVA") == 1


def test_reminders_of_a_post_that_is_filled_go_to_it_and_nobody_above_hears_twice(
    callers: Callers,
    unfilled: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    action = next(one for one in unfilled["actions"] if one["owner_role"] == "IDVA" and one["state"] == "OPEN")
    clock.set(clock.now() + timedelta(days=9))
    sweep(sessions, clock.now())
    before = told_of(sessions, action["id"])
    fill(owner_engine, "IDVA")

    work(sessions, clock)
    clock.set(clock.now() + timedelta(days=1))
    sweep(sessions, clock.now())

    after = [one for one in told_of(sessions, action["id"]) if one not in before]
    assert "IDVA" in {one.role for one in after}
    said_above = [(one.role, one.rung) for one in before if one.role != "IDVA"]
    assert not {(one.role, one.rung) for one in after} & set(said_above)


def test_proposal_is_asked_of_the_forum_once_its_post_is_filled(
    callers: Callers,
    unfilled: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    assert asked(callers.matac) == []
    before = told(sessions, "lead.proposed", "ANYTOWN-MATAC")
    fill(owner_engine, "MATAC_COORDINATOR")

    work(sessions, clock)

    item = the(callers.matac, "PROPOSAL")
    assert (item["owner_role"], item["owner_agency"]) == ("MATAC_COORDINATOR", "ANYTOWN-MATAC")
    assert told(sessions, "lead.proposed", "ANYTOWN-MATAC") == before + 1
    callers.matac.post(item["links"]["accept"], {}).raise_for_status()


def test_enquiry_is_asked_of_the_post_once_it_is_filled(
    callers: Callers,
    clock: SettableClock,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
) -> None:
    empty(owner_engine)
    posted(callers.hub, "/v1/referrals", an_open_referral("DV-2", perpetrator=on_licence()))
    (waiting,) = (one for one in asked(callers.coordinator, "ENQUIRY") if one["owner_agency"] is None)
    fill(owner_engine, *EMPTY)

    work(sessions, clock)

    assert waiting["owner_role"] == "SUPERVISING_PRACTITIONER"
    assert the(callers.probation, "ENQUIRY")["subject_id"] == waiting["subject_id"]
    assert told(sessions, "enquiry.asked", "ANYTOWN-PROBATION") == 1
    assert [one for one in asked(callers.coordinator, "SET_UP") if one["owner_role"] in EMPTY] == []


def test_command_that_fills_a_post_gives_it_what_waits_at_once(
    callers: Callers, unfilled: dict[str, Any], monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ROUTING_SECRET_KEY", SECRET_KEY)

    filled = CliRunner().invoke(directory, ["fill-post", "ANYTOWN", "IDVA", "ANYTOWN-IDVA"])

    assert filled.exit_code == 0, filled.output
    assert {one["owner_agency"] for one in asked(callers.idva, "ACTION")} == {"ANYTOWN-IDVA"}
