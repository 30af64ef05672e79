"""Replays the review of the death of "Jean" through the API, by date, under one policy.

The chronology is data (`jean.toml`). The replay sets the clock to each step, runs the worker's sweeps in between, and
keeps what the service answered.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.access.service import scope_to_system
from app.demo import wording
from app.demo.demo_area import create_demo_area
from app.demo.replay_run import Body, ReplayRun, as_json
from app.demo.replay_steps import STEPS
from app.demo.repository import decisions_between, events_between
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.main import create_app
from app.outbox.models import Event
from app.ownership.proposals.expiry import expire_overdue
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import EventType

FIRST_MORNING = datetime(2018, 6, 1, 8, 0, tzinfo=UTC)
SWEEP_EVERY = timedelta(hours=4)
SWEEPS = (fire_due_reminders, expire_overdue, decide_after_ended_clock)
SILENCE = {
    EventType.LEAD_EXPIRED: "request to lead left without an answer in time",
    EventType.LEAD_ESCALATED: "escalation to the strategic lead",
}
REMINDERS = (EventType.REMINDER_DIGEST, EventType.REMINDER_DANGER)


@dataclass(frozen=True, slots=True)
class StepReplies:
    """What the service answered to one step under one policy, and what went on since the step before.

    `actions` are how many were new; `meanwhile` are the decisions that the ends of clocks made.
    """

    lines: tuple[str, ...]
    brief: str
    actions: int
    reminders: Counter[str]
    meanwhile: tuple[str, ...]


def chronology() -> Body:
    """Returns the review's dates as data."""
    return tomllib.loads(files("app.demo").joinpath("jean.toml").read_text(encoding="utf-8"))


def replay(engine: Engine, profile: str, area: str) -> Iterator[tuple[Body, StepReplies]]:
    """Yields each step of the chronology with what the service answered under this profile."""
    clock = SettableClock(FIRST_MORNING)
    app = create_app(Settings(secret_key="0" * 32), engine, clock)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        keys = dict(create_demo_area(session, area, profile, clock.now(), name="Middlesbrough").keys)
    with TestClient(app) as http:
        run = ReplayRun(http, sessions, clock, area, keys)
        data = chronology()
        for meeting in data["meeting"]:
            held = as_json(meeting | {"area": area, "forum": "MARAC"})
            run.created("coordinator", "/v1/meetings", held)
        for step in data["step"]:
            since = run.clock.now()
            _pass_time(run, step["at"])
            reminders, meanwhile = _reminders_between(run, since, step["at"]), _decided_between(run, since, step["at"])
            reply = STEPS[step["act"]](run, step)
            yield step, StepReplies(reply.lines, reply.brief, reply.actions, reminders, meanwhile)


def _pass_time(run: ReplayRun, until: datetime) -> None:
    """Runs the worker's sweeps up to that instant and sets the clock."""
    now = run.clock.now()
    while now < until:
        now = min(now + SWEEP_EVERY, until)
        for sweep in SWEEPS:
            with run.sessions.begin() as session:
                scope_to_system(session)
                sweep(session, now)
    run.clock.set(until)


def _decided_between(run: ReplayRun, since: datetime, until: datetime) -> tuple[str, ...]:
    """Returns in words what the service decided by itself at the ends of clocks."""
    with run.sessions.begin() as session:
        scope_to_system(session)
        ids = decisions_between(session, run.area, since, until)
    run.unanswered.update(ids)
    made = (run.call("chair", "GET", f"/v1/decisions/{each}")[1] for each in ids)
    return tuple(wording.decided_by_itself(each) for each in made)


def _reminders_between(run: ReplayRun, since: datetime, until: datetime) -> Counter[str]:
    with run.sessions.begin() as session:
        scope_to_system(session)
        events = events_between(session, run.area, (*REMINDERS, *SILENCE), since, until)
    return Counter(_reminder(event) for event in events)


def _reminder(event: Event) -> str:
    """Returns the kind of message and who gets it: a danger call is one post's, a digest all posts' of the agency."""
    if event.type in SILENCE:
        return SILENCE[event.type]
    if event.type == EventType.REMINDER_DIGEST:
        return f"digest to {wording.agency(event.agencies[0].removeprefix(f'{event.area}-'))}"
    return f"danger call to {wording.recipients(json.loads(event.body)['data']['role'])}"
