"""Spans of accepted ownership: begun, handed over at one instant, closed. The only code that writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.ownership import repository
from app.ownership.models import Need, Ownership
from app.ownership.waiting_endings import withdraw_waiting_ending
from app.referrals.models import Case
from app.vocabulary import NeedKind

# What PostgreSQL tells apart.
SHORTEST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class NeedSubject:
    """Which need: its kind, the person it is about by pseudonym, and the area that answers for it."""

    kind: NeedKind
    ref: str
    area: str


@dataclass(frozen=True, slots=True)
class NewOwner:
    """The forum, role and agency that own a need from now, and who accepted. At intake no proposal asked them."""

    forum: str
    role: str
    agency: str
    accepted_by: str
    proposal_id: str | None = None


def open_need(session: Session, subject: NeedSubject, cases: Sequence[Case], owner: NewOwner, now: datetime) -> Need:
    """Finds or opens the need of this subject, links it to the cases, and returns it.

    A new one is owned from its first instant (I0).
    """
    row = {
        "id": new_id("need"),
        "kind": subject.kind,
        "subject_ref": subject.ref,
        "area": subject.area,
        "agencies": sorted({owner.agency, *(agency for case in cases for agency in case.agencies)}),
        "opened_at": now,
    }
    need, is_new = repository.insert_need_unless_open(session, row)
    for case in cases:
        repository.link_need_to_case(session, case.id, need.id)
    if is_new:
        begin_span(session, need, owner, now)
    return need


def begin_span(session: Session, need: Need, owner: NewOwner, now: datetime) -> Ownership:
    """Records that the need is owned from `now`, without an end."""
    span = Ownership(
        id=new_id("own"),
        need_number=need.number,
        area=need.area,
        agencies=sorted({*need.agencies, owner.agency}),
        during=Range(now, None, bounds="[)"),
        forum=owner.forum,
        role=owner.role,
        agency=owner.agency,
        proposal_id=owner.proposal_id,
        accepted_by=owner.accepted_by,
    )
    session.add(span)
    session.flush()
    return span


def close_span(session: Session, span: Ownership, now: datetime) -> datetime:
    """Ends the span at `now`, or right after its beginning when that is not past: a span is never empty.

    Returns the instant. Two acts may have one instant, and another process's clock may run ahead of ours.
    """
    began = span.during.lower
    ends = max(now, began + SHORTEST) if began else now
    span.during = Range(began, ends, bounds="[)")
    # PostgreSQL checks the periods of a need against each other row by row: the end must be stored before
    # the next begins.
    session.flush()
    return ends


def hand_over(session: Session, need: Need, present: Ownership, owner: NewOwner, now: datetime) -> datetime:
    """Ends one span and begins the next at the same instant: at no instant is there no owner, or two (I2).

    What the earlier owner's chair said of its end is withdrawn: the new owner's chair speaks for it now. Returns the
    instant.
    """
    ends = close_span(session, present, now)
    why = f"{owner.forum} owns this need now; its chair may say anew that it ends"
    withdraw_waiting_ending(session, need.id, why, owner.accepted_by, now)
    need.agencies = sorted({*need.agencies, owner.agency})
    begin_span(session, need, owner, ends)
    return ends
