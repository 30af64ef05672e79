"""Records the chair's decision whether the case waits for its hearing; a "yes" is a meeting with a date (D07).

Source: DHR "Jean" 14.2.12: eighteen working days from referral to hearing was too long, and nobody had to answer
for it.
"""

from collections.abc import Collection, Iterator
from datetime import date

from app.actions.further_cases.repository import cases_asked_together
from app.foundation.clock import london_date
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.decision_schemas import EmergencyRequest
from app.meetings.duty_completion import complete_duties
from app.meetings.events import record_case_event
from app.meetings.lists.case_listing import ask_for_research, move_case, place_on_list
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.lists.victims_cases import other_cases_of_victim
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import EmergencyDecision
from app.meetings.repositories import calendar_repository, case_action_repository, listing_repository
from app.meetings.vocabulary import EmergencyAnswer, MeetingKind
from app.referrals.models import Case
from app.referrals.repositories.case_repository import case_by_id
from app.routing.policy.duty_ids import EMERGENCY_MEETING
from app.vocabulary import EventType, Forum


def decide_emergency_meeting(tx: Transaction, case: Case, sent: EmergencyRequest) -> EmergencyDecision:
    """Records the answer and its reason. With HOLD it also puts the case on an emergency meeting's list.

    The question is asked once for a victim: the answer counts in each of the victim's cases that asks it, and HOLD in
    each that asks it about the same hearing, in whatever words. Raises `Conflict` when the day has passed, or when the
    case is heard by that day anyway.
    """
    waiting = listing_repository.listing_ahead(tx.session, case.id, Forum.MARAC)
    others = _cases_answered_too(tx, case, sent, waiting)
    if sent.answer is EmergencyAnswer.HOLD:
        _refuse_needless_day(waiting, sent, london_date(tx.now))
    made = _decide(tx, case, sent)
    for other in others:
        _decide(tx, other, sent)
    for answered in (case, *others):
        complete_duties(tx, answered.id, (EMERGENCY_MEETING,), f"{sent.answer}: {sent.reason}")
    return made


def _cases_answered_too(
    tx: Transaction, case: Case, sent: EmergencyRequest, waiting: tuple[Listing, Meeting] | None
) -> list[Case]:
    """Returns the victim's further cases whose question this answer settles."""
    together = cases_asked_together(tx.session, case.id, EMERGENCY_MEETING)
    found = {one.id: one for one in together if one.id != case.id}
    if sent.answer is EmergencyAnswer.HOLD and waiting is not None:
        others = other_cases_of_victim(tx.session, case.id, Forum.MARAC)
        found |= {one.id: one for one in _asked_about(tx, others, waiting[1])}
    return [found[case_id] for case_id in sorted(found)]


def _asked_about(tx: Transaction, case_ids: Collection[str], meeting: Meeting) -> Iterator[Case]:
    """Yields those of the cases that wait for this meeting and whose chair owes an answer."""
    for case_id in case_action_repository.cases_owing_emergency_answer(tx.session, case_ids):
        listed = listing_repository.listing_ahead(tx.session, case_id, Forum.MARAC)
        case = case_by_id(tx.session, case_id)
        if case is not None and listed is not None and listed[1].id == meeting.id:
            yield case


def _decide(tx: Transaction, case: Case, sent: EmergencyRequest) -> EmergencyDecision:
    hears = _meeting_that_hears(tx, case, sent)
    made = EmergencyDecision(
        id=new_id("emd"),
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        meeting_id=hears.id if hears else None,
        answer=sent.answer,
        reason=sent.reason,
        held_on=sent.held_on,
        decided_by=tx.by,
        decided_at=tx.now,
    )
    tx.session.add(made)
    answer = {"answer": sent.answer, "held_on": sent.held_on}
    record_case_event(tx, EventType.CASE_EMERGENCY_DECIDED, case, Forum.MARAC, answer)
    return made


def _refuse_needless_day(waiting: tuple[Listing, Meeting] | None, sent: EmergencyRequest, today: date) -> None:
    assert sent.held_on is not None  # noqa: S101 - `EmergencyRequest` checks it
    if sent.held_on < today:
        raise Conflict("an emergency meeting is held today or later; `held_on` has passed")
    if waiting is not None and today <= waiting[1].held_on <= sent.held_on:
        raise Conflict(
            f"the case is already heard on {waiting[1].held_on}; an emergency meeting is held before that day"
        )


def _meeting_that_hears(tx: Transaction, case: Case, sent: EmergencyRequest) -> Meeting | None:
    """Puts the case on the list of the emergency meeting, if one is held before its own; returns what hears it."""
    waiting = listing_repository.listing_ahead(tx.session, case.id, Forum.MARAC)
    own = waiting[1] if waiting is not None else None
    if sent.held_on is None or sent.answer is not EmergencyAnswer.HOLD:
        return own
    if own is not None and london_date(tx.now) <= own.held_on <= sent.held_on:
        return own
    meeting = _emergency_meeting(tx, case, sent.held_on)
    if waiting is None:
        place_on_list(tx, case, _estimate(meeting))
    else:
        move_case(tx, case, waiting[0], meeting, f"Emergency meeting: {sent.reason}")
    # Also on a day on which the forum sits anyway: the chair has said that it hears the case.
    ask_for_research(tx, case, meeting)
    return meeting


def _emergency_meeting(tx: Transaction, case: Case, held_on: date) -> Meeting:
    """Returns the forum's meeting on that day; a new one when it has none."""
    row = {
        "id": new_id("mtg"),
        "area": case.area,
        "forum": Forum.MARAC,
        "kind": MeetingKind.EMERGENCY,
        "held_on": held_on,
        # Its list stays open until the day: what cannot wait for a meeting cannot wait for a cut-off either.
        "cut_off_on": held_on,
        "created_at": tx.now,
    }
    calendar_repository.insert_meeting_unless_there(tx.session, row)
    return calendar_repository.meeting_on(tx.session, case.area, Forum.MARAC, held_on)


def _estimate(meeting: Meeting) -> HearingEstimate:
    return HearingEstimate(
        forum=meeting.forum,
        meeting_id=meeting.id,
        held_on=meeting.held_on,
        cut_off_on=meeting.cut_off_on,
        working_days=None,
        missed_cut_off_on=None,
        missed_meeting_on=None,
    )
