"""Reports what became of an action. Its owner's reminders end, and the reviewer's begin, in the same commit."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.actions import repository
from app.actions.events import record_action_event
from app.actions.lifecycle import LEFT_UNDONE, REPORTABLE, state_after_report, waits_for_second_person
from app.actions.models import Action, Report
from app.actions.outcomes.ending import end_what_it_settles
from app.actions.outcomes.evidence import refuse_without_evidence
from app.actions.outcomes.follow_ups import open_follow_up
from app.actions.outcomes.notice_receipt import receive_by_report
from app.actions.outcomes.ordinary import is_ordinary
from app.actions.recording.review_reminders import remind_reviewer
from app.actions.schemas import OutcomeRequest
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.reminders.deadline import Deadline
from app.reminders.service import cancel_ladder
from app.vocabulary import ActionOutcome, ActionState, EventType

# [I] a second person reviews a reported action within two working days
REPORT_REVIEW_WORKING_DAYS = 2


def report_outcome(tx: Transaction, action: Action, sent: OutcomeRequest) -> Report:
    """Records the outcome, and whether it waits for a second person; a decline goes back to the chair at once.

    A duty that is owed again is open again in the same commit, for the same owner. Raises `Conflict` when the action
    is not OPEN or RETURNED (REPORTED, where it gives way to the same duty that was opened again, or where a person now
    answers for a report that named nobody of the agency), or when the fact that ends its duty is not on record.
    """
    _refuse_unless_reportable(tx, action, sent.superseded_by)
    refuse_without_evidence(tx.session, action, sent.outcome)
    if sent.superseded_by is not None:
        _refuse_unless_it_supersedes(tx.session, action, sent.superseded_by)
    waits = waits_for_second_person(sent.outcome, is_ordinary=is_ordinary(tx.session, action))
    review_by = _review_by(tx, action) if waits else None
    report = _add_report(tx, action, sent, review_by)
    action.state, action.outcome = state_after_report(sent.outcome, waits=waits), sent.outcome
    action.version += 1
    declined = sent.outcome is ActionOutcome.DECLINED_BY_RECIPIENT
    kind = EventType.ACTION_RETURNED if declined else EventType.ACTION_REPORTED
    record_action_event(tx.session, kind, action, tx.now)
    if review_by is None:
        cancel_ladder(tx.session, action.id, "reported completed", tx.now)
        end_what_it_settles(tx, action)
    else:
        remind_reviewer(tx.session, action, _review_deadline(action, review_by, tx.now), tx.now)
    open_follow_up(tx.session, action, sent.outcome, tx.now)
    receive_by_report(tx, action)
    return report


def _review_by(tx: Transaction, action: Action) -> date:
    # An event that a receiver took is no review: until a second person looks, the ladder goes on with the co-ordinator.
    return calendar_of_area(tx.session, action.area).add(london_date(tx.now), REPORT_REVIEW_WORKING_DAYS)


def _add_report(tx: Transaction, action: Action, sent: OutcomeRequest, review_by: date | None) -> Report:
    report = Report(
        id=new_id("rep"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        outcome=sent.outcome,
        superseded_by=sent.superseded_by,
        note=sent.note,
        reported_by=tx.by,
        reported_at=tx.now,
        review_by=review_by,
    )
    tx.session.add(report)
    return report


def _refuse_unless_reportable(tx: Transaction, action: Action, superseded_by: str | None) -> None:
    if action.state in REPORTABLE or _is_answered_for(tx, action):
        return
    twin = repository.open_twin(tx.session, action) if action.state == ActionState.REPORTED else None
    # What was reported cannot be returned to its owner beside the same duty, open anew: it gives way to that one.
    if twin is None or twin.id != superseded_by:
        raise Conflict(f"this action is {action.state}; an outcome can be reported while it is OPEN or RETURNED")


def _is_answered_for(tx: Transaction, action: Action) -> bool:
    """Returns whether a named person reports what a system of their agency reported and named nobody.

    Without that nobody of the agency could review it: the system may have been used by any of them.
    """
    if action.state != ActionState.REPORTED or tx.caller.person is None:
        return False
    report = repository.latest_report(tx.session, action.id)
    return report is not None and report.reported_by == tx.caller.agency


def _refuse_unless_it_supersedes(session: Session, action: Action, other_id: str) -> None:
    """Refuses unless the other action is of the same case and is unfinished or was completed."""
    # The share lock keeps the other action as it is, so that two actions cannot supersede each other at one time.
    other = repository.action_for_share(session, other_id)
    if other is None or other.case_id != action.case_id or other.id == action.id:
        raise Invalid(
            "`superseded_by` names no other action of this case",
            faults=[RequestFault("/superseded_by", "unknown")],
        )
    if other.outcome not in {None, ActionOutcome.COMPLETED}:
        raise Conflict(
            "the action that would supersede this one ended without being done; name the one that carries on"
        )


def _review_deadline(action: Action, review_by: date, now: datetime) -> Deadline:
    """Returns by when the report is read. What protects a life and was not done is a danger now."""
    undone = action.life_safety and action.outcome in LEFT_UNDONE
    return Deadline(None, now, life_safety=True) if undone else Deadline(review_by, None, life_safety=False)
