"""Turns the duties of a decision into actions, each with an owner and a deadline."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.duty_ids import DISCLOSURE_SCHEME
from app.actions.recording.draft import Assignment
from app.actions.repository import duties_done_since
from app.actions.wording.contact_bars import with_bar
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.deceased import still_owed
from app.intake.duties.dates import anchors_of, deadline_of_duty, opens_on
from app.intake.duties.decided import DecidedCase, DutyContext, duty_context, other_cases_of_both
from app.intake.duties.steps import reaches_nobody
from app.intake.particulars.of_duty import PLACES_THE_VICTIM, particulars
from app.meetings.lists.contact_bars import bar_for
from app.referrals.before_contact.known_services import agencies_with_perpetrator
from app.referrals.models import Case
from app.routing.engine.due_dates import schedule
from app.routing.policy.parameters import Parameters, parameter_values
from app.routing.policy.types import DueRule, DutyKind, DutySubject, DutyTemplate, Policy
from app.routing.record.decision import DueDuty, Duty
from app.vocabulary import NeedKind, Role

_ONCE_FOR_PERSON: Mapping[DutySubject, NeedKind] = {
    DutySubject.VICTIM: NeedKind.VICTIM_SAFETY,
    DutySubject.CHILDREN: NeedKind.VICTIM_SAFETY,
    DutySubject.PERPETRATOR: NeedKind.PERPETRATOR,
}


def duty_assignments(tx: Transaction, decided: DecidedCase) -> list[Assignment]:
    """Makes one assignment for each duty that one person must do, in the decision's order.

    So is a step whose receiver's post nobody fills: it is the sender's to see to. Nobody is given a duty about a person
    who died.
    """
    context = replace(duty_context(tx, decided), other_cases=other_cases_of_both(tx.session, decided.case.id))
    owed = schedule(decided.decision, anchors_of(decided, context), context.calendar)
    if any(_is_of_scheme(due.duty.id) for due in owed):
        context = replace(context, perpetrators_side=_perpetrators_side(tx, decided))
    wanted = [
        _assignment(due, decided, context)
        for due in owed
        if (template := _template(due, decided.policy)) is None or still_owed(template, decided.deceased)
    ]
    duties = {duty.id: duty for duty in decided.decision.duties}
    done = duties_done_since(tx.session, decided.case.id, decided.reported_at)
    asked = [one for one in wanted if (one.duty, one.about) not in done]
    return [one for one in asked if _is_somebodys(tx.session, decided, duties[one.duty or ""], one, context)]


def _is_somebodys(session: Session, decided: DecidedCase, duty: Duty, wanted: Assignment, context: DutyContext) -> bool:
    """Returns whether a person must do it now: an act, or a step that reaches nobody."""
    if duty.kind is DutyKind.STEP:
        return reaches_nobody(session, decided, duty, wanted.about, context.services)
    return duty.kind in {DutyKind.ACT, DutyKind.LATER}


def _is_of_scheme(duty_id: str) -> bool:
    return duty_id.startswith(DISCLOSURE_SCHEME)


def _perpetrators_side(tx: Transaction, decided: DecidedCase) -> frozenset[str]:
    case, person = decided.case, decided.snapshot.perpetrator
    found = agencies_with_perpetrator(tx.session, case, person, london_date(tx.now))
    of_victim = (Role.PVP_HUB, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR)
    return found - {agency_in_post(tx.session, case.area, role) for role in of_victim}


def _assignment(due: DueDuty, decided: DecidedCase, context: DutyContext) -> Assignment:
    duty, decision, case = due.duty, decided.decision, decided.case
    template = _template(due, decided.policy)
    about = _about(due, decided.policy)
    limits = Parameters(parameter_values(decided.policy))
    what = duty.do + particulars(duty.id, decided.snapshot, context.services.perpetrator, context.now, limits)
    what = what if due.awaiting is None else f"{what} (no date yet: {due.awaiting})"
    reaches = template is not None and template.reaches_victim
    opens = opens_on(due, template, context)
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=with_bar(what, bar_for(duty.id, about, context.barred, reaches_victim=reaches)),
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        recipient_agency=context.services.named_for(duty.id, about, duty.recipient),
        owner_role=duty.owner,
        owner_agency=context.services.named_for(duty.id, about, duty.owner),
        deadline=deadline_of_duty(due, context, opens),
        duty=duty.id,
        about=about,
        decision_id=decided.stored.id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        informed=_informed(duty.id, case, context),
        opens_on=opens,
        repeats_every=_interval(template.repeats_every if template else None),
        again_within=_interval(template.again_within if template else None),
        reaches_victim=reaches,
        once_in=_once_in(template, context),
    )


def _once_in(template: DutyTemplate | None, context: DutyContext) -> tuple[str, ...]:
    """Returns the further cases in which the duty is owed once together with this one."""
    need = _ONCE_FOR_PERSON.get(template.once_for) if template else None
    return context.other_cases.get(need, ()) if need else ()


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
