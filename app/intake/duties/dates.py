"""When the duties of a decision are due: from the dates and instants that its policy counts from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.duties.decided import DecidedCase, DutyContext, duty_context
from app.intake.report_time import next_school_morning, own_time_of_report
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_on, opening_day
from app.routing.facts.orders import next_court_date
from app.routing.facts.perpetrator import last_level_set_on
from app.routing.facts.protection.disclosure import application_day
from app.routing.policy.duty_ids import JOINT_VISIT
from app.routing.policy.types import DutyTemplate
from app.routing.record.decision import Anchors, DueDuty

# [I] A duty that runs from an event without a date yet is looked at on the next working day.
AWAITED_WITHIN_WORKING_DAYS = 1
# [I] A later duty without a date yet is looked at after two weeks.
LOOKED_AT_AGAIN_AFTER_WORKING_DAYS = 10
SCHOOL_DAY_BEGINS = "school_day_begins"


def anchors_for_questions(tx: Transaction, decided: DecidedCase) -> Anchors:
    """Returns the instant of the decision and the dates from which the clocks of its questions run.

    A school morning that was missed before this service heard hurries whoever tells the school, not whoever is asked.
    """
    context = duty_context(tx, decided)
    anchors = anchors_of(decided, context)
    morning = next_school_morning(context.now, _school_day_begins(decided), context.calendar)
    return replace(anchors, instants={**anchors.instants, "next_school_day": morning})


def anchors_of(decided: DecidedCase, context: DutyContext) -> Anchors:
    agreed = {"last_level_review": decided.snapshot.perpetrator.mappa.next_review_on}
    return Anchors(context.now, _anchor_dates(decided, context), agreed, _anchor_instants(decided, context))


def _anchor_instants(decided: DecidedCase, context: DutyContext) -> dict[str, datetime]:
    """Returns when the report was made, and when the next school day after it begins."""
    made_at = own_time_of_report(decided.snapshot, context.now)
    morning = next_school_morning(made_at, _school_day_begins(decided), context.calendar)
    return {"reporting": made_at, "next_school_day": morning}


def _school_day_begins(decided: DecidedCase) -> str:
    return str(decided.policy.parameters[SCHOOL_DAY_BEGINS].value)


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


def opens_on(due: DueDuty, template: DutyTemplate | None, context: DutyContext) -> date | None:
    """Returns the day on which a later duty opens; None: today. Without a date it is looked at after a while."""
    if template is None or template.opens is None:
        return None
    if due.due_on is None:
        return context.calendar.add(london_date(context.now), LOOKED_AT_AGAIN_AFTER_WORKING_DAYS)
    return opening_day(template, due.due_on, context.now, context.calendar)


def deadline_of_duty(due: DueDuty, context: DutyContext, opens: date | None = None) -> Deadline:
    """Returns when the duty is due. Without a date it is looked at the working day after it `opens`; None: today."""
    if due.due_at is None and due.due_on is None:
        look_on = context.calendar.add(opens or london_date(context.now), AWAITED_WITHIN_WORKING_DAYS)
        return Deadline(look_on, None, due.duty.life_safety)
    return Deadline(due.due_on, due.due_at, due.duty.life_safety)
