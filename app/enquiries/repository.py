"""Every query of enquiries, except of those whose clock ends (`clock_repository`)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.enquiries.models import AskedEnquiry, AskedQuestion

_IN_ORDER = (AskedQuestion.asked_at, AskedQuestion.place, AskedQuestion.id)
# Read anew after the case was locked: what was loaded before the wait may have changed since.
_AS_STORED = {"populate_existing": True}


def enquiry_by_id(session: Session, enquiry_id: str) -> AskedEnquiry | None:
    return session.scalar(select(AskedEnquiry).where(AskedEnquiry.id == enquiry_id))


def enquiries_of_case(session: Session, case_id: str) -> Sequence[AskedEnquiry]:
    """Returns the enquiries of a case as they are stored now, the oldest first."""
    query = select(AskedEnquiry).where(AskedEnquiry.case_id == case_id).order_by(AskedEnquiry.asked_at, AskedEnquiry.id)
    return session.scalars(query.execution_options(**_AS_STORED)).all()


@dataclass(frozen=True, slots=True)
class EnquiryFilter:
    """Which enquiries to list. None means "any".

    `agency` is the one that is to answer; `has_open` is whether a question is still open.
    """

    case_id: str | None = None
    agency: str | None = None
    has_open: bool | None = None


def list_enquiries(
    session: Session, wanted: EnquiryFilter, after: tuple[datetime, str] | None, limit: int
) -> Sequence[AskedEnquiry]:
    """Returns the next `limit` enquiries after a position, the oldest first."""
    query = select(AskedEnquiry).order_by(AskedEnquiry.asked_at, AskedEnquiry.id).limit(limit)
    if wanted.case_id is not None:
        query = query.where(AskedEnquiry.case_id == wanted.case_id)
    if wanted.agency is not None:
        query = query.where(AskedEnquiry.agency == wanted.agency)
    if wanted.has_open is not None:
        waiting = select(AskedQuestion.id).where(
            AskedQuestion.enquiry_id == AskedEnquiry.id, AskedQuestion.ended_at.is_(None)
        )
        query = query.where(waiting.exists() if wanted.has_open else ~waiting.exists())
    if after is not None:
        query = query.where(tuple_(AskedEnquiry.asked_at, AskedEnquiry.id) > after)
    return session.scalars(query).all()


def items_of(session: Session, enquiry_ids: Collection[str]) -> Sequence[AskedQuestion]:
    """Returns the questions in the order in which they are asked, ended ones among them."""
    query = select(AskedQuestion).where(AskedQuestion.enquiry_id.in_(enquiry_ids)).order_by(*_IN_ORDER)
    return session.scalars(query.execution_options(**_AS_STORED)).all()


def items_of_case(session: Session, case_id: str) -> Sequence[AskedQuestion]:
    """Returns every question about a case as it is stored now, in the order in which they were asked."""
    query = select(AskedQuestion).where(AskedQuestion.case_id == case_id).order_by(*_IN_ORDER)
    return session.scalars(query.execution_options(**_AS_STORED)).all()


def answered_items(session: Session, case_id: str) -> Sequence[AskedQuestion]:
    """Returns the answered questions of a case, the newest answer last."""
    query = select(AskedQuestion).where(AskedQuestion.case_id == case_id, AskedQuestion.value.is_not(None))
    return session.scalars(query.order_by(AskedQuestion.ended_at, AskedQuestion.id)).all()
