"""The events of a transfer between areas."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership.models import Transfer
from app.vocabulary import EventType, Forum, NeedKind, Role, SubjectType


def record_transfer_event(session: Session, kind: EventType, transfer: Transfer, now: datetime) -> None:
    """Records the event for both areas' co-ordinators and chairs, and for everyone on the case that moves."""
    posts = [
        agency_in_post(session, area, role)
        for area in (transfer.area, transfer.to_area)
        for role in (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)
    ]
    event = EventDraft(
        type=kind,
        subject_type=SubjectType.TRANSFER,
        subject_id=transfer.id,
        area=transfer.area,
        agencies=(*transfer.agencies, *posts),
        case_id=transfer.case_id,
        forums=(Forum.MARAC,),
        owner_agency=transfer.receiver_agency,
        details={
            "need_id": transfer.need_id,
            "need": NeedKind.VICTIM_SAFETY,
            "state": transfer.state,
            "answer_by": transfer.answer_by,
        },
        priority=URGENT,
    )
    record_event(session, event, now)
