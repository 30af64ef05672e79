"""The review of the death of "Jean", replayed through the API by date under two policies.

The chronology is data (`jean.toml`); this plays it, with the clock set to each moment and the worker's sweeps run
in between, and keeps what the service said.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from fastapi.testclient import TestClient
from sqlalchemy import Engine, select

from app.access.service import scope_to_system
from app.demo import wording
from app.demo.acts import ACTS, as_json
from app.demo.directory import furnish
from app.demo.narrative import Body, Narrative
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
    """What the service said at one step under one policy, and what went out since the step before."""

    lines: tuple[str, ...]
    brief: str
    reminders: Counter[str]


def chronology() -> Body:
    """The review's dates as data."""
    return tomllib.loads(files("app.demo").joinpath("jean.toml").read_text(encoding="utf-8"))


def tell(engine: Engine, profile: str, area: str) -> Iterator[tuple[Body, StepReplies]]:
    """Each step of the chronology with what the service said to it under this profile."""
    clock = SettableClock(FIRST_MORNING)
    app = create_app(Settings(secret_key="0" * 32), engine, clock)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        keys = dict(furnish(session, area, profile, clock.now(), name="Middlesbrough").keys)
    with TestClient(app) as http:
        story = Narrative(http, sessions, clock, area, keys)
        data = chronology()
        for meeting in data["meeting"]:
            held = as_json(meeting | {"area": area, "forum": "MARAC"})
            story.created("coordinator", "/v1/meetings", held)
        for step in data["step"]:
            reminders = _pass_time(story, step["at"])
            said = ACTS[step["act"]](story, step)
            yield step, StepReplies(said.lines, said.brief, reminders)


def _pass_time(story: Narrative, until: datetime) -> Counter[str]:
    """The worker's sweeps up to that moment have run; what reminded whom is counted."""
    since = story.clock.now()
    now = since
    while now < until:
        now = min(now + SWEEP_EVERY, until)
        with story.sessions.begin() as session:
            scope_to_system(session)
            fire_due_reminders(session, now)
            expire_overdue(session, now)
    story.clock.set(until)
    return _reminders_between(story, since, until)


def _reminders_between(story: Narrative, since: datetime, until: datetime) -> Counter[str]:
    with story.sessions.begin() as session:
        scope_to_system(session)
        events = session.scalars(
            select(Event).where(
                Event.area == story.area,
                Event.type.in_((EventType.REMINDER_DUE, *SILENCE)),
                Event.occurred_at > since,
                Event.occurred_at <= until,
            )
        ).all()
    return Counter(_reminder(event) for event in events)


def _reminder(event: Event) -> str:
    if event.type != EventType.REMINDER_DUE:
        return SILENCE[EventType(event.type)]
    return f"reminder to {wording.said_to(json.loads(event.body)['data']['tells'])}"
