"""Completes a meeting's agenda, once every case, action and agency on it is accounted for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.foundation.storage.transaction import Transaction
from app.meetings.events import record_meeting_event
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import Completion
from app.meetings.repositories import agenda_repository, case_action_repository, listing_repository
from app.meetings.sitting.attendance import expected_agencies
from app.meetings.sitting.meeting_day import bounds_of_day, refuse_before_its_day, refuse_when_complete
from app.meetings.sitting.minutes import minutes_due_on
from app.ownership.repository import open_needs_of_case
from app.vocabulary import EventType, NeedKind

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What keeps an agenda open.

    Cases not heard, cases whose plan does nothing about the perpetrator, actions not reviewed, and agencies without a
    record of attendance.
    """

    unheard: Sequence[Listing]
    unplanned: Sequence[Listing]
    unreviewed: Sequence[Action]
    missing: Collection[str]

    def __bool__(self) -> bool:
        return bool(self.unheard or self.unplanned or self.unreviewed or self.missing)


def complete_meeting(tx: Transaction, meeting: Meeting) -> Completion:
    """Completes the agenda. It is the moment at which the guards D13 and D40 are enforced in every case on the list.

    Raises `Conflict` (agenda-not-done), which lists every case, action and agency that is not accounted for.
    """
    # Reviews and completion of one meeting wait for each other, so that no review slips in behind a completion.
    take_turn(tx.session, "meeting", meeting.id)
    refuse_before_its_day(meeting, tx.now)
    refuse_when_complete(tx.session, meeting)
    _refuse_while_open(meeting, _open_items(tx.session, meeting))
    made = Completion(
        id=new_id("cmp"),
        meeting_id=meeting.id,
        area=meeting.area,
        agencies=sorted(expected_agencies(tx.session, meeting)),
        minutes_due_on=minutes_due_on(tx.session, meeting, tx.now),
        completed_by=tx.by,
        completed_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    record_meeting_event(tx, EventType.MEETING_COMPLETED, meeting, made.agencies)
    return made


def _open_items(session: Session, meeting: Meeting) -> OpenItems:
    listings = listing_repository.listings_of_meeting(session, meeting.id)
    recorded = agenda_repository.attendance_of(session, meeting.id)
    return OpenItems(
        unheard=[row for row in listings if row.heard_on is None],
        unplanned=_unplanned(session, meeting, listings),
        unreviewed=agenda_repository.unreviewed_actions(session, meeting, *bounds_of_day(meeting)),
        missing=sorted(expected_agencies(session, meeting) - set(recorded)),
    )


def _unplanned(session: Session, meeting: Meeting, listings: Sequence[Listing]) -> list[Listing]:
    """Returns the cases heard here whose plan does nothing about a perpetrator who still needs an owner."""
    planned = case_action_repository.count_perpetrator_actions(session, meeting.id)
    return [
        row
        for row in listings
        if row.heard_on is not None
        and row.case_id not in planned
        and any(need.kind == NeedKind.PERPETRATOR for need in open_needs_of_case(session, row.case_id))
    ]


def _refuse_while_open(meeting: Meeting, items: OpenItems) -> None:
    if not items:
        return
    raise Conflict(
        f"the agenda is not done: {len(items.unheard)} case(s) neither heard nor put off, "
        f"{len(items.unplanned)} case(s) without an action aimed at the perpetrator, "
        f"{len(items.unreviewed)} action(s) without the chair's review, "
        f"{len(items.missing)} agencies without a record of attendance",
        code="agenda-not-done",
        unheard_cases=[row.case_id for row in items.unheard],
        unplanned_cases=[row.case_id for row in items.unplanned],
        unreviewed_actions=[{"action_id": one.id, "state": one.state} for one in items.unreviewed[:MOST_LISTED]],
        attendance_missing=items.missing,
        next_moves=[
            "POST /v1/cases/{case_id}/hearings or …/deferrals for each case",
            f"POST /v1/meetings/{meeting.id}/actions aimed at the perpetrator for each case without one",
            f"POST /v1/meetings/{meeting.id}/reviews for each action",
            f"POST /v1/meetings/{meeting.id}/attendance for each agency",
        ],
    )
