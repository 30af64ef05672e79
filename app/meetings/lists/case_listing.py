"""Puts cases on the lists of meetings. A case is listed once and stays on a list until it is heard."""

from datetime import datetime

from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.events import EventDetail, record_case_event
from app.meetings.lists.emergency_duty import assign_emergency_meeting_duty
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.lists.invitations import invite_practitioners
from app.meetings.lists.moved_dates import count_from_hearing
from app.meetings.lists.research_requests import agencies_to_ask, request_research
from app.meetings.models import Deferral, Listing, Meeting
from app.meetings.repositories import calendar_repository, listing_repository
from app.meetings.repositories.new_incidents import has_incident_since, incidents_recorded_at
from app.meetings.repositories.research_repository import was_asked_since
from app.ownership.repository import is_owned_by
from app.referrals.models import Case, Incident
from app.referrals.repositories.case_repository import case_by_id
from app.vocabulary import EventType, Forum, NeedKind

SOMETHING_NEW = "Something new was reported while the case waits to be heard"


def list_case(tx: Transaction, case: Case, estimate: HearingEstimate, *, accepted: bool = False) -> None:
    """Lists the case for the meeting of the estimate, or for the forum while its calendar is empty.

    A case that already waits stays on its list; a new incident then asks the chair again about an emergency meeting.
    When its meeting has passed, a new incident or the forum's acceptance puts it on the next list. Once the forum owns
    the victim's safety, every agency is asked for its research.
    """
    waiting = listing_repository.listing_ahead(tx.session, case.id, estimate.forum)
    if waiting is None:
        if not _was_heard_without_new_incident(tx, case, estimate.forum):
            place_on_list(tx, case, estimate)
        return
    listing, meeting = waiting
    is_new = _has_new_incident(tx, case, listing)
    if meeting.held_on < london_date(tx.now) and (is_new or accepted):
        _move_to_next_list(tx, case, listing, estimate)
    _update_waiting_case(tx, case, listing, because=SOMETHING_NEW if is_new else None)
    _ask_for_research_once_owned(tx, case, listing)


def move_case(tx: Transaction, case: Case, listing: Listing, to: Meeting, reason: str) -> Deferral:
    """Moves the case to another meeting's list, records the reason and prepares the hearing there."""
    made = Deferral(
        id=new_id("dfr"),
        case_id=case.id,
        area=case.area,
        agencies=listing.agencies,
        listing_id=listing.id,
        from_meeting_id=listing.meeting_id,
        to_meeting_id=to.id,
        reason=reason,
        deferred_by=tx.by,
        deferred_at=tx.now,
    )
    tx.session.add(made)
    listing_repository.move_listing(tx.session, listing, to.id)
    tx.session.flush()
    prepare_hearing(tx, case, to.id, listing.listed_at)
    return made


def _move_to_next_list(tx: Transaction, case: Case, listing: Listing, estimate: HearingEstimate) -> None:
    """Puts a case that its meeting has not heard on the list of the next one; until one is set it waits for it."""
    following = calendar_repository.meeting_by_id(tx.session, estimate.meeting_id) if estimate.meeting_id else None
    if following is None:
        listing_repository.move_listing(tx.session, listing, None)
        tx.session.refresh(listing)
    else:
        move_case(tx, case, listing, following, listing_repository.NOT_HEARD)


def place_on_list(tx: Transaction, case: Case, estimate: HearingEstimate) -> None:
    """Puts the case on that meeting's list and prepares the hearing; without a meeting the case waits for the forum."""
    unplaced = listing_repository.unplaced_listing(tx.session, case.id, estimate.forum)
    if unplaced is None:
        _insert_listing(tx, case, estimate)
    elif estimate.meeting_id is not None:
        listing_repository.move_listing(tx.session, unplaced, estimate.meeting_id)
    if estimate.meeting_id is not None:
        prepare_hearing(tx, case, estimate.meeting_id, unplaced.listed_at if unplaced else tx.now)
    elif unplaced is None:
        record_case_event(tx, EventType.CASE_LISTED, case, estimate.forum)


def _was_heard_without_new_incident(tx: Transaction, case: Case, forum: Forum) -> bool:
    """Returns whether a second hearing is not due.

    An area's forum hears a case again only after an incident that was reported since it last did.
    """
    # By area: after a transfer the receiving forum hears the case although another has heard it.
    heard = listing_repository.last_heard_in(tx.session, case.id, forum, case.area)
    return heard is not None and not has_incident_since(tx.session, case, heard, tx.now)


