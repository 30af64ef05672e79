"""Spans of accepted ownership: begun, handed over at one instant, closed. The only code that writes them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.ownership import repository
from app.ownership.models import Need, Ownership
from app.referrals.models import Case
from app.vocabulary import NeedKind


@dataclass(frozen=True, slots=True)
class Takeover:
    """Who has taken a need, in which post, by whose word, and which proposal asked; intake's holder was not asked."""

    forum: str
    role: str
    agency: str
    by: str
    proposal_id: str | None = None


def open_need(
    session: Session,
    cases: list[Case],
    kind: NeedKind,
    subject: str,
    area: str,
    taken: Takeover,
    now: datetime,
) -> Need:
    """The one open need of this kind and subject serves these cases. A new one is owned from its first instant (I0)."""
    row = {
        "id": new_id("need"),
        "kind": kind,
        "subject_ref": subject,
        "area": area,
        "agencies": sorted({taken.agency, *(agency for case in cases for agency in case.agencies)}),
        "opened_at": now,
    }
    need, is_new = repository.open_need(session, row)
    for case in cases:
        repository.link_need_to_case(session, case.id, need.id)
    if is_new:
        begin_span(session, need, taken, now)
    return need


def begin_span(session: Session, need: Need, taken: Takeover, now: datetime) -> Ownership:
    """The need is owned from `now`."""
    span = Ownership(
        id=new_id("own"),
        need_number=need.number,
        area=need.area,
        agencies=sorted({*need.agencies, taken.agency}),
        during=Range(now, None, bounds="[)"),
        forum=taken.forum,
        role=taken.role,
        agency=taken.agency,
        proposal_id=taken.proposal_id,
        accepted_by=taken.by,
    )
    session.add(span)
    session.flush()
    return span


def close_span(session: Session, span: Ownership, now: datetime) -> datetime:
    """The instant at which the span ended: `now`, or its beginning when another process's clock runs ahead of ours."""
    began = span.during.lower
    ends = max(now, began) if began else now
    span.during = Range(began, ends, bounds="[)")
    session.flush()
    return ends


def hand_over(session: Session, need: Need, owner: Ownership, taken: Takeover, now: datetime) -> None:
    """One span ends and the next begins at the same instant: at no instant is there no owner, or two (I2)."""
    ends = close_span(session, owner, now)
    need.agencies = sorted({*need.agencies, taken.agency})
    begin_span(session, need, taken, ends)
