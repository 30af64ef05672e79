"""What partner systems are told of a case at a meeting."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.outbox.service import News, record_event
from app.referrals.models import Case
from app.vocabulary import EventType, Forum, Role


def tell(session: Session, kind: EventType, case: Case, forum: Forum, now: datetime) -> None:
    """The case's agencies, the co-ordinator and the chair are told in this commit."""
    told = [agency_in_post(session, case.area, role) for role in (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)]
    news = News(
        type=kind,
        subject_type="case",
        subject_id=case.id,
        area=case.area,
        agencies=(*case.agencies, *told),
        case_id=case.id,
        forums=(forum,),
        details={"forum": forum},
    )
    record_event(session, news, now)
