"""Facts about the perpetrator: serial behaviour, MAPPA, licence, risk of serious harm."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.routing.facts.dates import EVIDENCE_MONTHS, london_date, months_before
from app.routing.facts.moving.ages import perpetrator_age_facts
from app.routing.facts.moving.custody import in_custody
from app.routing.facts.orders import in_force, protects, sexual_harm_prevention
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.perpetrator import Perpetrator, Rosh
from app.routing.facts.statute import automatic_mappa, capability_shown, domestic_abuse_found
from app.routing.facts.supervision import (
    days_to_licence_end,
    on_hospital_conditions,
    supervised_on,
    supervised_without_recall,
)
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import NOT_MANAGED, EscalationKind, RoshLevel
from app.vocabulary import Forum

CATEGORY_3 = 3
LEVEL_OF_OWNER = {Forum.MAPPA_L2: 2, Forum.MAPPA_L3: 3}
_OF_AN_INCIDENT = (EscalationKind.INCIDENT_REPORT, EscalationKind.OTHER_FORCE_INCIDENT)
_SERIOUS = (RoshLevel.HIGH, RoshLevel.VERY_HIGH)


def rosh_high(rosh: Rosh) -> bool | None:
    """Returns whether the risk of serious harm is high or very high for any group."""
    groups = (rosh.public, rosh.known_adult, rosh.children, rosh.staff)
    return three_valued_or(None if level is None else level in _SERIOUS for level in groups)


def rosh_contradiction(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether an author records the risk to a known adult as low although an order in force protects one.

    Source: Jean review, 14.3.2 (high to the public, low to a known adult, two orders in force).
    """
    level = case.perpetrator.rosh.known_adult
    if level is None or case.orders is None:
        return None
    # Of two levels the higher one stands: beside medium, another author's is low.
    beside_low = level is RoshLevel.MEDIUM and "/perpetrator/rosh/known_adult" in case.disputed
    protected = any(in_force(order, today) for order in case.orders if protects(order))
    return (level is RoshLevel.LOW or beside_low) and protected


