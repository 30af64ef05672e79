"""From the duties of a decision to actions with an owner and a deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.actions.recording.assignment import Assignment
from app.foundation.clock import london_date
from app.foundation.working_days import WorkingDays, working_days_of
from app.intake.supervision import Services
from app.meetings.schemas import HearingEstimate
from app.referrals.models import Case, Decision
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_on, schedule
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.policy.types import DueRule, DutyTemplate, Policy
from app.routing.policy.vocabulary import DvdsState
from app.routing.record.decision import Anchors, DueDuty, RoutingDecision
from app.vocabulary import NeedKind, Role

AWAITED_WITHIN_WORKING_DAYS = (
    1  # [I] a duty tied to an event without a date is looked at the next working day
)
VISIT = "D30"


@dataclass(frozen=True, slots=True)
class DutyContext:
    """What stands around a decision: its stored record and case, the hearing, the open visit, who supervises whom."""

    stored: Decision
    case: Case
    nation: str
    hearing: HearingEstimate
    services: Services
    visit_on: date | None = None


def duties_of(
    policy: Policy, decision: RoutingDecision, standing: DutyContext, snapshot: CaseSnapshot, now: datetime
) -> list[Assignment]:
    """One assignment for each duty that is owed, in the decision's order.

    A duty that only an unknown fact might create waits for the answer, which is itself an action with a deadline;
    a life-safety duty does not wait (docs/decisions/0007).
    """
    calendar = working_days_of(standing.nation)
    templates = {template.id: template for template in policy.duties}
    anchors = Anchors(now, _dates(policy, standing, snapshot, calendar, now))
    return [
        _assignment(due, templates.get(due.duty.id), decision, standing, calendar, now)
        for due in schedule(decision, anchors, calendar)
        if due.duty.certain or due.duty.life_safety
    ]


def _dates(
    policy: Policy, standing: DutyContext, snapshot: CaseSnapshot, calendar: WorkingDays, now: datetime
) -> dict[str, date | None]:
    today = london_date(now)
    running = [
        ends for licence in snapshot.perpetrator.licences or () if (ends := licence.ends_on) and ends >= today
    ]
    history = snapshot.marac_history
    dates = {
        "next_hearing": standing.hearing.held_on,
        "discharge": standing.hearing.held_on,
        "last_hearing": history.last_heard_on if history else None,
        "licence_end": max(running, default=None),
        "dvds_application": today if snapshot.dvds is DvdsState.APPLIED else None,
        "last_level_review": snapshot.perpetrator.mappa.last_reviewed_on,
        "next_school_day": calendar.add(today, 1),
        "release": snapshot.perpetrator.release_on,
    }
    return {**dates, "joint_visit": standing.visit_on or _visit_due(policy, dates, calendar, now)}


def _visit_due(
    policy: Policy, dates: Mapping[str, date | None], calendar: WorkingDays, now: datetime
) -> date | None:
    """The day by which the joint visit is due: all that is known of it until it is an action with a date."""
    rule = next((duty.due for duty in policy.duties if duty.id == VISIT), None)
    return due_on(rule, Anchors(now, dates), calendar) if rule else None


def _assignment(
    due: DueDuty,
    template: DutyTemplate | None,
    decision: RoutingDecision,
    standing: DutyContext,
    calendar: WorkingDays,
    now: datetime,
) -> Assignment:
    duty, about = due.duty, template.about if template else None
    return Assignment(
        case_id=standing.case.id,
        area=standing.case.area,
        what=duty.do if due.awaiting is None else f"{duty.do} (no date yet: {due.awaiting})",
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        recipient_agency=_practitioner(standing.services, about, duty.recipient),
        owner_role=duty.owner,
        owner_agency=_practitioner(standing.services, about, duty.owner),
        deadline=_deadline(due, calendar, now),
        duty=duty.id,
        about=about,
        decision_id=standing.stored.id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        informed=tuple(standing.case.agencies),
        repeats_every=_interval(template.repeats_every if template else None),
        again_within=_interval(template.again_within if template else None),
    )


def _practitioner(services: Services, about: NeedKind | None, role: str) -> str | None:
    """The service of the person that the duty is about; None for every other post, which the directory fills."""
    return services.get(about) if about and role == Role.SUPERVISING_PRACTITIONER else None


def _interval(rule: DueRule | None) -> str | None:
    return f"{rule.amount} {rule.unit}" if rule else None


def _deadline(due: DueDuty, calendar: WorkingDays, now: datetime) -> Deadline:
    if due.due_at is None and due.due_on is None:
        return Deadline(
            calendar.add(london_date(now), AWAITED_WITHIN_WORKING_DAYS), None, due.duty.life_safety
        )
    return Deadline(due.due_on, due.due_at, due.duty.life_safety)
