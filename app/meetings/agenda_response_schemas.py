"""Responses about lists, agendas and earlier plans."""

from datetime import date

from app.actions.response_schemas import ActionOut
from app.foundation.web.schema import Instant, Shown
from app.meetings.research_schemas import ResearchOut, SharedResearchOut
from app.meetings.schemas import MeetingOut
from app.meetings.sitting_schemas import AttendanceOut, MeetingReviewOut
from app.meetings.vocabulary import Party
from app.vocabulary import ActionOutcome, ActionState, Forum


class InvitationOut(Shown):
    """A practitioner who is invited to the hearing: for which party, in which role, of which agency."""

    party: Party
    role: str
    agency: str | None
    invited_at: Instant


class ListEntryOut(Shown):
    """A case on a meeting's list, by the pseudonyms that agencies search their records with."""

    case_id: str
    case_reference: str
    victim_ref: str
    perpetrator_ref: str | None
    listed_at: Instant
    heard_on: date | None
    incidents_since_listing: int
    invited: list[InvitationOut]
    research: list[ResearchOut]


class MeetingListOut(Shown):
    """A meeting's list: what an agency needs for its research."""

    meeting: MeetingOut
    items: list[ListEntryOut]


class PlannedActionOut(Shown):
    """An action of an earlier plan and what became of it. `failed`: it was declined, not possible or not done."""

    action_id: str
    what: str
    owner_agency: str | None
    owner_role: str
    due_on: date | None
    state: ActionState
    outcome: ActionOutcome | None
    reported: str | None
    failed: bool


class PreviousPlanOut(Shown):
    """The plan of the last time this case was heard, with the outcome of each action."""

    case_id: str
    heard_on: date
    discharged_at: Instant | None
    plan: str | None
    actions: list[PlannedActionOut]


class UnfinishedActionOut(Shown):
    """An action of an earlier meeting, or a late one.

    Shows whether it waits for the chair's review, and its reviews at this meeting.
    """

    case_reference: str
    action: ActionOut
    needs_review: bool
    reviewed: list[MeetingReviewOut]


class EndedRepeatWindowOut(Shown):
    """A case whose repeat window ended since the last meeting. Its flags end, and agencies learn it at this meeting."""

    case_id: str
    case_reference: str
    window_from: date
    window_ended_on: date


class CaseEntryOut(ListEntryOut):
    """A case on the agenda with everything the meeting needs: whether it is a repeat, who owns what, the last plan.

    Research tells facts from opinions.
    """

    repeat: bool | None
    shared_research: SharedResearchOut
    victim_owner: Forum | None
    perpetrator_owner: Forum | None
    perpetrator_actions: int
    emergency_decision_open: bool
    previous_plan: PreviousPlanOut | None


class AgendaOut(Shown):
    """The agenda in SafeLives' order: unfinished actions, cases whose repeat window ended, then each case."""

    meeting: MeetingOut
    marking: str = "OFFICIAL-SENSITIVE: not to be passed on without the chair's agreement"
    attendance: list[AttendanceOut]
    unfinished_actions: list[UnfinishedActionOut]
    passing_window: list[EndedRepeatWindowOut]
    cases: list[CaseEntryOut]
    minutes_due_on: date
    completed_at: Instant | None
