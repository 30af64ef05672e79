"""Tells the post that is asked: the event of a question asked or answered, and the reminders of the first clock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.enquiries.models import AskedEnquiry, AskedQuestion
from app.enquiries.vocabulary import QuestionEnd
from app.foundation.storage.transaction import Transaction
from app.outbox.service import URGENT, EventDraft, record_event
from app.reminders.deadline import Deadline
from app.reminders.hand_over import hand_over_ladder
from app.reminders.service import ReminderSubject, cancel_ladder, set_ladder, set_ladder_above_owner
from app.vocabulary import EventType, Role, SubjectType

ASKED_OR_ANSWERED = "asked or answered since"


class EnquiryClock(NamedTuple):
    """When the first clock of an enquiry ends, which agency answers, and whether it is still asked anything."""

    due_at: datetime | None
    agency: str | None
    asks: bool


def is_waited_for(item: AskedQuestion) -> bool:
    """Returns whether the clock of the question still counts: it is asked, or nobody can find it out."""
    return item.ended_at is None or (item.ended is QuestionEnd.CANNOT_FIND_OUT and item.moot_at is None)


def first_due(items: Iterable[AskedQuestion]) -> datetime | None:
    """Returns the first clock of the questions that are waited for, or None when none is."""
    return min((item.due_at for item in items if is_waited_for(item)), default=None)


def clock_of(enquiry: AskedEnquiry, items: Sequence[AskedQuestion]) -> EnquiryClock:
    """Returns the clock that the reminders of the enquiry follow."""
    return EnquiryClock(first_due(items), enquiry.agency, asks=any(item.ended_at is None for item in items))


def remind_until(tx: Transaction, enquiry: AskedEnquiry, clock: EnquiryClock) -> None:
    """Reminds of the enquiry by the ladder of this clock and no other; without a clock its reminders end.

    A post that has said that it cannot find out is not reminded any more: only those above it are told.
    """
    cancel_ladder(tx.session, enquiry.id, ASKED_OR_ANSWERED, tx.now)
    if clock.due_at is None:
        return
    enquiry.version += 1
    tx.session.flush()
    remind = set_ladder if clock.asks else set_ladder_above_owner
    remind(tx.session, _subject(tx.session, enquiry), Deadline(None, clock.due_at), enquiry.version, tx.now)


def hand_over_enquiry(tx: Transaction, enquiry: AskedEnquiry, clock: EnquiryClock) -> None:
    """Gives the reminders of a running clock to the agency that answers for the post now."""
    if clock.due_at is None:
        return
    enquiry.version += 1
    tx.session.flush()
    deadline = Deadline(None, clock.due_at)
    hand_over_ladder(tx.session, _subject(tx.session, enquiry), deadline, enquiry.version, tx.now)


def _subject(session: Session, enquiry: AskedEnquiry) -> ReminderSubject:
    nation = nation_of_area(session, enquiry.area)
    return ReminderSubject(
        SubjectType.ENQUIRY, enquiry.id, enquiry.case_id, enquiry.area, nation, enquiry.agency, enquiry.role
    )


def record_enquiry_event(tx: Transaction, kind: EventType, enquiry: AskedEnquiry, due_at: datetime | None) -> None:
    """Records the event in the commit of the change, for the agency that is asked; else for the co-ordinator."""
    receiver = enquiry.agency or agency_in_post(tx.session, enquiry.area, Role.MARAC_COORDINATOR)
    asked = enquiry.role if enquiry.agency else Role.MARAC_COORDINATOR
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
        asked_roles=(asked,) if kind is EventType.ENQUIRY_ASKED else (),
    )
    record_event(tx.session, event, tx.now)
