"""A forum's list: a case comes on it once, stays until it is heard, and brings research and invitations with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.recording.assignment import Assignment, assign_duties
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.meetings import calendar_repository, repository
from app.meetings.events import Told, tell
from app.meetings.lists.invitations import invite_practitioners
from app.meetings.lists.research import agencies_asked, request_research
from app.meetings.models import Deferral, Listing, Meeting
from app.meetings.parameters import EMERGENCY_WITHIN_WORKING_DAYS
from app.meetings.schemas import DeferralRequest, HearingEstimate
from app.referrals.models import Case, Incident
from app.referrals.repository import case_by_id
from app.reminders.deadline import Deadline
from app.vocabulary import EventType, Forum, Role


def list_case(session: Session, case: Case, estimate: HearingEstimate, now: datetime) -> None:
    """The case waits on a list: the one it is already on, the next it makes, or the forum's own until it has a calendar.

    Something new about a case that already waits joins it there and asks again whether to meet sooner.
    """
    waiting = repository.listing_ahead(session, case.id, estimate.forum)
    if waiting is not None:
        _join(session, case, *waiting, now)
        return
    if not _was_heard_and_nothing_arrives(session, case, estimate.forum, now):
        place_on_list(session, case, estimate, now)


def place_on_list(session: Session, case: Case, estimate: HearingEstimate, now: datetime) -> None:
    """The case is on that meeting's list, which is prepared, or on the forum's own while no meeting is known."""
    unplaced = repository.unplaced_listing(session, case.id, estimate.forum)
    if unplaced is None:
        _come_on_list(session, case, estimate, now)
    elif estimate.meeting_id is not None:
        repository.move_listing(session, unplaced, estimate.meeting_id)
    if estimate.meeting_id is not None:
        prepare(session, case, estimate.meeting_id, unplaced.listed_at if unplaced else now, now)
    elif unplaced is None:
        tell(session, EventType.CASE_LISTED, case, estimate.forum, now)


def _was_heard_and_nothing_arrives(session: Session, case: Case, forum: Forum, now: datetime) -> bool:
    """An area's forum hears once; another decision about the same events is no second hearing, a new event is."""
    heard = repository.was_heard_in(session, case.id, forum, case.area)
    return heard and not repository.incidents_arriving(session, case, now)


def _come_on_list(session: Session, case: Case, estimate: HearingEstimate, now: datetime) -> None:
    row: dict[str, object] = {
        "id": new_id("lst"),
        "case_id": case.id,
        "meeting_id": estimate.meeting_id,
        "forum": estimate.forum,
        "area": case.area,
        "agencies": sorted({*case.agencies, *agencies_asked(session, case)}),
        "listed_at": now,
    }
    repository.list_case_unless_listed(session, row)


def place_waiting(session: Session, area: str, forum: Forum, now: datetime) -> None:
    """Cases that waited while the forum had no meeting are on the list of its next one that is still open."""
    waiting = repository.listings_without_meeting(session, area, forum)
    ahead = calendar_repository.meetings_from(session, area, forum, london_date(now)) if waiting else ()
    following = next((meeting for meeting in ahead if meeting.cut_off_on >= london_date(now)), None)
    for listing in waiting if following else ():
        case = case_by_id(session, listing.case_id)
        assert following is not None and case is not None  # noqa: S101, PT018 - a foreign key
        repository.move_listing(session, listing, following.id)
        prepare(session, case, following.id, listing.listed_at, now)


def prepare(session: Session, case: Case, meeting_id: str, listed_at: datetime, now: datetime) -> None:
    """Both people's practitioners are invited and every agency is asked what it holds (D10, D11, D12); partners are told."""
    meeting = calendar_repository.meeting_by_id(session, meeting_id)
    assert meeting is not None  # noqa: S101 - a foreign key
    invite_practitioners(session, case, meeting, now)
    request_research(session, case, meeting, listed_at, now)
    where: dict[str, Told] = {"meeting_id": meeting.id, "held_on": meeting.held_on}
    tell(session, EventType.CASE_LISTED, case, Forum(meeting.forum), now, where)


def _join(session: Session, case: Case, listing: Listing, meeting: Meeting, now: datetime) -> None:
    """Everyone who reported since may see the listing; an incident of this very moment re-opens D07."""
    missing = set(case.agencies) - set(listing.agencies)
    if missing:
        listing.agencies = sorted({*listing.agencies, *missing})
        session.flush()
    arrived = repository.incidents_arriving(session, case, now)
    if any(_is_new(incident, listing) for incident in arrived):
        ask_whether_to_meet_sooner(
            session, case, meeting, "Something new was reported while the case waits to be heard", now
        )


def _is_new(incident: Incident, listing: Listing) -> bool:
    """Whether it happened, or was first reported, after the case was listed; old records that arrive late are not new."""
    reported_at = datetime.fromisoformat(incident.document["reported_at"])
    return max(incident.occurred_at, reported_at) > listing.listed_at


def ask_whether_to_meet_sooner(
    session: Session, case: Case, meeting: Meeting, because: str, now: datetime
) -> None:
    """The chair owes an answer within a working day, whatever was answered before (D07).

    Source: DHR "Jean" 14.1.24: the event between referral and hearing ended as an e-mail.
    """
    answer_by = calendar_of_area(session, case.area).add(london_date(now), EMERGENCY_WITHIN_WORKING_DAYS)
    duty = Assignment(
        case_id=case.id,
        area=case.area,
        what=f"Decide whether to hold an emergency meeting before {meeting.held_on.isoformat()}. {because}",
        done_when="Yes or no with the chair's reason is recorded",
        owner_role=Role.MARAC_CHAIR,
        deadline=Deadline(answer_by, None),
        duty="D07",
        forums=(meeting.forum,),
        informed=(*case.agencies, agency_in_post(session, case.area, Role.MARAC_COORDINATOR) or ""),
    )
    assign_duties(session, [duty], now)


def defer_case(
    session: Session, caller: Caller, case: Case, sent: DeferralRequest, now: datetime
) -> Deferral:
    """The case is on a later list and off this one; the longer wait asks again whether to meet sooner."""
    listing = repository.listing_of(session, case.id, sent.meeting_id)
    later = calendar_repository.meeting_by_id(session, sent.to_meeting_id)
    earlier = calendar_repository.meeting_by_id(session, sent.meeting_id)
    if listing is None or earlier is None or later is None:
        raise NotFound("this case is not on that meeting's list, or there is no such later meeting")
    if listing.heard_on is not None:
        raise Conflict("this case was heard at that meeting; it cannot be put off any more")
    if (later.area, later.forum) != (earlier.area, earlier.forum) or later.held_on <= earlier.held_on:
        raise Conflict("a case is put off to a later meeting of the same forum in the same area")
    made = move_case(session, caller, case, listing, later, sent.reason, now)
    ask_whether_to_meet_sooner(session, case, later, "The hearing was put off", now)
    return made


def move_case(
    session: Session,
    caller: Caller,
    case: Case,
    listing: Listing,
    to: Meeting,
    reason: str,
    now: datetime,
) -> Deferral:
    """The case is on another meeting's list, with the reason on record, and that meeting is prepared."""
    made = Deferral(
        id=new_id("dfr"),
        case_id=case.id,
        area=case.area,
        agencies=listing.agencies,
        listing_id=listing.id,
        from_meeting_id=listing.meeting_id,
        to_meeting_id=to.id,
        reason=reason,
        deferred_by=caller.answerable,
        deferred_at=now,
    )
    session.add(made)
    repository.move_listing(session, listing, to.id)
    session.flush()
    prepare(session, case, to.id, listing.listed_at, now)
    return made
