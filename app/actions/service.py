"""The use cases of actions: agreed (in `agreeing`), reported, reviewed, reassigned. Each sets or cancels its reminders in the same commit."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area, nation_of_area
from app.access.repository import agency_exists, agency_in_post
from app.actions import repository
from app.actions.agreement import add_action, agree_action, fault
from app.actions.assignment import Assignment, assign, assign_duties
from app.actions.evidence import refuse_without_evidence
from app.actions.follow_ups import open_follow_up
from app.actions.lifecycle import (
    REASSIGNABLE,
    REPORTABLE,
    STATE_AFTER_REVIEW,
    ReviewVerdict,
    state_after_report,
)
from app.actions.models import Action, Report, Review
from app.actions.schemas import OutcomeRequest, ReassignmentRequest, ReviewRequest
from app.actions.upkeep import deadline_of, give_to, redate, tell, watched
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden, Invalid
from app.foundation.identifiers import new_id
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, cancel_ladder, redate_ladder
from app.vocabulary import ActionOutcome, ActionState, EventType, Role

__all__ = [
    "Assignment",
    "add_action",
    "agree_action",
    "assign",
    "assign_duties",
    "reassign",
    "report_outcome",
    "review",
    "watched",
]

REVIEW_WITHIN_WORKING_DAYS = (
    2  # [I] a reported action is looked at by a second person within two working days
)


def report_outcome(
    session: Session, caller: Caller, action: Action, sent: OutcomeRequest, now: datetime
) -> Report:
    """The outcome is on record and waits for a second person; a decline comes back to the chair at once.

    A duty that is owed again is open again in the same commit, for the same owner.
    """
    if action.state not in REPORTABLE:
        raise Conflict(
            f"this action is {action.state}; an outcome can be reported while it is OPEN or RETURNED"
        )
    refuse_without_evidence(session, action, sent.outcome)
    if sent.superseded_by is not None:
        _refuse_unless_it_supersedes(session, action, sent.superseded_by)
    report = Report(
        id=new_id("rep"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        outcome=sent.outcome,
        superseded_by=sent.superseded_by,
        note=sent.note,
        reported_by=caller.answerable,
        reported_at=now,
    )
    session.add(report)
    action.state, action.outcome = state_after_report(sent.outcome), sent.outcome
    action.version += 1
    declined = sent.outcome is ActionOutcome.DECLINED_BY_RECIPIENT
    tell(session, EventType.ACTION_RETURNED if declined else EventType.ACTION_REPORTED, action, now)
    _await_review(session, action, now)
    open_follow_up(session, action, sent.outcome, now)
    return report


def _refuse_unless_it_supersedes(session: Session, action: Action, other_id: str) -> None:
    """The other action is of the same case and carries on, or was completed. It is locked against changing meanwhile."""
    other = repository.action_for_share(session, other_id)
    if other is None or other.case_id != action.case_id or other.id == action.id:
        raise Invalid(
            "`superseded_by` names no other action of this case",
            faults=[fault("/superseded_by", "unknown")],
        )
    if other.outcome not in {None, ActionOutcome.COMPLETED}:
        raise Conflict(
            "the action that would supersede this one ended without being done; name the one that carries on"
        )


def _await_review(session: Session, action: Action, now: datetime) -> None:
    """The owner's reminders end; the co-ordinator's begin, so that nothing reported goes unread."""
    calendar = calendar_of_area(session, action.area)
    review_by = calendar.add(london_date(now), REVIEW_WITHIN_WORKING_DAYS)
    action.due_version += 1
    reader = ReminderSubject(
        "action",
        action.id,
        action.case_id,
        action.area,
        nation_of_area(session, action.area),
        agency_in_post(session, action.area, Role.MARAC_COORDINATOR),
        Role.MARAC_COORDINATOR,
    )
    session.flush()
    redate_ladder(session, reader, Deadline(review_by, None, life_safety=False), action.due_version, now)


def review(session: Session, caller: Caller, action: Action, sent: ReviewRequest, now: datetime) -> Review:
    """A second person has looked. Accepted ends the action; otherwise it goes on with a new deadline."""
    after = STATE_AFTER_REVIEW.get((ActionState(action.state), sent.verdict))
    if after is None:
        raise Conflict(_legal_moves(action))
    report = repository.latest_report(session, action.id) if action.state == ActionState.REPORTED else None
    if report is not None and report.reported_by == caller.answerable:
        raise Forbidden("a report is reviewed by someone other than the person who made it")
    made = Review(
        id=new_id("rev"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        report_id=report.id if report else None,
        reported_by=report.reported_by if report else None,
        verdict=sent.verdict,
        note=sent.note,
        reviewed_by=caller.answerable,
        reviewed_at=now,
    )
    session.add(made)
    action.state, action.last_reviewed_at, action.version = after, now, action.version + 1
    if sent.verdict is ReviewVerdict.ACCEPTED:
        cancel_ladder(session, action.id, "reviewed", now)
    else:
        _refuse_second_open(session, action)
        action.outcome = None
        redate(session, action, Deadline(sent.due_on, None, action.life_safety), now)
    tell(session, EventType.ACTION_REVIEWED, action, now)
    return made


def _legal_moves(action: Action) -> str:
    moves = {
        ActionState.OPEN: "report an outcome, or review it with CONTINUES and a new deadline",
        ActionState.REPORTED: "review it with ACCEPTED or RETURNED",
        ActionState.RETURNED: "reassign it, or report another outcome",
        ActionState.REVIEWED: "none, it is finished",
    }
    return f"this action is {action.state}; what can be done: {moves[ActionState(action.state)]}"


def reassign(
    session: Session, caller: Caller, action: Action, sent: ReassignmentRequest, now: datetime
) -> Action:
    """The action has a new owner and is open; the old one's reminders have ended in the same commit."""
    if action.state not in REASSIGNABLE:
        raise Conflict(_legal_moves(action))
    if not agency_exists(session, sent.owner_agency):
        raise Invalid(
            "`owner_agency` is not an agency of this service", faults=[fault("/owner_agency", "unknown")]
        )
    _refuse_second_open(session, action)
    give_to(session, action, sent.owner_agency, sent.owner_role, sent.reason, caller.answerable, now)
    action.state, action.outcome = ActionState.OPEN, None
    deadline = Deadline(sent.due_on, None, action.life_safety) if sent.due_on else deadline_of(action)
    redate(session, action, deadline, now)
    tell(session, EventType.ACTION_ASSIGNED, action, now)
    return action


def _refuse_second_open(session: Session, action: Action) -> None:
    """One open action for each duty of a case: what was asked for anew meanwhile carries on, and is named here."""
    other = repository.open_twin(session, action)
    if other is not None:
        raise Conflict(
            "the same duty is open again in another action; report this one as SUPERSEDED by it",
            superseded_by=other.id,
        )
