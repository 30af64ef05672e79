"""Facts that only duties read: children, adults at risk, disclosure, orders, supervision, contact."""

from datetime import datetime

from app.routing.facts.incident_counts import recent
from app.routing.facts.snapshot import CaseSnapshot, Child, IncidentFacts
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import DvdsState, ReferralRoute

SCHOOL_AGES = range(4, 19)
_YEAR = 12


def child_affected(child: Child) -> bool | None:
    """Returns whether the child lives in the household or the perpetrator has access to them."""
    return three_valued_or((child.in_household, child.perpetrator_access))


def child_at_school(child: Child) -> bool | None:
    """Returns whether an affected child is of school age, taught at school or at home."""
    of_age = None if child.age is None else child.age in SCHOOL_AGES
    return three_valued_and(child_affected(child), of_age)


def section_42(case: CaseSnapshot) -> bool | None:
    """Returns whether all three conditions of the Care Act 2014, section 42, hold; False when one is known not to."""
    victim = case.victim
    return three_valued_and(victim.care_needs, victim.at_risk_of_abuse, victim.unable_to_protect_self)


def cross_area(case: CaseSnapshot) -> bool | None:
    """Returns whether victim and perpetrator live in different areas."""
    areas = (case.victim.home_area, case.perpetrator.home_area)
    return None if None in areas else areas[0] != areas[1]


def is_crossed(case: CaseSnapshot, incident: IncidentFacts) -> bool:
    """Returns whether one of the two has the opposite role in the incident."""
    perpetrator = case.perpetrator.ref
    return incident.perpetrator_ref == case.victim.ref or (
        perpetrator is not None and incident.victim_ref == perpetrator
    )


def roles_reversed(case: CaseSnapshot) -> bool | None:
    """Returns whether another incident has the two in opposite roles: a role belongs to an incident."""
    if case.incidents is None or case.perpetrator.ref is None:
        return None
    return any(is_crossed(case, i) for i in case.incidents)


def another_perpetrator(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether somebody else harmed the same victim in the last year."""
    if case.incidents is None:
        return None
    return any(
        i.victim_ref == case.victim.ref and i.perpetrator_ref is not None and i.perpetrator_ref != case.perpetrator.ref
        for i in recent(case.incidents, at, _YEAR)
    )


def antisocial_behaviour(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether a report of antisocial behaviour may hide abuse (Jean review, 14.1.3, 16.2)."""
    if case.route is ReferralRoute.ASB_SCREEN:
        return True
    if case.incidents is None:
        return None
    reports = recent(case.incidents, at, _YEAR)
    return three_valued_or(i.asb_linked for i in reports if not is_crossed(case, i))


def _people_facts(case: CaseSnapshot) -> dict[str, Fact]:
    children = case.children
    return {
        "child_affected": None if children is None else three_valued_or(child_affected(c) for c in children),
        "child_at_school": None if children is None else three_valued_or(child_at_school(c) for c in children),
        "section_42": section_42(case),
        "victim_supervised": case.victim.under_supervision,
        "victim_moved": case.victim.moved_area,
        "home_insecure": case.victim.home_insecure,
        "safe_contact_recorded": case.safe_contact_recorded,
        "cross_area": cross_area(case),
        "roles_reversed": roles_reversed(case),
    }


def _police_facts(case: CaseSnapshot) -> dict[str, Fact]:
    person = case.perpetrator
    return {
        "dvds_open": None if case.dvds is None else case.dvds is DvdsState.APPLIED,
        "dvds_disclosed": None if case.dvds is None else case.dvds is DvdsState.DISCLOSED,
        "arrested_without_charge": person.arrested_without_charge,
        "residing_together": case.residing_together,
        "suspect_outstanding": person.suspect_outstanding,
        "protective_order_granted": case.protective_order_granted,
        "joint_visit_agreed": case.joint_visit_agreed,
        "investigation_closing": case.investigation_closing,
    }


def _supervision_facts(case: CaseSnapshot) -> dict[str, Fact]:
    person = case.perpetrator
    return {
        "missed_supervision": person.missed_supervision,
        "breach_suspected": person.breach_suspected,
        "address_approved": person.address_approved,
        "address_check_requested": person.address_check_requested,
        "crosses_boundary": person.crosses_boundary,
        "practitioner_absent": person.practitioner_absent,
    }


def safety_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    """Returns the facts that duties read and on which no lead depends."""
    return {
        **_people_facts(case),
        **_police_facts(case),
        **_supervision_facts(case),
        "another_perpetrator": another_perpetrator(case, at),
        "antisocial_behaviour": antisocial_behaviour(case, at),
    }
