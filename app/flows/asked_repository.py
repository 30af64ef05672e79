"""What is asked of a post about releases: a named person is to say that they received them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.flows.models import FlowRelease
from app.flows.vocabulary import FlowSide, ReleaseForm
from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, end_of_london_day, rows_in_order
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class ReleaseToReceive:
    """Something that was released to this post and that no named person has received yet."""

    id: str
    flow: str
    form: ReleaseForm
    case_id: str | None
    area: str
    role: Role
    agency: str
    danger: bool
    due_on: date | None
    due_at: datetime | None
    late_from: datetime


def releases_to_receive(part: AskedPart, kept_from: Collection[FlowSide]) -> list[ReleaseToReceive]:
    """Returns what the desk has not received yet, without the sides that are kept from it."""
    desk, made = part.desk, FlowRelease
    late_from = func.coalesce(made.due_at, end_of_london_day(made.due_on))
    query = select(
        made.id,
        made.flow,
        made.form,
        made.to_case_id,
        made.area,
        made.role,
        made.agency,
        made.danger,
        made.due_on,
        made.due_at,
        late_from,
    ).where(
        made.agency == desk.agency,
        made.received_at.is_(None),
        made.misdirected_at.is_(None),
        made.side.not_in(kept_from),
        *([made.role == desk.role] if desk.role is not None else []),
        *([made.area == desk.area] if desk.area is not None else []),
    )
    return rows_in_order(part, query, OrderedBy(band_of(made.danger), late_from, made.id), ReleaseToReceive)
