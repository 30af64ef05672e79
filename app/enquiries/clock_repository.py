"""The queries about questions whose clock has ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, any_, func, literal, or_, select, update
from sqlalchemy.orm import Session

from app.enquiries.models import AskedQuestion
from app.enquiries.vocabulary import MARAC, QuestionEnd

TRIED_AGAIN_AFTER = timedelta(minutes=1)


def _decides_marac_unanswered() -> tuple[ColumnElement[bool], ...]:
    """Decides MARAC and has no answer: it is still asked, or nobody can find it out."""
    return (
        literal(MARAC) == any_(AskedQuestion.decides),
        AskedQuestion.value.is_(None),
        or_(AskedQuestion.ended.is_(None), AskedQuestion.ended == QuestionEnd.CANNOT_FIND_OUT),
    )


def cases_with_ended_clock(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Returns the cases in which the clock of a question that decides MARAC has ended and no decision has followed.

    The longest waiting comes first. One whose decision has just failed waits a minute, so that it holds up no other.
    """
    rested = or_(AskedQuestion.tried_at.is_(None), AskedQuestion.tried_at <= now - TRIED_AGAIN_AFTER)
    ended = (*_decides_marac_unanswered(), AskedQuestion.lapsed_at.is_(None), AskedQuestion.due_at <= now)
    query = select(AskedQuestion.case_id).where(*ended, rested).group_by(AskedQuestion.case_id)
    return session.scalars(query.order_by(func.min(AskedQuestion.due_at), AskedQuestion.case_id).limit(limit)).all()


def unanswered_in_time(session: Session, case_id: str) -> Sequence[AskedQuestion]:
    """Returns the questions that decide MARAC, the end of whose clock was decided on, and that still have no answer."""
    query = select(AskedQuestion).where(
        AskedQuestion.case_id == case_id, AskedQuestion.lapsed_at.is_not(None), *_decides_marac_unanswered()
    )
    return session.scalars(query.order_by(AskedQuestion.due_at, AskedQuestion.id)).all()


def lapsing_items(session: Session, case_id: str, now: datetime) -> Sequence[AskedQuestion]:
    """Returns the questions that decide MARAC whose clock has ended and was not decided on yet, as stored now."""
    query = select(AskedQuestion).where(
        AskedQuestion.case_id == case_id,
        AskedQuestion.lapsed_at.is_(None),
        AskedQuestion.due_at <= now,
        *_decides_marac_unanswered(),
    )
    in_order = query.order_by(AskedQuestion.due_at, AskedQuestion.id)
    return session.scalars(in_order.execution_options(populate_existing=True)).all()


def mark_tried(session: Session, case_id: str, now: datetime) -> None:
    """Notes on the case's questions whose clock has ended that deciding on it has just failed."""
    session.execute(
        update(AskedQuestion)
        .where(AskedQuestion.case_id == case_id, AskedQuestion.lapsed_at.is_(None), AskedQuestion.due_at <= now)
        .values(tried_at=now)
    )
