"""Tells the post that is asked: the event of a question asked or answered, and the reminders of the first clock."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.foundation.storage.transaction import Transaction
from app.outbox.service import URGENT, EventDraft, record_event
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, cancel_ladder, set_ladder
from app.vocabulary import EventType, Role, SubjectType

ASKED_OR_ANSWERED = "asked or answered since"


def first_due(items: Iterable[AskedQuestion]) -> datetime | None:
    """Returns the first clock of the open questions, or None when none is open."""
    return min((item.due_at for item in items if item.ended_at is None), default=None)


def remind_until(tx: Transaction, enquiry: AskedEnquiry, due_at: datetime | None) -> None:
    """Reminds of the enquiry by the ladder of this clock and no other; None ends its reminders."""
    cancel_ladder(tx.session, enquiry.id, ASKED_OR_ANSWERED, tx.now)
    if due_at is None:
        return
    enquiry.version += 1
    tx.session.flush()
    set_ladder(tx.session, _subject(tx.session, enquiry), Deadline(None, due_at), enquiry.version, tx.now)


def _subject(session: Session, enquiry: AskedEnquiry) -> ReminderSubject:
    nation = nation_of_area(session, enquiry.area)
    return ReminderSubject(
        SubjectType.ENQUIRY, enquiry.id, enquiry.case_id, enquiry.area, nation, enquiry.agency, enquiry.role
    )


def record_enquiry_event(tx: Transaction, kind: EventType, enquiry: AskedEnquiry, due_at: datetime | None) -> None:
    """Records the event in the commit of the change, for the agency that is asked; else for the co-ordinator."""
    receiver = enquiry.agency or agency_in_post(tx.session, enquiry.area, Role.MARAC_COORDINATOR)
    event = EventDraft(
        type=kind,
        subject_type=SubjectType.ENQUIRY,
        subject_id=enquiry.id,
        area=enquiry.area,
        agencies=(receiver,),
        case_id=enquiry.case_id,
        owner_agency=enquiry.agency,
        details={"owner_role": enquiry.role, "due": due_at},
        priority=URGENT,
    )
    record_event(tx.session, event, tx.now)
