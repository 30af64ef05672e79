"""Turns the duties of a decision into actions, each with an owner and a deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions.duty_ids import DISCLOSURE_SCHEME
from app.actions.recording.draft import Assignment
from app.actions.repository import duties_done_since, open_duties_of_case
from app.actions.wording.contact_bars import with_bar
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import WorkingDays
from app.intake.deceased import still_owed
from app.intake.particulars.of_duty import PLACES_THE_VICTIM, particulars
from app.intake.report_time import next_school_morning, own_time_of_report
from app.intake.supervision import SupervisingServices, supervising_services
from app.meetings.lists.contact_bars import bar_for, barred_contacts
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.vocabulary import NotToContact
from app.ownership.repository import cases_of_need, open_needs_of_case
from app.referrals.before_contact.known_services import agencies_with_perpetrator
from app.referrals.models import Case, Decision
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_on, schedule
from app.routing.facts.orders import next_court_date
from app.routing.facts.perpetrator import last_level_set_on
from app.routing.facts.protection.disclosure import application_day
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.duty_ids import JOINT_VISIT
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DueRule, DutyKind, DutySubject, DutyTemplate, Policy
from app.routing.record.decision import Anchors, DueDuty, RoutingDecision
from app.vocabulary import NeedKind, Role

# [I] A duty that runs from an event without a date yet is looked at on the next working day.
AWAITED_WITHIN_WORKING_DAYS = 1
# [I] A later duty without a date yet is looked at after two weeks.
LOOKED_AT_AGAIN_AFTER_WORKING_DAYS = 10
_ONCE_FOR_PERSON: Mapping[DutySubject, NeedKind] = {
    DutySubject.VICTIM: NeedKind.VICTIM_SAFETY,
    DutySubject.CHILDREN: NeedKind.VICTIM_SAFETY,
    DutySubject.PERPETRATOR: NeedKind.PERPETRATOR,
}
SCHOOL_DAY_BEGINS = "school_day_begins"


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case with the decision just made on it, the policy and facts behind that, and when MARAC hears it.

    `deceased` names the needs whose person died; `reported_at` is when the newest report came: what was done since is
    not asked for again.
    """

    case: Case
    policy: Policy
    decision: RoutingDecision
    stored: Decision
    snapshot: CaseSnapshot
    hearing: HearingEstimate
    deceased: frozenset[NeedKind]
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class DutyContext:
    """What owners, words and deadlines of duties depend on.

    `visit_on` is the day of an agreed joint visit, if one is open; `barred` are those whom nobody may contact,
    `perpetrators_side` the agencies that work with the perpetrator; the hub and MARAC are of the victim's side;
    `other_cases` the further cases of each of the two people.
    """

    services: SupervisingServices
    calendar: WorkingDays
    visit_on: date | None
    now: datetime
    barred: Sequence[NotToContact]
    perpetrators_side: frozenset[str] = frozenset()
    other_cases: Mapping[NeedKind, tuple[str, ...]] = field(default_factory=dict)


def duty_assignments(tx: Transaction, decided: DecidedCase) -> list[Assignment]:
    """Makes one assignment for each duty that one person must do, in the decision's order.

    So is a step whose receiver's post nobody fills: it is the sender's to see to. Nobody is given a duty about a person
    who died.
    """
    context = replace(_duty_context(tx, decided), other_cases=_other_cases(tx.session, decided.case.id))
    owed = schedule(decided.decision, _anchors(decided, context), context.calendar)
    if any(_is_of_scheme(due.duty.id) for due in owed):
        context = replace(context, perpetrators_side=_perpetrators_side(tx, decided))
    wanted = [
        _assignment(due, decided, context)
        for due in owed
        if (template := _template(due, decided.policy)) is None or still_owed(template, decided.deceased)
    ]
    kinds = {duty.id: duty.kind for duty in decided.decision.duties}
    done = duties_done_since(tx.session, decided.case.id, decided.reported_at)
    return [
        one
        for one in wanted
        if (one.duty, one.about) not in done and _is_somebodys(tx.session, kinds[one.duty or ""], one)
    ]


