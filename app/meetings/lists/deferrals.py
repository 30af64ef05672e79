"""Moves a listed case to another meeting and keeps the reason."""

from app.foundation.errors import Conflict, NotFound
from app.foundation.storage.transaction import Transaction
from app.meetings.lists.case_listing import move_case
from app.meetings.lists.emergency_duty import assign_emergency_meeting_duty
from app.meetings.lookup import find_listing
from app.meetings.models import Deferral
from app.meetings.repositories import calendar_repository
from app.meetings.schemas import DeferralRequest
from app.referrals.models import Case


def defer_case(tx: Transaction, case: Case, sent: DeferralRequest) -> Deferral:
    """Moves the case to a later meeting and asks the chair about an emergency meeting, because the wait grows.

    Raises `Conflict` when the case was heard, or when the other meeting is not a later one of the same forum and area.
    """
    listing = find_listing(tx.session, case.id, sent.meeting_id)
    earlier = calendar_repository.meeting_by_id(tx.session, sent.meeting_id)
    later = calendar_repository.meeting_by_id(tx.session, sent.to_meeting_id)
    assert earlier is not None  # noqa: S101 - a foreign key
    if later is None:
        raise NotFound("there is no such later meeting")
    if listing.heard_on is not None:
        raise Conflict("this case was heard at that meeting, so it cannot be put off")
    if (later.area, later.forum) != (earlier.area, earlier.forum) or later.held_on <= earlier.held_on:
        raise Conflict("a case is put off to a later meeting of the same forum in the same area")
    made = move_case(tx, case, listing, later, sent.reason)
    assign_emergency_meeting_duty(tx, case, later, "The hearing was put off")
    return made
