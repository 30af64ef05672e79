"""A meeting's agenda as a response. What a caller may not see is left out.

The order is that of SafeLives: unfinished actions first, then cases whose repeat window ended, then each case.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.meetings.agenda_response_schemas import AgendaOut, CaseEntryOut
from app.meetings.presenters.attendance import attendance_out
from app.meetings.presenters.ended_repeat_windows import ended_repeat_windows_out
from app.meetings.presenters.meeting_list import MeetingView, list_entry_out
from app.meetings.presenters.previous_plan import previous_plan_out
from app.meetings.presenters.shared_research import shared_research_out
from app.meetings.presenters.unfinished_actions import unfinished_actions_out
from app.meetings.repositories import agenda_repository, case_action_repository, case_repository
from app.meetings.schemas import MeetingOut
from app.meetings.sitting.minutes import minutes_due_on
from app.ownership.models import Need
from app.ownership.repository import open_needs_of_case, ownership_spans
from app.referrals.models import Decision
from app.referrals.stored_records import known_facts
from app.vocabulary import Forum, NeedKind


def agenda_out(session: Session, view: MeetingView, now: datetime, reader: Caller) -> AgendaOut:
    """Returns the agenda as this caller may see it."""
    meeting = view.meeting
    completion = agenda_repository.completion_of(session, meeting.id)
    return AgendaOut(
        meeting=MeetingOut.model_validate(meeting),
        attendance=attendance_out(session, meeting),
        unfinished_actions=unfinished_actions_out(session, meeting, now, reader),
        passing_window=ended_repeat_windows_out(session, meeting, now),
        cases=_case_entries(session, view, now),
        minutes_due_on=minutes_due_on(session, meeting, now),
        completed_at=completion.completed_at if completion else None,
    )


def _case_entries(session: Session, view: MeetingView, now: datetime) -> list[CaseEntryOut]:
    ids = [listing.case_id for listing in view.listings]
    decisions = case_repository.latest_decisions(session, ids)
    planned = case_action_repository.count_perpetrator_actions(session, view.meeting.id)
    shared = shared_research_out(session, view.meeting.id, ids)
    owing = case_action_repository.cases_owing_emergency_answer(session, ids)
    forum, held_on = view.meeting.forum, view.meeting.held_on
    return [
        CaseEntryOut(
            **list_entry_out(session, view, listing).model_dump(),
            shared_research=shared[listing.case_id],
            repeat=_is_repeat(decisions.get(listing.case_id)),
            **_owners(session, open_needs_of_case(session, listing.case_id)),
            perpetrator_actions=planned.get(listing.case_id, 0),
            emergency_decision_open=listing.case_id in owing,
            previous_plan=previous_plan_out(session, view.cases[listing.case_id], forum, held_on, now),
        )
        for listing in view.listings
    ]


def _is_repeat(decision: Decision | None) -> bool | None:
    """Returns whether the newest decision found a repeat, under the policy's behaviour test and anchor.

    None when not known.
    """
    if decision is None:
        return None
    fact = known_facts(decision).get("repeat")
    return fact if isinstance(fact, bool) else None


def _owners(session: Session, needs: Iterable[Need]) -> dict[str, Forum | None]:
    """Returns the present owner of each need: the one whose time span has no end."""
    owners = {
        need.kind: span.forum for need in needs for span in ownership_spans(session, need) if span.during.upper is None
    }
    return {
        "victim_owner": owners.get(NeedKind.VICTIM_SAFETY),
        "perpetrator_owner": owners.get(NeedKind.PERPETRATOR),
    }
