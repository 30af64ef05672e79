"""A meeting's list as a response, and what is read once for each meeting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.meetings.agenda_response_schemas import InvitationOut, ListEntryOut, MeetingListOut
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import Invitation
from app.meetings.repositories import listing_repository, research_repository
from app.meetings.repositories.new_incidents import count_incidents_since
from app.meetings.research_schemas import ResearchOut
from app.meetings.schemas import MeetingOut
from app.referrals.models import Case


@dataclass(frozen=True, slots=True)
class MeetingView:
    """What one caller may see of a meeting, read once. `cases` holds the cases of the visible listings."""

    meeting: Meeting
    listings: Sequence[Listing]
    cases: Mapping[str, Case]
    invitations: Mapping[str, list[Invitation]]
    research: Mapping[str, list[ResearchOut]]


def read_meeting_view(
    session: Session, meeting: Meeting, cases: Mapping[str, Case], requests: Sequence[ResearchOut]
) -> MeetingView:
    """Reads everything about the meeting that the caller's rows show; the research requests are read already."""
    invitations: dict[str, list[Invitation]] = defaultdict(list)
    for row in research_repository.invitations_of(session, meeting.id):
        invitations[row.case_id].append(row)
    research: dict[str, list[ResearchOut]] = defaultdict(list)
    for one in requests:
        research[one.case_id].append(one)
    listings = [row for row in listing_repository.listings_of_meeting(session, meeting.id) if row.case_id in cases]
    return MeetingView(meeting, listings, cases, invitations, research)


def meeting_list_out(session: Session, view: MeetingView) -> MeetingListOut:
    """Returns the list: which cases are heard, by the pseudonyms that agencies search with."""
    return MeetingListOut(
        meeting=MeetingOut.model_validate(view.meeting),
        items=[list_entry_out(session, view, listing) for listing in view.listings],
    )


def list_entry_out(session: Session, view: MeetingView, listing: Listing) -> ListEntryOut:
    """Returns one case on the list, with its invitations and its research."""
    case = view.cases[listing.case_id]
    return ListEntryOut(
        case_id=case.id,
        case_reference=case.reference,
        victim_ref=case.victim_ref,
        perpetrator_ref=case.perpetrator_ref,
        listed_at=listing.listed_at,
        heard_on=listing.heard_on,
        incidents_since_listing=count_incidents_since(session, case, listing.listed_at),
        invited=[InvitationOut.model_validate(row) for row in view.invitations.get(case.id, [])],
        research=list(view.research.get(case.id, [])),
    )
