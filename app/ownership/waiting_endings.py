"""An ending that waits: the post that confirms is told and reminded of it until it is answered or does not stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership import ending_repository
from app.ownership.models import AskedEnding
from app.reminders.deadline import Deadline
from app.reminders.hand_over import hand_over_ladder
from app.reminders.service import ReminderSubject, cancel_ladder, set_ladder
from app.vocabulary import EventType, ProposalState, Role, SubjectType


@dataclass(frozen=True, slots=True)
class EndingAnswer:
    """How an ending is answered: the state that it brings, the words on record, and who says them."""

    state: ProposalState
    note: str
    by: str


def ask_post(session: Session, asked: AskedEnding, now: datetime) -> None:
    """Tells the post that is asked to confirm, and sets its reminders until the ending is answered."""
    set_ladder(session, _watched(session, asked), _answer_by(asked), asked.version, now)
    _record_ending_event(session, EventType.ENDING_ASKED, asked, now)


def ask_other_post(session: Session, asked: AskedEnding, role: Role, agency: str, now: datetime) -> None:
    """Asks another post in place of the one before. The time to answer runs on, and so do the reminders."""
    asked.role, asked.agency, asked.version = role, agency, asked.version + 1
    asked.agencies = sorted({*asked.agencies, agency})
    session.flush()
    hand_over_ladder(session, _watched(session, asked), _answer_by(asked), asked.version, now)
    _record_ending_event(session, EventType.ENDING_ASKED, asked, now)


def record_answer(session: Session, asked: AskedEnding, answer: EndingAnswer, now: datetime) -> None:
    """Notes how it was answered and ends its reminders. Whoever said so and whoever was asked hear that it goes on.

    Of a need that has ended its own event tells.
    """
    asked.state, asked.answer, asked.answered_by, asked.answered_at = answer.state, answer.note, answer.by, now
    session.flush()
    cancel_ladder(session, asked.id, answer.state.lower(), now)
    if answer.state != ProposalState.ACCEPTED:
        _record_ending_event(session, EventType.ENDING_ANSWERED, asked, now)


def withdraw_waiting_ending(session: Session, need_id: str, why: str, by: str, at: datetime) -> None:
    """Withdraws the ending of the need that waits to be confirmed, if there is one. Lock the need first."""
    asked = ending_repository.waiting_ending(session, need_id)
    if asked is not None:
        # Stored before another one waits in its place.
        record_answer(session, asked, EndingAnswer(ProposalState.WITHDRAWN, why, by), at)


def _record_ending_event(session: Session, kind: EventType, asked: AskedEnding, now: datetime) -> None:
    """Records the event without whose need it is and why: every system of the agency gets it, whatever its side."""
    asks = kind is EventType.ENDING_ASKED
    event = EventDraft(
        type=kind,
        subject_type=SubjectType.ENDING,
        subject_id=asked.id,
        area=asked.area,
        agencies=(asked.agency,) if asks else (asked.agency, asked.asked_by.partition("/")[0]),
        case_id=asked.case_id,
        owner_agency=asked.agency,
        details={"state": asked.state, "answer_by": asked.answer_by},
        priority=URGENT,
        asked_roles=(asked.role,) if asks else (),
    )
    record_event(session, event, now)


def _watched(session: Session, asked: AskedEnding) -> ReminderSubject:
    nation = nation_of_area(session, asked.area)
    about = (SubjectType.ENDING, asked.id, asked.case_id, asked.area, nation)
    return ReminderSubject(*about, asked.agency, asked.role)


def _answer_by(asked: AskedEnding) -> Deadline:
    return Deadline(None, asked.answer_by, life_safety=False)