def rosh_outdated(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether the risk of serious harm was assessed before the perpetrator's newest incident on record."""
    assessed_on = case.perpetrator.rosh.assessed_on
    return None if assessed_on is None else bool(_incidents_since(case, at, assessed_on + timedelta(days=1)))


def serious_harm_likely(person: Perpetrator) -> bool | None:
    """Returns whether serious harm is likely, in the judgement of a professional or by the recorded risk level."""
    return three_valued_or((person.serious_harm_likely, rosh_high(person.rosh)))


def escalation_kinds(case: CaseSnapshot, at: datetime) -> frozenset[EscalationKind]:
    """Returns the kinds of evidence since the last level review that the risk has risen.

    Without a review date it looks back six months, the period of the level review in the Jean review. An incident on
    record whose number a piece of evidence gives is that evidence, and does not count beside it.
    """
    person, today = case.perpetrator, london_date(at)
    since = last_level_set_on(case) or months_before(today, EVIDENCE_MONTHS)
    evidence = [e for e in person.escalations or () if since <= e.observed_on <= today]
    shown = {e.ref for e in evidence if e.kind in _OF_AN_INCIDENT} - {None}
    incidents = [i for i in _incidents_since(case, at, since) if i.source_reference not in shown]
    kinds = {e.kind for e in evidence}
    signs = {
        EscalationKind.NEW_RELATIONSHIP: person.new_relationship,
        EscalationKind.MISSED_SUPERVISION: person.missed_supervision,
        EscalationKind.UNAPPROVED_ADDRESS: person.address_approved is False,
        EscalationKind.INCIDENT_REPORT: bool(incidents),
    }
    kinds |= {kind for kind, sign in signs.items() if sign}
    return frozenset(kinds)


def _incidents_since(case: CaseSnapshot, at: datetime, since: date) -> tuple[IncidentFacts, ...]:
    return tuple(
        i
        for i in case.incidents or ()
        if i.perpetrator_ref is not None
        and i.perpetrator_ref == case.perpetrator.ref
        and since <= london_date(i.occurred_at)
        and i.occurred_at <= at
    )


def escalation_evidence(case: CaseSnapshot, at: datetime) -> int:
    """Returns at least how many kinds of evidence there are that the risk has risen."""
    return len(escalation_kinds(case, at))


def rfgv_undated(person: Perpetrator) -> bool | None:
    """Returns whether a score or rank is told without the day it was made; None: neither is told."""
    panels = person.panels
    if panels.rfgv_score is None and panels.rfgv_rank is None:
        return None
    return panels.rfgv_scored_on is None


def licence_ends_soon(person: Perpetrator, today: date, days: int, *, disputed: bool = False) -> bool | None:
    """Returns whether supervision ends within that many days; the statutory basis of MAPPA ends with it.

    Where authors differ on a licence, the first of its ends is prepared for.
    """
    supervised = supervised_on(person, today)
    if not supervised:
        return supervised
    left = days_to_licence_end(person, today, first=disputed)
    return None if left is None else left <= days


def l1_review_overdue(case: CaseSnapshot, today: date, months: int) -> bool | None:
    """Returns whether the periodic level review is due or overdue: by the date set, else by the policy's period."""
    set_for = case.perpetrator.mappa.next_review_on
    if set_for is not None:
        return set_for <= today
    since = last_level_set_on(case)
    return None if since is None else months_before(today, months) >= since


def last_level_set_on(case: CaseSnapshot) -> date | None:
    """Returns the day from which the next level review runs: the last review, else the day management began.

    None while authors differ whether there was a review: one that is older than the start may be the last.
    """
    mappa = case.perpetrator.mappa
    began = None if "/perpetrator/mappa/last_reviewed_on" in case.disputed else mappa.started_on
    return mappa.last_reviewed_on or began


def mappa_level(case: CaseSnapshot) -> str | None:
    """Returns the level that MAPPA manages at: the one stated, or a higher one that accepted the need here.

    None: nobody has looked it up.
    """
    mappa = case.perpetrator.mappa
    levels = [level for level in (mappa.level, LEVEL_OF_OWNER.get(case.current_owner)) if level is not None]
    if levels:
        return str(max(levels))
    return NOT_MANAGED if mappa.not_managed else None


def _as_statute_may_see(case: CaseSnapshot) -> Perpetrator:
    """Returns the perpetrator, in custody while it is in doubt whether they are: what the sentence brings goes on."""
    person = case.perpetrator
    in_doubt = person.custody_in_doubt or "/perpetrator/in_custody" in case.disputed
    return replace(person, in_custody=True) if in_doubt else person


def _mappa_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    person, today = case.perpetrator, london_date(at)
    supervised = supervised_on(person, today)
    return {
        "mappa_level": mappa_level(case),
        "mappa_automatic": automatic_mappa(
            _as_statute_may_see(case), today, supervised=supervised, by_order=sexual_harm_prevention(case, today)
        ),
        "conviction_or_caution": capability_shown(person),
        "domestic_abuse_found": domestic_abuse_found(person),
        "escalation_evidence": escalation_evidence(case, at),
        "l1_review_overdue": l1_review_overdue(case, today, parameters.number("mappa_l1_review_months")),
        "category_3": None if person.mappa.category is None else person.mappa.category == CATEGORY_3,
        "supervised": supervised,
        "supervised_without_recall": supervised_without_recall(person, today),
        "on_hospital_conditions": on_hospital_conditions(person, today),
        "licence_ends_soon": licence_ends_soon(
            person,
            today,
            parameters.number("licence_end_notice_days"),
            disputed="/perpetrator/licences" in case.disputed,
        ),
    }


def perpetrator_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts that MAPPA and the panels for perpetrators read."""
    person = case.perpetrator
    return {
        **_mappa_facts(case, at, parameters),
        "perpetrator_known": person.known,
        **perpetrator_age_facts(person, london_date(at), parameters),
        "victims_in_window": distinct_victims(
            case,
            at,
            parameters.number("matac_serial_months"),
            parameters.number("matac_serial_victims"),
            exclude_custody=parameters.flag("lookback_excludes_custody"),
        ),
        "rfgv_score": person.panels.rfgv_score,
        "rfgv_rank": person.panels.rfgv_rank,
        "rfgv_undated": rfgv_undated(person),
        "matac_took_nomination": person.panels.matac_took_nomination,
        "serious_harm_likely": serious_harm_likely(person),
        "rosh_high": rosh_high(person.rosh),
        "rosh_contradiction": rosh_contradiction(case, london_date(at)),
        "rosh_outdated": rosh_outdated(case, at),
        "in_custody": in_custody(person, london_date(at)),
        "new_relationship": person.new_relationship,
    }
