"""Records the chair's reviews of unfinished and declined actions at a meeting, and does what each finding asks.

Source: DHR "Jean" 14.2.16, 14.7.1 (D40): MATAC's refusal stood on a list that nobody read.
"""

from collections.abc import Sequence

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.changes import OwnerPost
from app.actions.models import Action
from app.actions.outcomes.reassignment import reassign_action
from app.actions.outcomes.reviewing import continue_action
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.actions.repository import action_for_change
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.foundation.storage.transaction import Transaction
from app.meetings.duty_ids import escalated_action_duty
from app.meetings.models import Meeting
from app.meetings.record_models import MeetingReview
from app.meetings.repositories import agenda_repository
from app.meetings.sitting.meeting_day import bounds_of_day, refuse_before_its_day, refuse_when_complete
from app.meetings.sitting_schemas import ReviewLine
from app.meetings.vocabulary import ReviewFinding
from app.reminders.deadline import Deadline
from app.vocabulary import ActionState, Role


def review_actions(tx: Transaction, meeting: Meeting, lines: Sequence[ReviewLine]) -> list[MeetingReview]:
    """Records each finding and does what follows from it, in one transaction.

    Raises `NotFound` for an action that is not on the agenda, `Conflict` before the day or once the agenda is done.
    """
    # Reviews and completion of one meeting wait for each other, so that no review slips in behind a completion.
    take_turn(tx.session, "meeting", meeting.id)
    refuse_before_its_day(meeting, tx.now)
    refuse_when_complete(tx.session, meeting)
    began_at, _ = bounds_of_day(meeting)
    unfinished = agenda_repository.unfinished_actions(tx.session, meeting, began_at)
    on_agenda = {action.id for action in unfinished}
    return [_review_action(tx, meeting, line, on_agenda) for line in lines]


def _review_action(tx: Transaction, meeting: Meeting, line: ReviewLine, on_agenda: set[str]) -> MeetingReview:
    action = action_for_change(tx.session, line.action_id)
    if action is None or action.id not in on_agenda:
        raise NotFound("that action is not on this meeting's agenda")
    _apply_finding(tx, meeting, action, line)
    made = MeetingReview(
        id=new_id("mrv"),
        meeting_id=meeting.id,
        case_id=action.case_id,
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        finding=line.finding,
        note=line.note,
        reviewed_by=tx.by,
        reviewed_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    return made


def _apply_finding(tx: Transaction, meeting: Meeting, action: Action, line: ReviewLine) -> None:
    """Sets a new date, gives the action to a new owner, or opens a duty of the strategic lead, as the finding asks."""
    match line.finding:
        case ReviewFinding.CONTINUES:
            continue_action(tx, action, line.note, line.due_on)
        case ReviewFinding.REASSIGNED:
            reassign_action(tx, action, _new_owner(line), line.note, line.due_on)
        case ReviewFinding.ESCALATED:
            _assign_to_strategic_lead(tx, action, line.note)
        case ReviewFinding.ON_COURSE:
            _refuse_unless_on_course(meeting, action)


def _new_owner(line: ReviewLine) -> OwnerPost:
    assert line.owner_agency is not None  # noqa: S101 - `ReviewLine` checks it
    assert line.owner_role is not None  # noqa: S101
    return OwnerPost(line.owner_agency, line.owner_role)


def _refuse_unless_on_course(meeting: Meeting, action: Action) -> None:
    _, ends_at = bounds_of_day(meeting)
    if action.state != ActionState.OPEN or action.sort_at <= ends_at:
        raise Conflict(
            "only an open action that is not yet due is on course; a late or declined one needs a new date, "
            "a new owner or the strategic lead",
            code="not-on-course",
        )


def _assign_to_strategic_lead(tx: Transaction, action: Action, note: str) -> None:
    tomorrow = calendar_of_area(tx.session, action.area).add(london_date(tx.now), 1)
    duty = Assignment(
        case_id=action.case_id,
        area=action.area,
        what=f"Decide what happens to the action: {action.what[:600]}. The chair found: {note[:600]}",
        done_when="The action has an owner who has reported an outcome, or another action takes its place",
        owner_role=Role.STRATEGIC_LEAD,
        deadline=Deadline(tomorrow, None),
        duty=escalated_action_duty(action.id),
        forums=tuple(action.forums),
        informed=(agency_in_post(tx.session, action.area, Role.MARAC_CHAIR) or "",),
    )
    assign_duties(tx.session, [duty], tx.now)
