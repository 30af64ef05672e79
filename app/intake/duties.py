"""From the duties of a decision to actions with an owner and a deadline."""

from datetime import date, datetime

from app.actions.lifecycle import Deadline
from app.actions.service import Assignment
from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays, working_days_of
from app.meetings.schemas import HearingEstimate
from app.referrals.models import Case, Decision
from app.routing.decision import Anchors, DueDuty
from app.routing.decision import Decision as RoutingDecision
from app.routing.schedule import schedule
from app.routing.snapshot import CaseSnapshot
from app.routing.words import DvdsState

AWAITED_WITHIN_WORKING_DAYS = (
    1  # [I] a duty tied to an event without a date is looked at the next working day
)


def duties_of(
    decision: RoutingDecision,
    stored: Decision,
    case: Case,
    snapshot: CaseSnapshot,
    hearing: HearingEstimate,
    nation: str,
    now: datetime,
) -> list[Assignment]:
    """One assignment for each duty that is owed, in the decision's order.

    A duty that only an unknown fact might create waits for the answer, which is itself an action with a deadline;
    a life-safety duty does not wait (docs/decisions/0007).
    """
    calendar = working_days_of(nation)
    anchors = Anchors(now, _dates(snapshot, hearing, calendar, london_date(now)))
    return [
        _assignment(due, decision, stored, case, calendar, now)
        for due in schedule(decision, anchors, calendar)
        if due.duty.certain or due.duty.life_safety
    ]


def _dates(
    snapshot: CaseSnapshot, hearing: HearingEstimate, calendar: WorkingDays, today: date
) -> dict[str, date | None]:
    running = [
        ends for licence in snapshot.perpetrator.licences or () if (ends := licence.ends_on) and ends >= today
    ]
    history = snapshot.marac_history
    return {
        "next_hearing": hearing.held_on,
        "discharge": hearing.held_on,
        "last_hearing": history.last_heard_on if history else None,
        "licence_end": max(running, default=None),
        "dvds_application": today if snapshot.dvds is DvdsState.APPLIED else None,
        "last_level_review": snapshot.perpetrator.mappa.last_reviewed_on,
        "next_school_day": calendar.add(today, 1),
        "release": snapshot.perpetrator.release_on,
    }


def _assignment(
    due: DueDuty,
    decision: RoutingDecision,
    stored: Decision,
    case: Case,
    calendar: WorkingDays,
    now: datetime,
) -> Assignment:
    duty = due.duty
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=duty.do if due.awaiting is None else f"{duty.do} (no date yet: {due.awaiting})",
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        owner_role=duty.owner,
        deadline=_deadline(due, calendar, now),
        duty=duty.id,
        decision_id=stored.id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        told=tuple(case.agencies),
    )


def _deadline(due: DueDuty, calendar: WorkingDays, now: datetime) -> Deadline:
    if due.due_at is None and due.due_on is None:
        return Deadline(
            calendar.add(london_date(now), AWAITED_WITHIN_WORKING_DAYS), None, due.duty.life_safety
        )
    return Deadline(due.due_on, due.due_at, due.duty.life_safety)
