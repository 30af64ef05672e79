"""What is done at a meeting over HTTP: plan, reviews, attendance, completion and minutes."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.actions.api.presenters import action_history_out
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings.api.lookup import find_meeting
from app.meetings.casework import plans
from app.meetings.models import Meeting
from app.meetings.record_models import Minutes, PlanAction
from app.meetings.research_schemas import AttendanceList, AttendanceRequest
from app.meetings.sitting import attendance, reviews
from app.meetings.sitting_schemas import (
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
def set_plan_action(
    meeting_id: str,
    sent: PlanActionRequest,
    call: Writing,
) -> Response:
    """409 when an action much like it failed before and `reuse_reason` does not say what will be different."""

    def act(meeting: Meeting) -> BaseModel:
        case = find_case(call.session, sent.case_id)
        with call.as_system():
            made, action = plans.set_action(call.session, call.caller, meeting, case, sent, call.now)
            history = action_history_out(call.session, action, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "case", case.id, call.now)
        return PlanActionOut(**_own(PlanActionOut, made, "action"), action=history)

    return _at_meeting(meeting_id, sent, call, act)


def _own(shape: type[BaseModel], row: PlanAction | Minutes, *others: str) -> dict[str, object]:
    return {name: getattr(row, name) for name in shape.model_fields if name not in others}


@router.post(
    "/meetings/{meeting_id}/reviews",
    operation_id="reviewAtMeeting",
    status_code=201,
    response_model=MeetingReviews,
    summary="Record the chair's review of unfinished and declined actions",
)
def review_at_meeting(
    meeting_id: str,
    sent: MeetingReviewRequest,
    call: Writing,
) -> Response:
    """What a finding asks for happens in the same commit: a new date, a new owner, or a duty of the strategic lead."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = reviews.review_at_meeting(call.session, call.caller, meeting, sent.reviews, call.now)
        for row in made:
            record_act(call.session, call.caller, Category.ALTERATION, "action", row.action_id, call.now)
        return MeetingReviews(items=[MeetingReviewOut.model_validate(row) for row in made])

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/attendance",
    operation_id="recordAttendance",
    status_code=201,
    response_model=AttendanceList,
    summary="Record how each agency took part: present, sent information, or neither",
)
def record_attendance(
    meeting_id: str,
    sent: AttendanceRequest,
    call: Writing,
) -> Response:
    """The newest line for an agency stands; earlier ones are kept."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            attendance.record_attendance(call.session, call.caller, meeting, sent.agencies, call.now)
            return AttendanceList(items=attendance.show_attendance(call.session, meeting))

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/completions",
    operation_id="completeMeeting",
    status_code=201,
    response_model=CompletionOut,
    summary="Complete the agenda, once nothing on it is unaccounted for",
)
def complete_meeting(
    meeting_id: str,
    sent: CompletionRequest,
    call: Writing,
) -> Response:
    """409 lists each case neither heard nor put off, each action without the chair's review, each agency not recorded."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = reviews.complete_meeting(call.session, call.caller, meeting, call.now)
        return CompletionOut.model_validate(made)

    return _at_meeting(meeting_id, sent, call, act)


@router.post(
    "/meetings/{meeting_id}/minutes",
    operation_id="sendMinutes",
    status_code=201,
    response_model=MinutesOut,
    summary="Record that the minutes went out, and to whom",
)
def send_minutes(
    meeting_id: str,
    sent: MinutesRequest,
    call: Writing,
) -> Response:
    """Stops the minutes clock of every case on the list; `late` says whether it had run out."""

    def act(meeting: Meeting) -> BaseModel:
        with call.as_system():
            made = attendance.send_minutes(call.session, call.caller, meeting, sent.sent_to, call.now)
        for agency in made.agencies:
            record_act(
                call.session,
                call.caller,
                Category.DISCLOSURE,
                "meeting",
                meeting.id,
                call.now,
                recipient=agency,
            )
        late = attendance.is_late(made)
        return MinutesOut(**_own(MinutesOut, made, "sent_to", "late"), sent_to=made.agencies, late=late)

    return _at_meeting(meeting_id, sent, call, act)


def _at_meeting(
    meeting_id: str,
    sent: BaseModel,
    call: Call,
    act: Callable[[Meeting], BaseModel],
) -> Response:
    def once_at_meeting() -> OperationResult:
        meeting = find_meeting(call.session, call.caller, meeting_id)
        body = act(meeting).model_dump(mode="json")
        record_act(call.session, call.caller, Category.ALTERATION, "meeting", meeting.id, call.now)
        return OperationResult(status=201, body=body)

    return call.once(sent, once_at_meeting)
