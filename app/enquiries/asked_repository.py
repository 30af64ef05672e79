"""What is asked of a post to look up: its enquiries with an open question, the one whose clock ends first in front."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, rows_in_order
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class EnquiryToAnswer:
    """An enquiry, how many of its questions are open, and when the first of their clocks ends."""

    id: str
    case_id: str
    area: str
    role: Role
    agency: str | None
    questions: int
    late_from: datetime


def enquiries_to_answer(part: AskedPart) -> list[EnquiryToAnswer]:
    """Returns the enquiries that the desk has to answer: its own, and those of posts of its areas nobody fills."""
    desk, asked = part.desk, AskedEnquiry
    mine = [
        or_(asked.agency == desk.agency, and_(asked.agency.is_(None), asked.area.in_(desk.stands_in))),
        *([asked.role == desk.role] if desk.role is not None else []),
        *([asked.area == desk.area] if desk.area is not None else []),
    ]
    columns = (asked.id, asked.case_id, asked.area, asked.role, asked.agency)
    waiting = (
        select(*columns, func.count().label("questions"), func.min(AskedQuestion.due_at).label("until"))
        .join(AskedQuestion, AskedQuestion.enquiry_id == asked.id)
        .where(AskedQuestion.ended_at.is_(None), *mine)
        .group_by(*columns)
        .subquery()
    )
    by = OrderedBy(band_of(), waiting.c.until, waiting.c.id)
    return rows_in_order(part, select(waiting), by, EnquiryToAnswer)
