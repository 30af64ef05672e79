"""What partner systems are told of a case at a meeting, and of a meeting."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.meetings.models import Meeting
from app.outbox.service import EventDraft, record_event
from app.referrals.models import Case
from app.vocabulary import EventType, Forum, Role

Told = str | int | bool | date | datetime | None
NOTHING_MORE: Final[Mapping[str, Told]] = MappingProxyType({})
_POSTS: Final = (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)


def tell(
    session: Session,
    kind: EventType,
    case: Case,
    forum: Forum,
    now: datetime,
    details: Mapping[str, Told] = NOTHING_MORE,
) -> None:
    """The case's agencies, the co-ordinator and the chair are told in this commit."""
    posts = [agency_in_post(session, case.area, role) for role in _POSTS]
    news = EventDraft(
        type=kind,
        subject_type="case",
        subject_id=case.id,
        area=case.area,
        agencies=(*case.agencies, *posts),
        case_id=case.id,
        forums=(forum,),
        details={"forum": forum, **details},
    )
    record_event(session, news, now)


def tell_of_meeting(
    session: Session, kind: EventType, meeting: Meeting, told: Collection[str], now: datetime
) -> None:
    """Everyone who took part, the co-ordinator and the chair are told in this commit."""
    posts = [agency_in_post(session, meeting.area, role) for role in _POSTS]
    news = EventDraft(
        type=kind,
        subject_type="meeting",
        subject_id=meeting.id,
        area=meeting.area,
        agencies=(*told, *posts),
        forums=(meeting.forum,),
        details={"forum": meeting.forum, "held_on": meeting.held_on},
    )
    record_event(session, news, now)
