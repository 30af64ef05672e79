"""Facts about the assessment, the incidents and the MARAC history: they make a case high risk."""

from dataclasses import replace
from datetime import datetime

from app.routing.facts.answers.form_facts import form_facts
from app.routing.facts.answers.markers import MARKERS
from app.routing.facts.dates import london_date
from app.routing.facts.events import same_person
from app.routing.facts.incident_counts import CountRule, CountScope, count_incidents, settled_count
from app.routing.facts.moving.ages import victim_age_facts
from app.routing.facts.repeats import RepeatAnchor, RepeatBehaviour, is_repeat
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.history import MaracHistory
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import AssessmentTool, ReferralRoute
from app.vocabulary import Grade

NO_MEETING = 99  # working days: a wait that is too long under every policy
_GRADES = (Grade.STANDARD, Grade.MEDIUM, Grade.HIGH)


def current_grade(assessment: Assessment) -> Grade | None:
    """Returns the higher of the officer's and the hub's grade; the hub may raise a grade, never lower it."""
    known = [g for g in (assessment.officer_grade, assessment.hub_grade) if g is not None]
    return max(known, key=_GRADES.index) if known else None


def settled_ticks(assessment: Assessment, threshold: int) -> int | None:
    """Returns the number of ticks; None when the unanswered questions could bring it over the threshold.

    An unanswered question is not known and is not a "no" (Jean review, 14.1.13, 14.1.24).
    """
    if assessment.ticks is None:
        return None
    if assessment.unanswered is None:
        return assessment.ticks if assessment.completed or assessment.ticks >= threshold else None
    return settled_count(assessment.ticks, assessment.ticks + assessment.unanswered, threshold)


def red_flags(assessment: Assessment, parameters: Parameters) -> tuple[int, bool]:
    """Returns how many red flags are present, and whether every one was answered."""
    answers = [getattr(assessment, name) for name, setting in MARKERS.items() if parameters.flag(setting)]
    return answers.count(True), None not in answers


def escalation_count(case: CaseSnapshot, instant: datetime, parameters: Parameters) -> int | None:
    """Returns how many incidents fall in the escalation window, in the scope that the policy counts."""
    rule = CountRule(
        parameters.number("escalation_months"),
        CountScope(parameters.word("incident_count_scope")),
        parameters.number("escalation_incidents"),
        parameters.flag("count_asb_as_incident"),
    )
    return count_incidents(case, instant, rule)


def hub_review_count(case: CaseSnapshot, instant: datetime, parameters: Parameters) -> int | None:
    """Returns how many incidents of this couple fall in the window of the hub's review."""
    rule = CountRule(
        parameters.number("hub_review_months"),
        CountScope.DYAD,
        parameters.number("hub_review_incidents"),
    )
    return count_incidents(case, instant, rule)


def tick_threshold(tool: AssessmentTool | None, parameters: Parameters) -> int:
    """Returns the ticks of this tool that make a case high risk."""
    name = "dash27_ticks" if tool is AssessmentTool.DASH27 else "dash24_ticks"
    return parameters.number(name)


def _assessment_facts(case: CaseSnapshot, parameters: Parameters) -> dict[str, Fact]:
    seen = case.assessment
    present, complete = red_flags(seen, parameters)
    threshold = tick_threshold(seen.tool, parameters)
    return {
        "assessment_tool": seen.tool,
        "ticks": settled_ticks(seen, threshold),
        "unanswered": max((n for n in (seen.unanswered, case.left_unanswered) if n is not None), default=None),
        "grade": current_grade(seen),
        "judged_high": seen.judged_high,
        "judged_without_reason": seen.judged_high is True and not seen.judgement_reason,
        "red_flag": True if present else (False if complete else None),
        "strangulation": seen.strangulation,
        "threats_to_kill": seen.threats_to_kill,
        "separation": seen.separation,
        "pregnancy": seen.pregnancy,
        "victim_not_seen": _denied(seen.seen),
        "seen_alone": seen.seen_alone,
        "a_party_not_seen": _denied(seen.both_parties_seen),
        "perpetrator_answered_phone": seen.perpetrator_answered_phone,
        "phone_taken": seen.phone_taken,
    }


def _denied(stated: bool | None) -> bool | None:
    """Returns whether it was stated that something is not so; None while nobody has said."""
    return None if stated is None else not stated


def came_by(case: CaseSnapshot, route: ReferralRoute) -> bool:
    """Returns whether a current report of the case came that way."""
    return route is case.route or route in case.earlier_routes


def _route_facts(case: CaseSnapshot) -> dict[str, Fact]:
    unknown = case.route is None
    return {
        "transferred_in": None if unknown else came_by(case, ReferralRoute.TRANSFER),
        "dvds_panel_referral": None if unknown else came_by(case, ReferralRoute.DVDS_PANEL),
        "help_sought": case.help_sought_by is not None,
        "manager_signed_off": case.manager_signed_off,
        "consent": case.consent,
        "sharing_reason_recorded": case.consent_override_reason is not None,
    }


def _earlier_actions_open(history: MaracHistory | None) -> bool:
    """Returns whether an earlier plan still has open actions, which nobody sets again."""
    if history is None:
        return False
    if history.last_referral_on is None and history.last_heard_on is None:
        return False
    return bool(history.open_actions)


def _abuse_reported(case: CaseSnapshot) -> bool:
    """Returns whether an incident is on record in which the victim was, or may have been, abused.

    What the perpetrator did to somebody else says nothing of this victim.
    """
    return any(
        incident.asb_linked is not True and same_person(incident.victim_ref, case.victim.ref) is not False
        for incident in case.incidents or ()
    )


def _repeat(case: CaseSnapshot, at: datetime, parameters: Parameters) -> bool | None:
    """Returns whether the case is a repeat by what any author says of MARACs elsewhere."""
    months = parameters.number("repeat_months")
    anchor, behaviour = (
        RepeatAnchor(parameters.word("repeat_anchor")),
        RepeatBehaviour(parameters.word("repeat_behaviour")),
    )
    ways = [case, *(replace(case, marac_history=history) for history in case.histories)]
    found = [is_repeat(way, at, months, anchor, behaviour) for way in ways]
    return True if True in found else found[0]


def _history_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    history = case.marac_history
    return {
        "repeat": _repeat(case, at, parameters),
        "marac_stage": case.marac_stage,
        "earlier_actions_open": _earlier_actions_open(history),
        "days_to_hearing": NO_MEETING if case.working_days_to_hearing is None else case.working_days_to_hearing,
        "marac_unanswered": case.marac_clock_ended,
        "unanswered_questions": case.unanswered_questions,
        "abuse_reported": _abuse_reported(case),
    }


def risk_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts that the criteria of MARAC read, and those that say how far to trust the assessment."""
    return {
        **_assessment_facts(case, parameters),
        **form_facts(case, at),
        **_route_facts(case),
        **_history_facts(case, at, parameters),
        **victim_age_facts(case.victim, london_date(at), parameters),
        "incidents_in_window": escalation_count(case, at, parameters),
        "incidents_for_hub": hub_review_count(case, at, parameters),
    }