def _insert_listing(tx: Transaction, case: Case, estimate: HearingEstimate) -> None:
    row: dict[str, object] = {
        "id": new_id("lst"),
        "case_id": case.id,
        "meeting_id": estimate.meeting_id,
        "forum": estimate.forum,
        "area": case.area,
        "agencies": sorted({*case.agencies, *agencies_to_ask(tx.session, case)}),
        "listed_at": tx.now,
    }
    listing_repository.insert_listing_unless_there(tx.session, row)


def place_waiting_cases(tx: Transaction, area: str, forum: Forum) -> None:
    """Puts the cases that waited for this forum on the list of its next meeting whose cut-off has not passed."""
    today = london_date(tx.now)
    waiting = listing_repository.listings_without_meeting(tx.session, area, forum)
    ahead = calendar_repository.ordinary_meetings_from(tx.session, area, forum, today) if waiting else ()
    following = next((meeting for meeting in ahead if meeting.cut_off_on >= today), None)
    for listing in waiting if following else ():
        case = case_by_id(tx.session, listing.case_id)
        assert following is not None and case is not None  # noqa: S101, PT018 - a foreign key
        listing_repository.move_listing(tx.session, listing, following.id)
        prepare_hearing(tx, case, following.id, listing.listed_at)


def prepare_hearing(tx: Transaction, case: Case, meeting_id: str, listed_at: datetime) -> None:
    """Invites both people's practitioners and records the event (D10). What counts from the hearing counts from here.

    Every agency is asked for its research once the forum has accepted the case, and not before (D11, D12): nobody looks
    up what the forum may yet decline to hear. What was asked before is asked again for this meeting.
    """
    meeting = _meeting(tx, meeting_id)
    invite_practitioners(tx, case, meeting)
    if _is_owned(tx, case, meeting.forum) or was_asked_since(tx.session, case.id, listed_at):
        request_research(tx, case, meeting, listed_at)
    count_from_hearing(tx, case, meeting)
    details: dict[str, EventDetail] = {"meeting_id": meeting.id, "held_on": meeting.held_on}
    record_case_event(tx, EventType.CASE_LISTED, case, meeting.forum, details)


def ask_for_research(tx: Transaction, case: Case, meeting: Meeting) -> None:
    """Asks every agency for its research, for a forum that has said that it meets for the case (D07)."""
    waiting = listing_repository.listing_ahead(tx.session, case.id, meeting.forum)
    if waiting is not None:
        request_research(tx, case, meeting, waiting[0].listed_at)


def _ask_for_research_once_owned(tx: Transaction, case: Case, listing: Listing) -> None:
    """Asks for the research of a listed case that the forum owns and for which nobody has been asked yet.

    However it came to own the need: by its acceptance, or by a need of the same victim that it had already.
    """
    meeting = _meeting(tx, listing.meeting_id) if listing.meeting_id else None
    if meeting is None or was_asked_since(tx.session, case.id, listing.listed_at):
        return
    if _is_owned(tx, case, meeting.forum):
        request_research(tx, case, meeting, listing.listed_at)


def _is_owned(tx: Transaction, case: Case, forum: Forum) -> bool:
    return is_owned_by(tx.session, case.id, NeedKind.VICTIM_SAFETY, forum)


def _meeting(tx: Transaction, meeting_id: str) -> Meeting:
    meeting = calendar_repository.meeting_by_id(tx.session, meeting_id)
    assert meeting is not None  # noqa: S101 - a foreign key
    return meeting


def _update_waiting_case(tx: Transaction, case: Case, listing: Listing, because: str | None) -> None:
    """Shows the listing to every agency that reported since, and asks about an emergency meeting if there is a cause.

    The cause is something new (D07).
    """
    missing = set(case.agencies) - set(listing.agencies)
    if missing:
        listing.agencies = sorted({*listing.agencies, *missing})
        tx.session.flush()
    meeting = calendar_repository.meeting_by_id(tx.session, listing.meeting_id) if listing.meeting_id else None
    if because is not None and meeting is not None:
        assign_emergency_meeting_duty(tx, case, meeting, because)


def _has_new_incident(tx: Transaction, case: Case, listing: Listing) -> bool:
    """Returns whether the present request reports an event that is new since the case was listed."""
    incidents = incidents_recorded_at(tx.session, case, tx.now)
    return any(_is_new_since_listing(incident, listing) for incident in incidents)


def _is_new_since_listing(incident: Incident, listing: Listing) -> bool:
    """Returns whether the incident happened, or was first reported, after the case was listed.

    Old records may arrive late.
    """
    reported_at = datetime.fromisoformat(incident.document["reported_at"])
    return max(incident.occurred_at, reported_at) > listing.listed_at
