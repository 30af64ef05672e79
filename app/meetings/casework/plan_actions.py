"""Sets the actions of a case's plan at a meeting.

Source: SafeLives near-miss reviews: the old plan is not looked at, so actions that failed are set again.
"""

from app.actions.models import Action
from app.actions.recording.agreement import record_agreed_action
from app.actions.recording.repeated_failures import failed_before
from app.actions.schemas import ActionRequest
from app.foundation.clock import TICK, london_instant
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.contact_bars import carry_contact_bars
from app.meetings.lookup import find_listing
from app.meetings.models import Meeting
from app.meetings.record_models import PlanAction
from app.meetings.repositories import case_action_repository
from app.meetings.sitting_schemas import PlanActionRequest
from app.meetings.vocabulary import AimedAt
from app.referrals.models import Case
from app.vocabulary import NeedKind


def set_plan_action(
    tx: Transaction, meeting: Meeting, case: Case, sent: PlanActionRequest
) -> tuple[PlanAction, Action]:
    """Sets the action. Repeating a failed action requires a reason, otherwise raises `Conflict` (failed-before)."""
    find_listing(tx.session, case.id, meeting.id)
    # What this meeting itself has set is not an earlier plan.
    before_meeting = london_instant(meeting.held_on, 0) - TICK
    earlier = case_action_repository.actions_set_until(tx.session, case.id, before_meeting)
    failed = failed_before(earlier, sent.action, sent.reuse_reason, tx.now)
    action = record_agreed_action(tx, case, _following_lead(sent))
    made = PlanAction(
        id=new_id("pla"),
        meeting_id=meeting.id,
        case_id=case.id,
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        aimed_at=sent.aimed_at,
        repeats_action_id=failed.id if failed else None,
        reuse_reason=sent.reuse_reason,
        set_by=tx.by,
        set_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    carry_contact_bars(tx, case.id)
    return made, action


def _following_lead(sent: PlanActionRequest) -> ActionRequest:
    """Returns the action to add.

    One aimed at the perpetrator moves with the perpetrator's lead, unless the meeting said otherwise.
    """
    if sent.aimed_at is AimedAt.PERPETRATOR and sent.action.about is None:
        return sent.action.model_copy(update={"about": NeedKind.PERPETRATOR})
    return sent.action
