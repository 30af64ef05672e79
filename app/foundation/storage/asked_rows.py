"""Reads a part of what is asked of a post in the order in which it is said: every room's query ends with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, DateTime, Select, SQLColumnExpression, case, cast, func, literal, tuple_
from sqlalchemy.orm import Session

from app.foundation.asked import BY_DATE, FALLEN_BACK, IN_DANGER, AskedSection, Desk, Place, bounds_of

AskedRow = TypeVar("AskedRow")
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of the order are read: after a place, `limit` at most, and of one section when it is given."""

    now: datetime
    limit: int
    section: AskedSection | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One part of what is asked: of whom, which rows of the order, and the number of the kind that a room gives."""

    session: Session
    desk: Desk
    window: Window
    kind: int


@dataclass(frozen=True, slots=True)
class OrderedBy:
    """The columns that say where a row stands in the order."""

    band: SQLColumnExpression[int]
    late_from: SQLColumnExpression[datetime]
    id: SQLColumnExpression[str]


def rows_in_order(part: AskedPart, query: Query, by: OrderedBy, made: Callable[..., AskedRow]) -> list[AskedRow]:
    """Returns what `made` makes of the columns of each row of this part, in order."""
    window = part.window
    query = query.where(*_in_section(window, by))
    if window.after is not None:
        query = query.where(tuple_(by.band, by.late_from, by.id, literal(part.kind)) > window.after)
    rows = part.session.execute(query.order_by(by.band, by.late_from, by.id).limit(window.limit))
    return [made(*row) for row in rows]


def _in_section(window: Window, by: OrderedBy) -> list[ColumnElement[bool]]:
    if window.section is None:
        return []
    bounds = bounds_of(window.section, window.now)
    conditions = [by.band == bounds.band]
    if bounds.after is not None:
        conditions.append(by.late_from > bounds.after)
    if bounds.until is not None:
        conditions.append(by.late_from <= bounds.until)
    return conditions


def band_of(danger: SQLColumnExpression[bool] | None = None, *, came_back: bool = False) -> ColumnElement[int]:
    """Returns the band of a row: `danger` says in which rows a life may hang on it."""
    other = literal(FALLEN_BACK if came_back else BY_DATE)
    return case((danger, literal(IN_DANGER)), else_=other) if danger is not None else other


def end_of_london_day(on: SQLColumnExpression[date] | SQLColumnExpression[date | None]) -> ColumnElement[datetime]:
    """Returns the instant from which something that is due on a date is late."""
    return func.timezone("Europe/London", cast(on + 1, DateTime(timezone=False)), type_=DateTime(timezone=True))
