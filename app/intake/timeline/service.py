"""Builds a case's timeline: everything across forums, the newest first, each item with who was told.

Source: DHR "Jean" 14.2.16: what each agency knew lay in its own system, and nobody saw the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.intake.timeline import repository
from app.intake.timeline.repository import Position, TimelineKey
from app.intake.timeline.sources import SOURCES
from app.intake.timeline.wording import TimelineWording
from app.outbox.models import Event
from app.routing.policy.duty_ids import EMERGENCY_MEETING


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened. `informed`: the agencies of its event, or None when the caller sees no event of it.

    `subjects` are the ids of what it is about.
    """

    id: str
    at: datetime
    kind: str
    what: str
    who: str
    forums: tuple[str, ...]
    informed: list[str] | None
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _PageEvents:
    """The events about a page's items. `subjects_of` names the subjects of items that have no event of their own."""

    by_instant: Mapping[datetime, list[Event]]
    subjects_of: Mapping[str, frozenset[str]]

    def agencies_informed(self, key: TimelineKey, wording: TimelineWording) -> list[str] | None:
        """Returns the agencies that were told of an item; None when no event is about it."""
        if wording.informed is not None:
            return sorted(wording.informed)
        subjects = {id_ for name in wording.subjects for id_ in self.subjects_of.get(name, {name})}
        # A change and its event share one commit and so one instant: that is what pairs them.
        events = [event for event in self.by_instant.get(key.at, ()) if event.subject_id in subjects]
        return sorted({agency for event in events for agency in event.agencies}) if events else None


def timeline_of(session: Session, case_id: str, after: Position | None, limit: int) -> list[TimelineItem]:
    """Returns the next `limit` items after a position, the newest first, as far as the caller may see their rows."""
    keys = repository.timeline_keys(session, case_id, after, limit)
    rows = repository.rows_of(session, keys)
    wordings = {key.id: SOURCES[key.kind].wording(rows[key.id]) for key in keys if key.id in rows}
    events = _page_events(session, case_id, keys, wordings)
    return [_item(key, wordings[key.id], events) for key in keys if key.id in wordings]


def _item(key: TimelineKey, wording: TimelineWording, events: _PageEvents) -> TimelineItem:
    return TimelineItem(
        id=key.id,
        at=key.at,
        kind=key.kind,
        what=wording.what,
        who=wording.who,
        forums=wording.forums,
        informed=events.agencies_informed(key, wording),
        subjects=frozenset({key.id, *wording.subjects}),
    )


def _page_events(
    session: Session, case_id: str, keys: Sequence[TimelineKey], wordings: Mapping[str, TimelineWording]
) -> _PageEvents:
    names = {name for wording in wordings.values() for name in wording.subjects}
    subjects_of = _subjects_without_events(session, case_id, names)
    ids = {id_ for name in names for id_ in subjects_of.get(name, {name})}
    return _PageEvents(repository.events_about(session, ids, {key.at for key in keys}), subjects_of)


def _subjects_without_events(session: Session, case_id: str, names: set[str]) -> dict[str, frozenset[str]]:
    """Returns the actions whose events tell of a research return (by request) or an emergency decision (by duty)."""
    requests = repository.actions_of_research(session, names)
    subjects = {request_id: frozenset({action_id}) for request_id, action_id in requests.items()}
    if EMERGENCY_MEETING in names:
        actions = repository.actions_of_duty(session, case_id, EMERGENCY_MEETING)
        subjects[EMERGENCY_MEETING] = actions
    return subjects
