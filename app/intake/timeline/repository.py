"""The queries of the timeline. Row security decides which rows the caller sees."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.intake.timeline.sources import SOURCES, TimelineSource
from app.meetings.record_models import ResearchRequest
from app.outbox.models import Event

SUBJECT_TYPES = ("action", "case", "enquiry", "need", "proposal", "referral", "transfer")
Position = tuple[datetime, str]  # the instant and the id of an item


@dataclass(frozen=True, slots=True)
class TimelineKey:
    """The place of one item in the timeline, and which kind of row it is."""

    at: datetime
    id: str
    kind: str


def timeline_keys(session: Session, case_id: str, after: Position | None, limit: int) -> Sequence[TimelineKey]:
    """Returns the next `limit` items after a position, the newest first."""
    # Each source gives at most one page, so that the union of a long case stays small.
    parts = [
        select(part.c.kind, part.c.at, part.c.id)
        for part in (_page_of(kind, source, case_id, after, limit) for kind, source in SOURCES.items())
    ]
    everything = union_all(*parts).subquery()
    ordered = (
        select(everything.c.kind, everything.c.at, everything.c.id)
        .order_by(everything.c.at.desc(), everything.c.id.collate("C").desc())
        .limit(limit)
    )
    return [TimelineKey(at, item_id, kind) for kind, at, item_id in session.execute(ordered)]


def _page_of(kind: str, source: TimelineSource, case_id: str, after: Position | None, limit: int) -> Subquery:
    query: Select[str, datetime, str] = (
        # Keys only: the rows are read for the page alone, once it is known which they are.
        select(literal(kind).label("kind"), source.at.label("at"), source.id.label("id"))
        .where(source.of_case(case_id))
        .order_by(source.at.desc(), source.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(source.at, source.id) < tuple_(*map(literal, after)))
    return query.subquery()


def rows_of(session: Session, keys: Sequence[TimelineKey]) -> dict[str, Any]:
    """Returns the row of each item by id, with one query for each kind on the page."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.id)
    found: dict[str, Any] = {}
    for kind, ids in by_kind.items():
        model = SOURCES[kind].model
        rows = session.scalars(select(model).where(model.__table__.c.id.in_(ids)))
        found |= {row.__dict__["id"]: row for row in rows}
    return found


def events_about(
    session: Session, subject_ids: Collection[str], instants: Collection[datetime]
) -> Mapping[datetime, list[Event]]:
    """Returns the events about these subjects at these instants, by instant, in the order of recording."""
    rows = session.scalars(
        select(Event)
        .where(
            Event.subject_type.in_(SUBJECT_TYPES),
            Event.subject_id.in_(subject_ids),
            Event.occurred_at.in_(instants),
        )
        .order_by(Event.number)
    )
    events: dict[datetime, list[Event]] = defaultdict(list)
    for row in rows:
        events[row.occurred_at].append(row)
    return events


def actions_of_research(session: Session, request_ids: Collection[str]) -> dict[str, str]:
    """Returns the action that each of these research requests is, by request."""
    found = session.execute(
        select(ResearchRequest.id, ResearchRequest.action_id).where(ResearchRequest.id.in_(request_ids))
    )
    return {request_id: action_id for request_id, action_id in found}  # noqa: C416 - a Row is no tuple to mypy


def actions_of_duty(session: Session, case_id: str, duty: str) -> frozenset[str]:
    """Returns the ids of the case's actions for a duty, finished or not."""
    return frozenset(session.scalars(select(Action.id).where(Action.case_id == case_id, Action.duty == duty)))