def _is_somebodys(session: Session, kind: DutyKind, wanted: Assignment) -> bool:
    """Returns whether a person must do it now: an act, or a step that reaches nobody."""
    if kind is DutyKind.STEP and wanted.recipient is not None:
        filled = agency_in_post(session, wanted.area, wanted.recipient)
        return wanted.recipient != Role.REFERRER and wanted.recipient_agency is None and filled is None
    return kind in {DutyKind.ACT, DutyKind.ENQUIRY, DutyKind.LATER}


def anchors_for_questions(tx: Transaction, decided: DecidedCase) -> Anchors:
    """Returns the instant of the decision and the dates from which the clocks of its questions run.

    A school morning that was missed before this service heard hurries whoever tells the school, not whoever is asked.
    """
    context = _duty_context(tx, decided)
    anchors = _anchors(decided, context)
    morning = next_school_morning(context.now, _school_day_begins(decided), context.calendar)
    return replace(anchors, instants={**anchors.instants, "next_school_day": morning})


def _anchors(decided: DecidedCase, context: DutyContext) -> Anchors:
    agreed = {"last_level_review": decided.snapshot.perpetrator.mappa.next_review_on}
    return Anchors(context.now, _anchor_dates(decided, context), agreed, _anchor_instants(decided, context))


def _anchor_instants(decided: DecidedCase, context: DutyContext) -> dict[str, datetime]:
    """Returns when the report was made, and when the next school day after it begins."""
    made_at = own_time_of_report(decided.snapshot, context.now)
    morning = next_school_morning(made_at, _school_day_begins(decided), context.calendar)
    return {"reporting": made_at, "next_school_day": morning}


def _school_day_begins(decided: DecidedCase) -> str:
    return str(decided.policy.parameters[SCHOOL_DAY_BEGINS].value)


def _duty_context(tx: Transaction, decided: DecidedCase) -> DutyContext:
    case, snapshot = decided.case, decided.snapshot
    return DutyContext(
        # On the London date: a licence that ended yesterday names nobody any more.
        services=supervising_services(tx.session, case.area, snapshot, london_date(tx.now)),
        calendar=calendar_of_area(tx.session, case.area),
        visit_on=_open_visit_due_on(tx.session, case) if snapshot.joint_visit_agreed else None,
        now=tx.now,
        barred=barred_contacts(tx.session, case.id),
    )


def _is_of_scheme(duty_id: str) -> bool:
    return duty_id.startswith(DISCLOSURE_SCHEME)


def _perpetrators_side(tx: Transaction, decided: DecidedCase) -> frozenset[str]:
    case, person = decided.case, decided.snapshot.perpetrator
    found = agencies_with_perpetrator(tx.session, case, person, london_date(tx.now))
    of_victim = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)
    return found - {agency_in_post(tx.session, case.area, role) for role in of_victim}


def _open_visit_due_on(session: Session, case: Case) -> date | None:
    """Returns the day by which the joint visit is due, when it is an open action already."""
    visits = open_duties_of_case(session, case.id).get(JOINT_VISIT, [])
    return next((visit.due_on for visit in visits), None)


def _anchor_dates(decided: DecidedCase, context: DutyContext) -> dict[str, date | None]:
    """Returns the dates from which the policy's deadlines run; None where a date is not known."""
    snapshot, today = decided.snapshot, london_date(context.now)
    running = [ends for licence in snapshot.perpetrator.licences or () if (ends := licence.ends_on) and ends >= today]
    history = snapshot.marac_history
    dates = {
        "next_hearing": decided.hearing.held_on,
        # MARAC hears a case once and discharges it.
        "discharge": decided.hearing.held_on,
        "last_hearing": history.last_heard_on if history else None,
        # Under several licences a person is supervised until the last one ends.
        "licence_end": max(running, default=None),
        "dvds_application": application_day(snapshot.disclosure, today),
        "order_hearing": next_court_date(snapshot, today),
        "last_level_review": last_level_set_on(snapshot),
        "release": snapshot.perpetrator.release_on,
    }
    return {**dates, "joint_visit": context.visit_on or _new_visit_due_on(decided, dates, context)}


