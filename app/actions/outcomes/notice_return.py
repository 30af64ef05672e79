"""Gives back to its sender a notice that nobody received within two hours: the sender tells the receiver in person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.actions.changes import reword
from app.actions.deadlines import change_deadline
from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.actions.notices.repository import notices_to_return, unreceived_for_change
from app.actions.outcomes.ending import end_actions, no_longer_owed
from app.actions.outcomes.notice_actions import UNREPORTED, is_own_to_do, steps_owed, what_to_tell
from app.actions.recording.assignment import assign_action
from app.actions.recording.draft import Assignment
from app.actions.repository import actions_for_change, hold_cases, need_is_open
from app.foundation.caller import SYSTEM
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.reminders.deadline import Deadline

RECEIVED_WITHIN = timedelta(hours=2)
TIME_TO_TELL = timedelta(hours=1)  # nothing is due earlier than this after it was given back
NEED_ENDED = "The need that it serves has ended"
NOT_OWED = "The newest decision no longer owes it"


def return_notices(session: Session, now: datetime) -> int:
    """Settles the notices of one case that nobody received within two hours, and returns how many cases it were.

    Of one case at a time: every change of an action holds its case first, so two of them never wait for each other.
    """
    oldest = next(iter(notices_to_return(session, now - RECEIVED_WITHIN, 1)), None)
    if oldest is None:
        return 0
    hold_cases(session, [oldest.case_id])
    waiting = (WorkNotice.case_id == oldest.case_id, WorkNotice.sent_at <= now - RECEIVED_WITHIN)
    for notice in unreceived_for_change(session, *waiting, WorkNotice.action_id.is_(None)):
        _settle(Transaction(session, SYSTEM, now), notice)
    return 1


def _settle(tx: Transaction, notice: WorkNotice) -> None:
    owed = steps_owed(tx.session, notice.case_id)
    if not need_is_open(tx.session, notice.case_id, notice.about):
        notice.ended_because = NEED_ENDED
    elif not owed.intersection(notice.steps):
        notice.ended_because = NOT_OWED
    else:
        _return_to_sender(tx, notice, owed)
    tx.session.flush()


def _return_to_sender(tx: Transaction, notice: WorkNotice, owed: frozenset[str]) -> None:
    """Adds the notice to the sender's open action for the same post, or opens one.

    What is no danger to life gives way to what is, so that one action says it all.
    """
    together = [*_returned_before(tx.session, notice), notice]
    before = _open_action(tx.session, together)
    words, deadline = what_to_tell(tx.session, together, owed), _deadline(tx, notice)
    if before is None or (notice.life_safety and not before.life_safety):
        action = assign_action(tx.session, _assignment(tx.session, notice, words, deadline), tx.now)
        for one in together:
            one.action_id = action.id
        if before is not None:
            end_actions(tx, [before], no_longer_owed(f"Action {action.id} asks for it, as a danger to life"))
        return
    notice.action_id = before.id
    reword(tx.session, before, words, "nobody has received a further notice", tx.now)
    if deadline.passes_at < before.sort_at:
        change_deadline(tx.session, before, deadline, tx.now)


def _returned_before(session: Session, notice: WorkNotice) -> list[WorkNotice]:
    """Returns the earlier notices from the same post to the same post that are the sender's to tell."""
    same = (
        WorkNotice.case_id == notice.case_id,
        WorkNotice.agency == notice.agency,
        WorkNotice.role == notice.role,
        WorkNotice.sender_role == notice.sender_role,
        WorkNotice.sender_agency.is_not_distinct_from(notice.sender_agency),
        WorkNotice.about.is_not_distinct_from(notice.about),
    )
    found = unreceived_for_change(session, *same, WorkNotice.action_id.is_not(None))
    unreported = {one.id for one in _unreported(session, found)}
    return [one for one in found if one.action_id in unreported]


def _open_action(session: Session, notices: list[WorkNotice]) -> Action | None:
    return next(iter(_unreported(session, notices)), None)


def _unreported(session: Session, notices: Sequence[WorkNotice]) -> list[Action]:
    ids = {one.action_id for one in notices if one.action_id}
    found = actions_for_change(session, Action.id.in_(ids)) if ids else ()
    return [one for one in found if one.state in UNREPORTED]


def _deadline(tx: Transaction, notice: WorkNotice) -> Deadline:
    """Returns the step's own hour where it protects, and a working day otherwise; nothing is born late."""
    soonest = tx.now + TIME_TO_TELL
    own = Deadline(notice.due_on, notice.due_at) if notice.due_on or notice.due_at else Deadline(None, soonest)
    if notice.life_safety:
        return Deadline(None, max(own.passes_at, soonest), life_safety=True)
    day = own.on or london_date(own.passes_at)
    return Deadline(calendar_of_area(tx.session, notice.area).on_or_after(max(day, london_date(soonest))), None)


def _assignment(session: Session, notice: WorkNotice, words: str, deadline: Deadline) -> Assignment:
    own = is_own_to_do(session, notice)
    return Assignment(
        case_id=notice.case_id,
        area=notice.area,
        what=words,
        done_when="It is done, and the record says so" if own else "A named person there has confirmed that they know",
        recipient=notice.role,
        recipient_agency=notice.agency,
        owner_role=notice.sender_role,
        owner_agency=notice.sender_agency,
        deadline=deadline,
        duty=f"UNRECEIVED:{notice.id}",
        decision_id=notice.decision_id,
    )
