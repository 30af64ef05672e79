"""Records events about a case at a meeting and about a meeting, for partner systems."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from app.access.repository import agency_in_post
from app.foundation.storage.transaction import Transaction
from app.meetings.models import Meeting
from app.outbox.service import EventDraft, record_event
from app.referrals.models import Case
from app.vocabulary import EventType, Forum, Role, SubjectType

EventDetail = str | int | bool | date | datetime | None
NO_DETAILS: Final[Mapping[str, EventDetail]] = MappingProxyType({})
_POSTS_INFORMED: Final = (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)


def record_case_event(
    tx: Transaction,
    kind: EventType,
    case: Case,
    forum: Forum,
    details: Mapping[str, EventDetail] = NO_DETAILS,
) -> None:
    """Records the event for the case's agencies, the co-ordinator and the chair, in this transaction."""
    draft = EventDraft(
        type=kind,
        subject_type=SubjectType.CASE,
        subject_id=case.id,
        area=case.area,
        agencies=(*case.agencies, *_posts_informed(tx, case.area)),
        case_id=case.id,
        forums=(forum,),
        details={"forum": forum, **details},
    )
    record_event(tx.session, draft, tx.now)


def record_meeting_event(tx: Transaction, kind: EventType, meeting: Meeting, participants: Collection[str]) -> None:
    """Records the event for the agencies that took part, the co-ordinator and the chair, in this transaction."""
    draft = EventDraft(
        type=kind,
        subject_type=SubjectType.MEETING,
        subject_id=meeting.id,
        area=meeting.area,
        agencies=(*participants, *_posts_informed(tx, meeting.area)),
        forums=(meeting.forum,),
        details={"forum": meeting.forum, "held_on": meeting.held_on},
    )
    record_event(tx.session, draft, tx.now)


def _posts_informed(tx: Transaction, area: str) -> list[str | None]:
    """Returns the agencies in the posts that hear of every event; None where nobody fills the post."""
    return [agency_in_post(tx.session, area, role) for role in _POSTS_INFORMED]