def _new_visit_due_on(decided: DecidedCase, dates: Mapping[str, date | None], context: DutyContext) -> date | None:
    """Returns the day by which the policy wants the joint visit, for duties that run from it before it is an action."""
    rule = next((duty.due for duty in decided.policy.duties if duty.id == JOINT_VISIT), None)
    return due_on(rule, Anchors(context.now, dates), context.calendar) if rule else None


def _assignment(due: DueDuty, decided: DecidedCase, context: DutyContext) -> Assignment:
    duty, decision, case = due.duty, decided.decision, decided.case
    template = _template(due, decided.policy)
    about = _about(due, decided.policy)
    limits = Parameters(parameter_values(decided.policy))
    what = duty.do + particulars(duty.id, decided.snapshot, context.services.perpetrator, context.now, limits)
    what = what if due.awaiting is None else f"{what} (no date yet: {due.awaiting})"
    reaches = template is not None and template.reaches_victim
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=with_bar(what, bar_for(duty.id, about, context.barred, reaches_victim=reaches)),
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        recipient_agency=context.services.named_for(duty.id, about, duty.recipient),
        owner_role=duty.owner,
        owner_agency=context.services.named_for(duty.id, about, duty.owner),
        deadline=_deadline(due, context),
        duty=duty.id,
        about=about,
        decision_id=decided.stored.id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        informed=_informed(duty.id, case, context),
        opens_on=_opens_on(due, template, context),
        repeats_every=_interval(template.repeats_every if template else None),
        again_within=_interval(template.again_within if template else None),
        reaches_victim=reaches,
        once_in=_once_in(template, context),
    )


def _once_in(template: DutyTemplate | None, context: DutyContext) -> tuple[str, ...]:
    """Returns the further cases in which the duty is owed once together with this one."""
    need = _ONCE_FOR_PERSON.get(template.once_for) if template else None
    return context.other_cases.get(need, ()) if need else ()


def _other_cases(session: Session, case_id: str) -> dict[NeedKind, tuple[str, ...]]:
    """Returns the further cases that each open need of the case serves: those of the same person."""
    return {
        NeedKind(need.kind): tuple(one for one in cases_of_need(session, need.id) if one != case_id)
        for need in open_needs_of_case(session, case_id)
    }


def _informed(duty_id: str, case: Case, context: DutyContext) -> tuple[str, ...]:
    """Returns which agencies of the case see the duty.

    Where a child is found, none; an application for a disclosure, nobody who works with the perpetrator.
    """
    if duty_id in PLACES_THE_VICTIM:
        return ()
    kept_from = context.perpetrators_side if _is_of_scheme(duty_id) else frozenset()
    return tuple(one for one in case.agencies if one not in kept_from)


def _template(due: DueDuty, policy: Policy) -> DutyTemplate | None:
    return next((one for one in policy.duties if one.id == due.duty.id), None)


def _about(due: DueDuty, policy: Policy) -> NeedKind | None:
    template = _template(due, policy)
    return template.about if template else None


def _interval(rule: DueRule | None) -> str | None:
    return f"{rule.amount} {rule.unit}" if rule else None


def _opens_on(due: DueDuty, template: DutyTemplate | None, context: DutyContext) -> date | None:
    """Returns the day on which a later duty opens; None: today. Without a date it is looked at after a while."""
    today = london_date(context.now)
    if template is None or template.opens is None:
        return None
    if due.due_on is None:
        return context.calendar.add(today, LOOKED_AT_AGAIN_AFTER_WORKING_DAYS)
    back = DueRule(template.opens.unit, -template.opens.amount, "due")
    opens = due_on(back, Anchors(context.now, {"due": due.due_on}), context.calendar)
    return opens if opens is not None and opens > today else None


def _deadline(due: DueDuty, context: DutyContext) -> Deadline:
    if due.due_at is None and due.due_on is None:
        look_on = context.calendar.add(london_date(context.now), AWAITED_WITHIN_WORKING_DAYS)
        return Deadline(look_on, None, due.duty.life_safety)
    return Deadline(due.due_on, due.due_at, due.duty.life_safety)
