"""The use cases of meetings: when a case can be heard, that it was, and when a forum may let it go."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.repository import unfinished_actions_of_case
from app.actions.service import person
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.meetings import repository
from app.meetings.models import Discharge, Listing, Meeting
from app.meetings.schemas import DischargeRequest, HearingEstimate, MeetingRequest
from app.outbox.service import News, record_event
from app.ownership.models import Need, Ownership
from app.ownership.repository import current_ownership, open_needs_of_case
from app.referrals.models import Case
from app.vocabulary import EventType, Forum, NeedKind, Role


def schedule_meeting(session: Session, sent: MeetingRequest, now: datetime) -> Meeting:
    """The meeting is in the calendar; saying it twice keeps the first."""
    row = {"id": new_id("mtg"), "created_at": now, **sent.model_dump()}
    repository.insert_meeting_unless_there(session, row)
    return repository.meeting_on(session, sent.area, sent.forum, sent.held_on)


def hearing_estimate(session: Session, area: str, nation: str, forum: Forum, on: date) -> HearingEstimate:
    """The next meeting that a referral of this date still makes, in working days, and any it missed by its cut-off."""
    ahead = repository.meetings_from(session, area, forum, on)
    open_ones = [meeting for meeting in ahead if meeting.cut_off_on >= on]
    following = open_ones[0] if open_ones else None
    missed = next((m for m in ahead if m.cut_off_on < on and (not following or m.held_on < following.held_on)), None)
    calendar = working_days_of(nation)
    return HearingEstimate(
        forum=forum,
        meeting_id=following.id if following else None,
        held_on=following.held_on if following else None,
        cut_off_on=following.cut_off_on if following else None,
        working_days=calendar.between(on, following.held_on) if following else None,
        missed_cut_off_on=missed.cut_off_on if missed else None,
        missed_meeting_on=missed.held_on if missed else None,
    )


def list_case(session: Session, case: Case, estimate: HearingEstimate, now: datetime) -> None:
    """The case waits on a meeting's list: the one it is already on, or the next it makes."""
    if estimate.meeting_id is None or repository.listing_ahead(session, case.id, estimate.forum):
        return
    row = {
        "id": new_id("lst"),
        "case_id": case.id,
        "meeting_id": estimate.meeting_id,
        "forum": estimate.forum,
        "area": case.area,
        "agencies": case.agencies,
        "listed_at": now,
    }
    repository.list_case_unless_listed(session, row)


def hear_case(session: Session, case: Case, meeting_id: str, now: datetime) -> Listing:
    """The case was heard on the meeting's day."""
    listing = repository.listing_of(session, case.id, meeting_id)
    meeting = session.get(Meeting, meeting_id)
    if listing is None or meeting is None:
        raise NotFound("this case is not on that meeting's list")
    if meeting.held_on > london_date(now):
        raise Conflict("that meeting has not been held yet")
    listing.heard_on = meeting.held_on
    _tell(session, EventType.CASE_HEARD, case, listing.forum, now)
    return listing


def discharge(session: Session, caller: Caller, case: Case, sent: DischargeRequest, now: datetime) -> Discharge:
    """The forum has let the case go and every need has an accepted owner outside it; otherwise `Conflict` (I6).

    Source: DHR "Jean" 14.2.4: MARAC discharged a case whose perpetrator nobody managed.
    """
    _refuse_while_unowned(session, case, sent.forum)
    _refuse_while_actions_are_unnamed(session, case, sent)
    made = Discharge(
        id=new_id("dch"),
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        forum=sent.forum,
        plan=sent.plan,
        discharged_by=person(caller),
        discharged_at=now,
    )
    session.add(made)
    _tell(session, EventType.CASE_DISCHARGED, case, sent.forum, now)
    return made


def _refuse_while_unowned(session: Session, case: Case, forum: Forum) -> None:
    owned = [(need, current_ownership(session, need)) for need in open_needs_of_case(session, case.id)]
    blocking = [need for need, owner in owned if not _is_owned_outside(need, owner, forum)]
    if not blocking:
        return
    kinds = " and ".join(_in_words(need) for need in blocking)
    raise Conflict(
        f"{forum} cannot let this case go: {kinds} would have no accepted owner outside {forum}",
        code="discharge-without-owner",
        blocked_by=[{"need_id": need.id, "need": need.kind} for need in blocking],
        next_moves=[
            f"POST /v1/needs/{need.id}/proposals to ask a forum or agency, then its POST …/acceptances"
            for need in blocking
        ],
    )


def _is_owned_outside(need: Need, owner: Ownership, forum: Forum) -> bool:
    """The hub's holding from intake does not count for a perpetrator: somebody must have said yes."""
    if owner.forum == forum:
        return False
    return need.kind != NeedKind.PERPETRATOR or owner.proposal_id is not None


def _in_words(need: Need) -> str:
    return "the perpetrator" if need.kind == NeedKind.PERPETRATOR else "the victim's safety"


def _refuse_while_actions_are_unnamed(session: Session, case: Case, sent: DischargeRequest) -> None:
    unnamed = [a for a in unfinished_actions_of_case(session, case.id) if a.id not in sent.actions_continue]
    if unnamed:
        raise Conflict(
            f"{len(unnamed)} action(s) of this case are not finished; finish each, or name it in actions_continue",
            code="discharge-with-open-actions",
            open_actions=[{"action_id": action.id, "what": action.what} for action in unnamed[:50]],
        )


def _tell(session: Session, kind: EventType, case: Case, forum: str, now: datetime) -> None:
    told = [agency_in_post(session, case.area, role) for role in (Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)]
    news = News(
        type=kind,
        subject_type="case",
        subject_id=case.id,
        area=case.area,
        agencies=(*case.agencies, *told),
        case_id=case.id,
        forums=(forum,),
        details={"forum": forum},
    )
    record_event(session, news, now)
