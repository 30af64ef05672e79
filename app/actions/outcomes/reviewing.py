"""A second person reviews an action: accepts its report, returns it, or lets the action continue."""

from datetime import date

from app.actions import repository
from app.actions.deadlines import change_deadline, refuse_day_gone_by
from app.actions.duplicate_duties import refuse_second_open_duty
from app.actions.events import record_action_event
from app.actions.lifecycle import legal_moves, state_after_review
from app.actions.models import Action, Report, Review
from app.actions.outcomes.ending import end_what_it_settles
from app.actions.schemas import ReviewRequest
from app.actions.vocabulary import ReviewVerdict
from app.foundation.caller import is_second_person
from app.foundation.errors import Conflict, Forbidden
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import duties_of
from app.reminders.deadline import Deadline
from app.reminders.service import cancel_ladder
from app.vocabulary import ActionState, EventType


def review_action(tx: Transaction, action: Action, sent: ReviewRequest) -> Review:
    """Records the review. ACCEPTED ends the action; RETURNED and CONTINUES give it a new deadline.

    Raises `Conflict` when the verdict does not fit the state or nothing owes any more what would open again, `Invalid`
    for a deadline that has passed, and `Forbidden` for a review of one's own report.
    """
    after = state_after_review(action.state, action.outcome, sent.verdict)
    if after is None:
        raise Conflict(legal_moves(action.state))
    if action.state == ActionState.ENDED:
        _refuse_unless_still_owed(tx, action)
    refuse_day_gone_by(sent.due_on, tx.now)
    review = _add_review(tx, action, sent, _report_by_another(tx, action))
    action.state, action.last_reviewed_at, action.version = after, tx.now, action.version + 1
    if sent.verdict is ReviewVerdict.ACCEPTED:
        cancel_ladder(tx.session, action.id, "reviewed", tx.now)
        end_what_it_settles(tx, action)
    else:
        refuse_second_open_duty(tx.session, action)
        action.outcome = None
        change_deadline(tx.session, action, Deadline(sent.due_on, None, action.life_safety), tx.now)
    record_action_event(tx.session, EventType.ACTION_REVIEWED, action, tx.now)
    return review


def _refuse_unless_still_owed(tx: Transaction, action: Action) -> None:
    decision = latest_decision_of(tx.session, action.case_id)
    is_owed = decision is not None and action.duty in duties_of(decision)
    if not is_owed or not repository.serves_an_open_need(tx.session, action):
        raise Conflict(
            "this duty is done and owed no longer, so it does not open again; if something is left to do, "
            "agree a new action with POST /v1/cases/{id}/actions"
        )


def continue_action(tx: Transaction, action: Action, note: str, due_on: date | None) -> Review:
    """Records a review that lets the action go on with a new deadline."""
    return review_action(tx, action, ReviewRequest(verdict=ReviewVerdict.CONTINUES, note=note, due_on=due_on))


def _report_by_another(tx: Transaction, action: Action) -> Report | None:
    """Returns the report under review, or None for an action that nobody has reported."""
    if action.state not in {ActionState.REPORTED, ActionState.ENDED}:
        return None
    report = repository.latest_report(tx.session, action.id)
    if report is not None and not is_second_person(tx.by, report.reported_by):
        raise Forbidden(
            "a report is reviewed by someone other than the person who made it, and nobody knows who that was where a "
            "system of your own agency named nobody: then a person of another agency reviews it, or a named person of "
            "yours reports it anew, and another one reviews that"
        )
    return report


def _add_review(tx: Transaction, action: Action, sent: ReviewRequest, report: Report | None) -> Review:
    review = Review(
        id=new_id("rev"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        report_id=report.id if report else None,
        reported_by=report.reported_by if report else None,
        verdict=sent.verdict,
        note=sent.note,
        reviewed_by=tx.by,
        reviewed_at=tx.now,
    )
    tx.session.add(review)
    return review
