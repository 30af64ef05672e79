"""Facts about the couple, about reaching the victim and about the home."""

from datetime import date, datetime

from app.routing.facts.dates import london_date
from app.routing.facts.orders import in_force
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import (
    ClaimedCriterion,
    OrderKind,
    PoliceContactWish,
    TenancyHolder,
    Tenure,
    VictimAwareness,
    VisitRisk,
)

_CLAIMS = {
    "claims_high_ticks": ClaimedCriterion.VISIBLE_HIGH_RISK,
    "claims_judgement": ClaimedCriterion.PROFESSIONAL_JUDGEMENT,
    "claims_escalation": ClaimedCriterion.POTENTIAL_ESCALATION,
    "claims_repeat": ClaimedCriterion.REPEAT,
    "claims_transfer": ClaimedCriterion.TRANSFER,
}
_NO_HOME_TO_SECURE = frozenset({Tenure.REFUGE, Tenure.NO_FIXED_ABODE})
_MAY_ENTER = frozenset({TenancyHolder.PERPETRATOR, TenancyHolder.JOINT})


def contact_held(case: CaseSnapshot) -> bool:
    """Returns whether it is stated that contact could harm: the victim does not know, or no way is safe.

    Silence holds nothing.
    """
    unaware = case.contact.victim_aware in {VictimAwareness.NOT_AWARE_UNSAFE, VictimAwareness.NOT_AWARE_NOT_REACHED}
    return unaware or case.contact.safe.channels == ()


def safe_contact_recorded(case: CaseSnapshot) -> bool:
    """Returns whether anything is recorded of how the victim is reached safely; that no way is safe is a record too.

    So are two ways that two agencies name: they are asked about, and nobody is told that nothing is recorded.
    """
    safe = case.contact.safe
    recorded = (safe.channels, safe.message_safe, safe.withheld_number, safe.ask_agency)
    return safe.hours_recorded or safe.ways_differ or any(each is not None for each in recorded)


def perpetrator_may_enter(case: CaseSnapshot, today: date) -> bool:
    """Returns whether the perpetrator holds or shares the tenancy, and no occupation order in force keeps them out."""
    orders = [order for order in case.orders or () if order.kind is OrderKind.OCCUPATION_ORDER]
    kept_out = any(in_force(order, today) for order in orders)
    return case.victim.tenancy_holder in _MAY_ENTER and not kept_out


def contact_facts(case: CaseSnapshot, at: datetime) -> dict[str, Fact]:
    """Returns the facts about the couple, about reaching the victim, and about what the referrer claims.

    What nobody has raised is None: the policy says how that silence is read.
    """
    raised = {**_raised_about_contact(case), **_raised_about_home(case, london_date(at))}
    return {
        "relationship": case.contact.relationship,
        "victim_aware": case.contact.victim_aware,
        "safe_contact_recorded": safe_contact_recorded(case),
        "address_known_to_perpetrator": case.victim.address_known_to_perpetrator,
        "capacity_doubted": case.victim.capacity_doubted,
        "advocate_needed": case.victim.advocate_needed,
        **{name: True if so else None for name, so in raised.items()},
    }


def _raised_about_contact(case: CaseSnapshot) -> dict[str, bool]:
    contact = case.contact
    return {
        "contact_held": contact_held(case),
        "firearm_risk": VisitRisk.FIREARM in contact.visit_risks,
        "police_report_wanted": contact.police_contact_wanted is PoliceContactWish.YES,
        "others_feared": any(ref != case.perpetrator.ref for ref in contact.also_feared),
        **{name: criterion in contact.criteria_claimed for name, criterion in _CLAIMS.items()},
    }


def _raised_about_home(case: CaseSnapshot, today: date) -> dict[str, bool]:
    return {
        "no_public_funds": case.victim.recourse_to_public_funds is False,
        "no_home_to_secure": case.victim.tenure in _NO_HOME_TO_SECURE,
        "homeless": case.victim.tenure is Tenure.NO_FIXED_ABODE,
        "perpetrator_may_enter": perpetrator_may_enter(case, today),
    }
