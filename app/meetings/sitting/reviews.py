"""Unfinished and declined actions come before the chair at each meeting; the agenda is not done before he has seen them.

Source: DHR "Jean" 14.2.16, 14.7.1 (D40): MATAC's refusal stood on a list that nobody read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.lifecycle import ReviewVerdict
from app.actions.models import Action
from app.actions.outcomes.reassignment import reassign_action
from app.actions.outcomes.reviewing import review_action
from app.actions.recording.assignment import Assignment, assign_duties
from app.actions.repository import action_for_change
from app.actions.schemas import ReassignmentRequest, ReviewRequest
from app.foundation.caller import Caller
from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.foundation.storage.transaction import Transaction
from app.meetings import agenda_repository, repository
from app.meetings.duties_done import report_done
from app.meetings.events import tell_of_meeting
from app.meetings.lists.hearings import minutes_due_on
from app.meetings.models import Meeting
from app.meetings.record_models import Completion, MeetingReview
from app.meetings.sitting.attendance import expected_at
from app.meetings.sitting_schemas import ReviewFinding, ReviewLine
from app.reminders.deadline import Deadline
from app.vocabulary import ActionState, EventType, Role


def span_of(meeting: Meeting) -> tuple[datetime, datetime]:
    """The London day of a meeting: its first instant and the first after it."""
    return london_instant(meeting.held_on, 0), london_instant(meeting.held_on + timedelta(days=1), 0)


def review_at_meeting(
    session: Session, caller: Caller, meeting: Meeting, lines: Sequence[ReviewLine], now: datetime
) -> list[MeetingReview]:
    """Each finding is on record, and what follows from it has happened in the same commit."""
    take_turn(session, "meeting", meeting.id)
    _refuse_before_its_day(meeting, now)
    _refuse_when_complete(session, meeting)
    on_agenda = {
        action.id for action in agenda_repository.unfinished_at(session, meeting, span_of(meeting)[0])
    }
    return [_review(session, caller, meeting, line, on_agenda, now) for line in lines]


def _review(
    session: Session,
    caller: Caller,
    meeting: Meeting,
    line: ReviewLine,
    on_agenda: set[str],
    now: datetime,
) -> MeetingReview:
    action = action_for_change(session, line.action_id)
    if action is None or action.id not in on_agenda:
        raise NotFound("that action is not on this meeting's agenda")
    _follow(session, caller, meeting, action, line, now)
    made = MeetingReview(
        id=new_id("mrv"),
        meeting_id=meeting.id,
        case_id=action.case_id,
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        finding=line.finding,
        note=line.note,
        reviewed_by=caller.answerable,
        reviewed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _follow(
    session: Session, caller: Caller, meeting: Meeting, action: Action, line: ReviewLine, now: datetime
) -> None:
    """What the finding asks for. A declined action is given to somebody or taken to the strategic lead, never waved on."""
    match line.finding:
        case ReviewFinding.CONTINUES:
            sent = ReviewRequest(verdict=ReviewVerdict.CONTINUES, note=line.note, due_on=line.due_on)
            review_action(Transaction(session, caller, now), action, sent)
        case ReviewFinding.REASSIGNED:
            assert line.owner_agency is not None and line.owner_role is not None  # noqa: S101, PT018 - checked
            reassign_action(
                Transaction(session, caller, now),
                action,
                ReassignmentRequest(
                    owner_agency=line.owner_agency,
                    owner_role=line.owner_role,
                    reason=line.note,
                    due_on=line.due_on,
                ),
            )
        case ReviewFinding.ESCALATED:
            _escalate(session, action, line.note, now)
        case ReviewFinding.ON_COURSE:
            if action.state != ActionState.OPEN or action.sort_at <= span_of(meeting)[1]:
                raise Conflict(
                    "only an open action that is not yet due is on course; a late or declined one needs a new date, "
                    "a new owner or the strategic lead",
                    code="not-on-course",
                )


def _escalate(session: Session, action: Action, note: str, now: datetime) -> None:
    deadline = Deadline(calendar_of_area(session, action.area).add(london_date(now), 1), None)
    duty = Assignment(
        case_id=action.case_id,
        area=action.area,
        what=f"Decide what becomes of the action: {action.what[:600]}. The chair found: {note[:600]}",
        done_when="The action has an owner who has reported an outcome, or another action takes its place",
        owner_role=Role.STRATEGIC_LEAD,
        deadline=deadline,
        duty=f"D40:{action.id}",
        forums=tuple(action.forums),
        informed=(agency_in_post(session, action.area, Role.MARAC_CHAIR) or "",),
    )
    assign_duties(session, [duty], now)


def complete_meeting(session: Session, caller: Caller, meeting: Meeting, now: datetime) -> Completion:
    """The agenda is done, once no case, no action and no agency of it is unaccounted for; otherwise `Conflict` says which."""
    take_turn(session, "meeting", meeting.id)
    _refuse_before_its_day(meeting, now)
    _refuse_when_complete(session, meeting)
    _refuse_while_something_is_open(session, meeting)
    made = Completion(
        id=new_id("cmp"),
        meeting_id=meeting.id,
        area=meeting.area,
        agencies=sorted(expected_at(session, meeting)),
        minutes_due_on=minutes_due_on(session, meeting, now),
        completed_by=caller.answerable,
        completed_at=now,
    )
    session.add(made)
    session.flush()
    for listing in repository.listings_of_meeting(session, meeting.id):
        done = f"Every unfinished and declined action was reviewed on {meeting.held_on.isoformat()}"
        report_done(session, caller, listing.case_id, ("D38", "D40"), done, now)
    tell_of_meeting(session, EventType.MEETING_COMPLETED, meeting, made.agencies, now)
    return made


def _refuse_while_something_is_open(session: Session, meeting: Meeting) -> None:
    unheard = [row for row in repository.listings_of_meeting(session, meeting.id) if row.heard_on is None]
    unreviewed = agenda_repository.unreviewed_at(session, meeting, *span_of(meeting))
    recorded = agenda_repository.attendance_of(session, meeting.id)
    missing = sorted(expected_at(session, meeting) - set(recorded))
    if not (unheard or unreviewed or missing):
        return
    raise Conflict(
        f"the agenda is not done: {len(unheard)} case(s) neither heard nor put off, {len(unreviewed)} action(s) "
        f"without the chair's review, {len(missing)} agencies whose part is not recorded",
        code="agenda-not-done",
        unheard_cases=[row.case_id for row in unheard],
        unreviewed_actions=[{"action_id": one.id, "state": one.state} for one in unreviewed[:200]],
        attendance_missing=missing,
        next_moves=[
            "POST /v1/cases/{case_id}/hearings or …/deferrals for each case",
            f"POST /v1/meetings/{meeting.id}/reviews for each action",
            f"POST /v1/meetings/{meeting.id}/attendance for each agency",
        ],
    )


def _refuse_before_its_day(meeting: Meeting, now: datetime) -> None:
    if meeting.held_on > london_date(now):
        raise Conflict("that meeting has not been held yet")


def _refuse_when_complete(session: Session, meeting: Meeting) -> None:
    if agenda_repository.completion_of(session, meeting.id) is not None:
        raise Conflict("this meeting's agenda is done; what is new comes to the next meeting")
