"""A meeting's list as it is shown, and what is read once for each meeting. Every row passes the caller's filter."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.meetings import agenda_repository, repository
from app.meetings.agenda_schemas import InvitationOut, ListEntryOut, MeetingListOut
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import Invitation, ResearchRequest
from app.meetings.research_schemas import ResearchForm, ResearchOut, ResearchState
from app.meetings.schemas import MeetingOut
from app.referrals.models import Case


@dataclass(frozen=True, slots=True)
class ListingView:
    """What was read once for a meeting and is shown case by case. `cases` are those of the visible listings."""

    meeting: Meeting
    listings: Sequence[Listing]
    cases: Mapping[str, Case]
    invitations: Mapping[str, list[Invitation]]
    research: Mapping[str, list[ResearchOut]]


def read_sheet(session: Session, meeting: Meeting, cases: Mapping[str, Case], now: datetime) -> ListingView:
    """Everything about the meeting that this caller may see."""
    invitations: dict[str, list[Invitation]] = defaultdict(list)
    for row in agenda_repository.invitations_of(session, meeting.id):
        invitations[row.case_id].append(row)
    research: dict[str, list[ResearchOut]] = defaultdict(list)
    for shown in show_research(session, agenda_repository.research_of_meeting(session, meeting.id), now):
        research[shown.case_id].append(shown)
    listings = [row for row in repository.listings_of_meeting(session, meeting.id) if row.case_id in cases]
    return ListingView(meeting, listings, cases, invitations, research)


def show_list(session: Session, sheet: ListingView) -> MeetingListOut:
    """The list: which cases are heard, by the pseudonyms that agencies search with."""
    return MeetingListOut(
        meeting=MeetingOut.model_validate(sheet.meeting),
        items=[show_entry(session, sheet, listing) for listing in sheet.listings],
    )


def show_entry(session: Session, sheet: ListingView, listing: Listing) -> ListEntryOut:
    case = sheet.cases[listing.case_id]
    return ListEntryOut(
        case_id=case.id,
        case_reference=case.reference,
        victim_ref=case.victim_ref,
        perpetrator_ref=case.perpetrator_ref,
        listed_at=listing.listed_at,
        heard_on=listing.heard_on,
        incidents_since_listing=repository.count_incidents_since(session, case, listing.listed_at),
        invited=[InvitationOut.model_validate(row) for row in sheet.invitations.get(case.id, [])],
        research=list(sheet.research.get(case.id, [])),
    )


def show_research(
    session: Session, requests: Collection[ResearchRequest], now: datetime
) -> list[ResearchOut]:
    """Each request with how it stands today: silence past its day is NOT_RETURNED, never "nothing held"."""
    answered = agenda_repository.returned_at_by_action(session, requests)
    return [_research(row, answered.get(row.action_id), london_date(now)) for row in requests]


def _research(row: ResearchRequest, returned_at: datetime | None, today: date) -> ResearchOut:
    late = ResearchState.NOT_RETURNED if today > row.due_on else ResearchState.AWAITED
    return ResearchOut(
        id=row.id,
        meeting_id=row.meeting_id,
        case_id=row.case_id,
        action_id=row.action_id,
        agency=row.agency,
        form=ResearchForm(row.form),
        due_on=row.due_on,
        requested_at=row.requested_at,
        state=ResearchState.RETURNED if returned_at else late,
        returned_at=returned_at,
    )
