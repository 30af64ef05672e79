"""A case's timeline: everything across forums, the newest first, each item with who was told.

Source: DHR "Jean" 14.2.16: what each agency knew lay in its own system, and nobody saw the whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.foundation.web.schema import Instant, Shown
from app.intake.timeline.sources import SOURCES, TimelineSource
from app.intake.timeline.wording import EMERGENCY_DUTY, TimelineWording
from app.meetings.record_models import ResearchRequest
from app.outbox.models import Event

SUBJECTS = ("action", "case", "need", "proposal", "referral", "transfer")


class TimelineItem(Shown):
    """Something that happened. `told`: the agencies of its event; null when no event that you may see tells of it."""

    id: str
    at: Instant
    kind: str
    what: str
    who: str
    forums: list[str]
    told: list[str] | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in the timeline."""

    at: datetime
    id: str
    kind: str


def timeline_of(
    session: Session, case_id: str, after: tuple[datetime, str] | None, limit: int
) -> list[TimelineItem]:
    """The next `limit` items after a position, the newest first, as far as the caller's rows show them."""
    places = _places(session, case_id, after, limit)
    rows = _rows(session, places)
    said = {place.id: SOURCES[place.kind].say(rows[place.id]) for place in places if place.id in rows}
    telling = _telling(session, case_id, places, said)
    return [
        TimelineItem(
            id=place.id,
            at=place.at,
            kind=place.kind,
            what=said[place.id].what,
            who=said[place.id].who,
            forums=list(said[place.id].forums),
            told=telling.told(place, said[place.id]),
        )
        for place in places
        if place.id in said
    ]


def _places(
    session: Session, case_id: str, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Place]:
    """One query over every source; each gives no more than a page, so that a long case stays quick."""
    parts = [
        select(part.c.kind, part.c.at, part.c.id)
        for part in (_part(kind, source, case_id, after, limit) for kind, source in SOURCES.items())
    ]
    everything = union_all(*parts).subquery()
    ordered = (
        select(everything.c.kind, everything.c.at, everything.c.id)
        .order_by(everything.c.at.desc(), everything.c.id.collate("C").desc())
        .limit(limit)
    )
    return [Place(at, item_id, kind) for kind, at, item_id in session.execute(ordered)]


def _part(
    kind: str, source: TimelineSource, case_id: str, after: tuple[datetime, str] | None, limit: int
) -> Subquery:
    query: Select[str, datetime, str] = (
        select(literal(kind).label("kind"), source.at.label("at"), source.id.label("id"))
        .where(source.of_case(case_id))
        .order_by(source.at.desc(), source.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(source.at, source.id) < tuple_(*map(literal, after)))
    return query.subquery()


def _rows(session: Session, places: Sequence[Place]) -> dict[str, Any]:
    """Each item's row, read once for each kind on the page."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for place in places:
        by_kind[place.kind].append(place.id)
    found: dict[str, Any] = {}
    for kind, ids in by_kind.items():
        model = SOURCES[kind].model
        rows = session.scalars(select(model).where(model.__table__.c.id.in_(ids)))
        found |= {row.__dict__["id"]: row for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class _Telling:
    """The events that told of a page's items, and for which subject each item that has none of its own stands."""

    events: Mapping[datetime, list[Event]]
    stands_for: Mapping[str, frozenset[str]]

    def told(self, place: Place, words: TimelineWording) -> list[str] | None:
        """A change and what was told of it share one commit, and so one instant."""
        if words.told is not None:
            return sorted(words.told)
        subjects = {name for subject in words.told_by for name in self.stands_for.get(subject, {subject})}
        telling = [event for event in self.events.get(place.at, ()) if event.subject_id in subjects]
        return sorted({agency for event in telling for agency in event.agencies}) if telling else None


def _telling(
    session: Session, case_id: str, places: Sequence[Place], said: Mapping[str, TimelineWording]
) -> _Telling:
    subjects = {subject for words in said.values() for subject in words.told_by}
    stands_for = _stand_ins(session, case_id, subjects)
    named = {name for subject in subjects for name in stands_for.get(subject, {subject})}
    rows = session.scalars(
        select(Event)
        .where(
            Event.subject_type.in_(SUBJECTS),
            Event.subject_id.in_(named),
            Event.occurred_at.in_({place.at for place in places}),
        )
        .order_by(Event.number)
    )
    events: dict[datetime, list[Event]] = defaultdict(list)
    for row in rows:
        events[row.occurred_at].append(row)
    return _Telling(events, stands_for)


def _stand_ins(session: Session, case_id: str, subjects: set[str]) -> dict[str, frozenset[str]]:
    """A research return is told of by the action it answers, an emergency answer by the duty it fulfils."""
    answered = session.execute(
        select(ResearchRequest.id, ResearchRequest.action_id).where(ResearchRequest.id.in_(subjects))
    )
    stands_for = {request_id: frozenset({action_id}) for request_id, action_id in answered}
    if EMERGENCY_DUTY in subjects:
        duties = session.scalars(
            select(Action.id).where(Action.case_id == case_id, Action.duty == EMERGENCY_DUTY)
        )
        stands_for[EMERGENCY_DUTY] = frozenset(duties)
    return stands_for
