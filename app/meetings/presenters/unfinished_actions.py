"""The unfinished actions of an agenda as a response: those that wait for the chair's review first."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.api.presenters import action_out
from app.foundation.caller import Caller
from app.meetings.agenda_response_schemas import UnfinishedActionOut
from app.meetings.models import Meeting
from app.meetings.repositories import agenda_repository, case_repository
from app.meetings.sitting.meeting_day import bounds_of_day
from app.meetings.sitting_schemas import MeetingReviewOut


def unfinished_actions_out(
    session: Session, meeting: Meeting, now: datetime, reader: Caller
) -> list[UnfinishedActionOut]:
    """Returns each unfinished action, whether it waits for the chair's review, and its reviews at this meeting."""
    began_at, ends_at = bounds_of_day(meeting)
    reviewed = _reviews_by_action(session, meeting)
    unreviewed = agenda_repository.unreviewed_actions(session, meeting, began_at, ends_at)
    waiting = {action.id for action in unreviewed}
    actions = agenda_repository.unfinished_actions(session, meeting, began_at)
    cases = case_repository.cases_by_id(session, {action.case_id for action in actions})
    return [
        UnfinishedActionOut(
            case_reference=cases[action.case_id].reference if action.case_id in cases else "",
            action=action_out(action, now, reader),
            needs_review=action.id in waiting,
            reviewed=reviewed.get(action.id, []),
        )
        for action in sorted(actions, key=lambda one: (one.id not in waiting, one.sort_at, one.id))
    ]


def _reviews_by_action(session: Session, meeting: Meeting) -> dict[str, list[MeetingReviewOut]]:
    reviewed: dict[str, list[MeetingReviewOut]] = defaultdict(list)
    for row in agenda_repository.reviews_at(session, meeting.id):
        reviewed[row.action_id].append(MeetingReviewOut.model_validate(row))
    return reviewed
