"""Plans: what a meeting sets for a case, and what became of the plan before it.

Source: SafeLives near-miss reviews: the old plan is not looked at, so actions that failed are set again.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.recording.agreement import record_agreed_action
from app.actions.recording.repeated_failures import failed_before, has_failed
from app.actions.schemas import ActionRequest
from app.foundation.caller import Caller
from app.foundation.clock import london_instant
from app.foundation.errors import NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings import case_repository, repository
from app.meetings.agenda_schemas import PlannedActionOut, PreviousPlanOut
from app.meetings.duties_done import report_done
from app.meetings.models import Meeting
from app.meetings.record_models import PlanAction
from app.meetings.sitting_schemas import AimedAt, PlanActionRequest
from app.referrals.models import Case
from app.vocabulary import ActionOutcome, ActionState, Forum, NeedKind


def previous_plan(
    session: Session, case: Case, forum: Forum, before: date, now: datetime
) -> PreviousPlanOut | None:
    """The plan of the last hearing before a day, each action with its outcome; None when there was no hearing."""
    heard_on = repository.last_heard_before(session, case.id, forum, before)
    if heard_on is None:
        return None
    discharge = next(
        (
            row
            for row in repository.discharges_of(session, case.id)
            if row.discharged_at >= london_instant(heard_on, 0)
        ),
        None,
    )
    waiting = repository.listing_ahead(session, case.id, forum)
    until = discharge.discharged_at if discharge else waiting[0].listed_at if waiting else now
    actions = case_repository.actions_set_before(session, case.id, until)
    reports = case_repository.last_reports(session, [action.id for action in actions])
    return PreviousPlanOut(
        case_id=case.id,
        heard_on=heard_on,
        discharged_at=discharge.discharged_at if discharge else None,
        plan=discharge.plan if discharge else None,
        actions=[
            _planned(action, reports[action.id].note if action.id in reports else None, now)
            for action in actions
        ],
    )


def _planned(action: Action, reported: str | None, now: datetime) -> PlannedActionOut:
    return PlannedActionOut(
        action_id=action.id,
        what=action.what,
        owner_agency=action.owner_agency,
        owner_role=action.owner_role,
        due_on=action.due_on,
        state=ActionState(action.state),
        outcome=ActionOutcome(action.outcome) if action.outcome else None,
        reported=reported,
        failed=has_failed(action, now),
    )


def set_action(
    session: Session, caller: Caller, meeting: Meeting, case: Case, sent: PlanActionRequest, now: datetime
) -> tuple[PlanAction, Action]:
    """The meeting has set the action. One much like it that failed before is set again only with a reason."""
    if repository.listing_of(session, case.id, meeting.id) is None:
        raise NotFound("this case is not on that meeting's list")
    before = london_instant(meeting.held_on, 0) - timedelta(microseconds=1)
    earlier = case_repository.actions_set_before(session, case.id, before)
    failed = failed_before(earlier, sent.action, sent.reuse_reason, now)
    action = record_agreed_action(Transaction(session, caller, now), case, _aimed(sent))
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
        set_by=caller.answerable,
        set_at=now,
    )
    session.add(made)
    session.flush()
    if sent.aimed_at is AimedAt.PERPETRATOR:
        report_done(session, caller, case.id, ("D13",), f"The plan holds the action {action.id}", now)
    return made, action


def _aimed(sent: PlanActionRequest) -> ActionRequest:
    """An action aimed at him follows his lead unless the meeting said otherwise."""
    if sent.aimed_at is AimedAt.PERPETRATOR and sent.action.about is None:
        return sent.action.model_copy(update={"about": NeedKind.PERPETRATOR})
    return sent.action
