"""Facts that only duties read: children, adults at risk, disclosure, orders, supervision, contact."""

from datetime import date, datetime

from app.routing.facts.dates import london_date
from app.routing.facts.events import CAUGHT, newest_abuse, same_person
from app.routing.facts.incident_counts import home_is_disputed, recent
from app.routing.facts.moving.custody import in_custody
from app.routing.facts.orders import order_facts
from app.routing.facts.protection.affected import children_facts
from app.routing.facts.protection.disclosure import disclosure_facts
from app.routing.facts.protection.harm import harm_facts
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.supervision import area_of_perpetrator
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import NotArrestedReason, ReferralRoute

_YEAR = 12


def section_42(case: CaseSnapshot) -> bool | None:
    """Returns whether all three conditions of the Care Act 2014, section 42, hold; False when one is known not to."""
    victim = case.victim
    return three_valued_and(victim.care_needs, victim.at_risk_of_abuse, victim.unable_to_protect_self)


def cross_area(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether victim and perpetrator live, or may live, in different areas."""
    areas = (case.victim.home_area, area_of_perpetrator(case.perpetrator, today))
    return None if None in areas else areas[0] != areas[1] or home_is_disputed(case)


def is_crossed(case: CaseSnapshot, incident: IncidentFacts) -> bool:
    """Returns whether one of the two has the opposite role in the incident."""
    perpetrator = case.perpetrator.ref
    return incident.perpetrator_ref == case.victim.ref or (
        perpetrator is not None and incident.victim_ref == perpetrator
    )


def roles_reversed(case: CaseSnapshot) -> bool:
    """Returns whether another report has the two in opposite roles: a role belongs to a report."""
    crossed = case.crossed_case or any(is_crossed(case, i) for i in case.incidents or ())
    return case.perpetrator.ref is not None and crossed


def another_perpetrator(case: CaseSnapshot, at: datetime) -> bool:
    """Returns whether somebody else harmed the same victim in the last year."""
    return any(
        i.victim_ref == case.victim.ref and i.perpetrator_ref is not None and i.perpetrator_ref != case.perpetrator.ref
        for i in recent(case.incidents or (), at, _YEAR)
    )


def suspect_outstanding(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether the suspect is still to be arrested: as stated, or as the outcome of the newest event says.

    An arrest is the word of the hub or of the service that supervises, or of the only author there is. Nobody in
    custody is still to be arrested.
    """
    if case.perpetrator.suspect_outstanding is not None:
        return case.perpetrator.suspect_outstanding
    if in_custody(case.perpetrator, london_date(at)):
        return False
    newest = newest_abuse(case.incidents or (), case.victim.ref, case.perpetrator.ref, at)
    if newest is None:
        return None
    if NotArrestedReason.LEFT_BEFORE_POLICE in newest.not_arrested_reasons and newest.outcome not in CAUGHT:
        return True
    theirs = [i for i in case.incidents or () if same_person(i.perpetrator_ref, case.perpetrator.ref) is not False]
    only_author = len({i.author for i in theirs}) == 1
    return False if newest.outcome in CAUGHT and (newest.may_say or only_author) else None


def antisocial_behaviour(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether a report of antisocial behaviour may hide abuse (Jean review, 14.1.3, 16.2)."""
    if ReferralRoute.ASB_SCREEN in {case.route, *case.earlier_routes}:
        return True
    reports = recent(case.incidents or (), at, _YEAR)
    return three_valued_or(i.asb_linked for i in reports if not is_crossed(case, i))


def _people_facts(case: CaseSnapshot, today: date) -> dict[str, Fact]:
    return {
        "section_42": section_42(case),
        "victim_supervised": case.victim.under_supervision,
        "victim_moved": case.victim.moved_area,
        "home_insecure": case.victim.home_insecure,
        "nation": case.nation.value,
        "cross_area": cross_area(case, today),
        "roles_reversed": roles_reversed(case),
    }


def _police_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    person = case.perpetrator
    return {
        **disclosure_facts(case.disclosure, is_disputed="/disclosure/outcome" in case.disputed),
        "arrested_without_charge": person.arrested_without_charge,
        "residing_together": case.residing_together,
        "suspect_outstanding": suspect_outstanding(case, at),
        "ongoing_event": case.ongoing_event,
        "joint_visit_agreed": case.joint_visit_agreed,
        "investigation_closing": case.investigation_closing,
    }


def _supervision_facts(case: CaseSnapshot) -> dict[str, Fact]:
    person = case.perpetrator
    return {
        "missed_supervision": person.missed_supervision,
        "breach_suspected": person.breach_suspected,
        "address_refused": None if person.address_approved is None else not person.address_approved,
        "address_check_requested": person.address_check_requested,
        "crosses_boundary": person.crosses_boundary,
        "practitioner_absent": person.practitioner_absent,
        "no_fixed_abode": person.no_fixed_abode,
        "position_of_trust": person.position_of_trust,
    }


def safety_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts that duties read and on which no lead depends."""
    return {
        **children_facts(case, at, parameters),
        **_people_facts(case, london_date(at)),
        **order_facts(case, london_date(at)),
        **_police_facts(case, at),
        **_supervision_facts(case),
        **harm_facts(case, at),
        "another_perpetrator": another_perpetrator(case, at),
        "antisocial_behaviour": antisocial_behaviour(case, at),
    }
