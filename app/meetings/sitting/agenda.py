"""Lists and agendas as they are shown. What a caller may not see is not there: every row passes the caller's filter.

The order is SafeLives': unfinished actions first, then cases whose window has passed, then each case.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.api.presenters import action_out
from app.meetings import agenda_repository, case_repository
from app.meetings.agenda_schemas import AgendaOut, CaseEntryOut, UnfinishedOut
from app.meetings.casework.plans import previous_plan
from app.meetings.lists.hearings import minutes_due_on
from app.meetings.lists.listing_view import ListingView, show_entry
from app.meetings.lists.repeat_windows import show_passing
from app.meetings.models import Meeting
from app.meetings.schemas import MeetingOut
from app.meetings.sitting.attendance import show_attendance
from app.meetings.sitting.reviews import span_of
from app.meetings.sitting_schemas import MeetingReviewOut
from app.ownership.models import Need
from app.ownership.repository import open_needs_of_case, ownership_spans
from app.referrals.models import Decision
from app.vocabulary import Forum, NeedKind


def show_agenda(session: Session, sheet: ListingView, now: datetime) -> AgendaOut:
    """The agenda as this caller may see it."""
    meeting = sheet.meeting
    completed = agenda_repository.completion_of(session, meeting.id)
    return AgendaOut(
        meeting=MeetingOut.model_validate(meeting),
        attendance=show_attendance(session, meeting),
        unfinished_actions=_unfinished(session, meeting, now),
        passing_window=show_passing(session, meeting, now),
        cases=_case_entries(session, sheet, now),
        minutes_due_on=minutes_due_on(session, meeting, now),
        completed_at=completed.completed_at if completed else None,
    )


def _unfinished(session: Session, meeting: Meeting, now: datetime) -> list[UnfinishedOut]:
    began_at, ends_at = span_of(meeting)
    reviewed: dict[str, list[MeetingReviewOut]] = defaultdict(list)
    for row in agenda_repository.reviews_at(session, meeting.id):
        reviewed[row.action_id].append(MeetingReviewOut.model_validate(row))
    waiting = {one.id for one in agenda_repository.unreviewed_at(session, meeting, began_at, ends_at)}
    actions = [
        action
        for action in agenda_repository.unfinished_at(session, meeting, began_at)
        if action.duty not in agenda_repository.OF_THE_MEETING
    ]
    cases = case_repository.cases_by_id(session, {action.case_id for action in actions})
    return [
        UnfinishedOut(
            case_reference=cases[action.case_id].reference if action.case_id in cases else "",
            action=action_out(action, now),
            needs_review=action.id in waiting,
            reviewed=reviewed[action.id],
        )
        for action in sorted(actions, key=lambda one: (one.id not in waiting, one.sort_at, one.id))
    ]


def _case_entries(session: Session, sheet: ListingView, now: datetime) -> list[CaseEntryOut]:
    ids = [listing.case_id for listing in sheet.listings]
    decisions = case_repository.latest_decisions(session, ids)
    planned = case_repository.perpetrator_actions_of(session, sheet.meeting.id)
    owing = case_repository.cases_owing_emergency_answer(session, ids)
    return [
        CaseEntryOut(
            **show_entry(session, sheet, listing).model_dump(),
            repeat=_is_repeat(decisions.get(listing.case_id)),
            **_owners(session, open_needs_of_case(session, listing.case_id)),
            perpetrator_actions=planned.get(listing.case_id, 0),
            emergency_decision_open=listing.case_id in owing,
            previous_plan=previous_plan(
                session,
                sheet.cases[listing.case_id],
                Forum(sheet.meeting.forum),
                sheet.meeting.held_on,
                now,
            ),
        )
        for listing in sheet.listings
    ]


def _is_repeat(decision: Decision | None) -> bool | None:
    """As the newest decision had it, under the policy's behaviour test and anchor; None when that is not known."""
    if decision is None:
        return None
    fact = decision.record["facts"]["repeat"]
    return fact if isinstance(fact, bool) else None


def _owners(session: Session, needs: Iterable[Need]) -> dict[str, Forum | None]:
    owners = {
        need.kind: Forum(span.forum)
        for need in needs
        for span in ownership_spans(session, need)
        if not span.during.isempty and span.during.upper is None
    }
    return {
        "victim_owner": owners.get(NeedKind.VICTIM_SAFETY),
        "perpetrator_owner": owners.get(NeedKind.PERPETRATOR),
    }
