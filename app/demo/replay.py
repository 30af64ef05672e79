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
from app.demo.repository import events_between
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.main import create_app
from app.outbox.models import Event
from app.ownership.proposals.expiry import expire_overdue
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import EventType

FIRST_MORNING = datetime(2018, 6, 1, 8, 0, tzinfo=UTC)
SWEEP_EVERY = timedelta(hours=4)
SILENCE = {
    EventType.LEAD_EXPIRED: "request to lead left without an answer in time",
    EventType.LEAD_ESCALATED: "escalation to the strategic lead",
}


@dataclass(frozen=True, slots=True)
class StepReplies:
    """What the service answered to one step under one policy, and the reminders since the step before."""

    lines: tuple[str, ...]
    brief: str
    reminders: Counter[str]


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
            reminders = _pass_time(run, step["at"])
            reply = STEPS[step["act"]](run, step)
            yield step, StepReplies(reply.lines, reply.brief, reminders)


def _pass_time(run: ReplayRun, until: datetime) -> Counter[str]:
    """Runs the worker's sweeps up to that instant and sets the clock.

    Returns how many reminders of each kind went out.
    """
    since = run.clock.now()
    now = since
    while now < until:
        now = min(now + SWEEP_EVERY, until)
        with run.sessions.begin() as session:
            scope_to_system(session)
            fire_due_reminders(session, now)
            expire_overdue(session, now)
    run.clock.set(until)
    return _reminders_between(run, since, until)


def _reminders_between(run: ReplayRun, since: datetime, until: datetime) -> Counter[str]:
    with run.sessions.begin() as session:
        scope_to_system(session)
        events = events_between(session, run.area, (EventType.REMINDER_DUE, *SILENCE), since, until)
    return Counter(_reminder(event) for event in events)


def _reminder(event: Event) -> str:
    if event.type != EventType.REMINDER_DUE:
        return SILENCE[event.type]
    return f"reminder to {wording.recipients(json.loads(event.body)['data']['tells'])}"
