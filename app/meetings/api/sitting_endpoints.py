"""What is recorded at a meeting over HTTP: plan, reviews, attendance, completion and minutes."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings.casework import plan_actions
from app.meetings.lookup import find_meeting
from app.meetings.models import Meeting
from app.meetings.presenters.attendance import attendance_out
from app.meetings.presenters.sitting import minutes_out, plan_action_out
from app.meetings.sitting import attendance, chair_reviews, completion, minutes
from app.meetings.sitting_schemas import (
    AttendanceList,
    AttendanceRequest,
    CompletionOut,
    CompletionRequest,
    MeetingReviewOut,
    MeetingReviewRequest,
    MeetingReviews,
    MinutesOut,
    MinutesRequest,
    PlanActionOut,
    PlanActionRequest,
)
from app.referrals.lookup import find_case

router = APIRouter(tags=["meetings"])


@router.post(
    "/meetings/{meeting_id}/actions",
    operation_id="setPlanAction",
    status_code=201,
    response_model=PlanActionOut,
    summary="Set an action of a case's plan at a meeting",
)
def set_plan_action(meeting_id: str, sent: PlanActionRequest, call: Writing) -> Response:
    """Adds an action to the plan.

    Answers 409 when one much like it failed before and `reuse_reason` does not say what will be different.
    """

    def act(meeting: Meeting) -> BaseModel:
        case = find_case(call.session, sent.case_id)
        with call.as_system():
            made, action = plan_actions.set_plan_action(call.tx, meeting, case, sent)
            body = plan_action_out(call.session, made, action, call.now, call.caller)
        record_act(call.tx, Category.ALTERATION, "case", case.id)
        return body

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/reviews",
    operation_id="reviewAtMeeting",
    status_code=201,
    response_model=MeetingReviews,
    summary="Record the chair's review of unfinished and declined actions",
)
def review_at_meeting(meeting_id: str, sent: MeetingReviewRequest, call: Writing) -> Response:
    """Records the findings and does what each asks: a new date, a new owner, or a duty of the strategic lead."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = chair_reviews.review_actions(call.tx, meeting, sent.reviews)
        for row in made:
            record_act(call.tx, Category.ALTERATION, "action", row.action_id)
        return MeetingReviews(items=[MeetingReviewOut.model_validate(row) for row in made])

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/attendance",
    operation_id="recordAttendance",
    status_code=201,
    response_model=AttendanceList,
    summary="Record how each agency took part: present, sent information, or neither",
)
def record_attendance(meeting_id: str, sent: AttendanceRequest, call: Writing) -> Response:
    """Records who was there. The newest line of an agency counts; earlier ones are kept."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            attendance.record_attendance(call.tx, meeting, sent.agencies)
            return AttendanceList(items=attendance_out(call.session, meeting))

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/completions",
    operation_id="completeMeeting",
    status_code=201,
    response_model=CompletionOut,
    summary="Complete the agenda, once everything on it is accounted for",
)
def complete_meeting(meeting_id: str, sent: CompletionRequest, call: Writing) -> Response:
    """Answers 409 with the cases neither heard nor put off, the actions not reviewed, and the agencies not recorded."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = completion.complete_meeting(call.tx, meeting)
        return CompletionOut.model_validate(made)

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/minutes",
    operation_id="sendMinutes",
    status_code=201,
    response_model=MinutesOut,
    summary="Record that the minutes were sent, and to whom",
)
def send_minutes(meeting_id: str, sent: MinutesRequest, call: Writing) -> Response:
    """Stops the minutes clock of every case on the list.

    `late` says whether the minutes were sent after their due day.
    """

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = minutes.send_minutes(call.tx, meeting, sent.sent_to)
        for agency in made.agencies:
            record_act(
                call.tx,
                Category.DISCLOSURE,
                "meeting",
                meeting.id,
                recipient=agency,
            )
        return minutes_out(call.session, made)

    return _at_meeting(meeting_id, sent, call, act)


def _at_meeting(meeting_id: str, sent: BaseModel, call: Call, act: Callable[[Meeting], BaseModel]) -> Response:
    """Runs `act` on the meeting once for the Idempotency-Key, and records that the caller changed the meeting."""

    def once_at_meeting() -> OperationResult:
        meeting = find_meeting(call.session, call.caller, meeting_id)
        body = act(meeting).model_dump(mode="json")
        record_act(call.tx, Category.ALTERATION, "meeting", meeting.id)
        return OperationResult(status=201, body=body)

    return call.once(sent, once_at_meeting)
