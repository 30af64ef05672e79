"""Facts about the perpetrator: serial behaviour, MAPPA, licence, risk of serious harm."""

from datetime import date, datetime, timedelta

from app.routing.facts.dates import EVIDENCE_MONTHS, london_date, months_before
from app.routing.facts.moving.ages import perpetrator_age_facts
from app.routing.facts.moving.custody import in_custody
from app.routing.facts.orders import in_force
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.perpetrator import Perpetrator, Rosh
from app.routing.facts.statute import automatic_mappa, capability_shown
from app.routing.facts.supervision import days_to_licence_end, supervised_on, supervised_without_recall
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import EscalationKind, RoshLevel

CATEGORY_3 = 3
_OF_AN_INCIDENT = (EscalationKind.INCIDENT_REPORT, EscalationKind.OTHER_FORCE_INCIDENT)
_SERIOUS = (RoshLevel.HIGH, RoshLevel.VERY_HIGH)


def rosh_high(rosh: Rosh) -> bool | None:
    """Returns whether the risk of serious harm is high or very high for any group."""
    groups = (rosh.public, rosh.known_adult, rosh.children, rosh.staff)
    return three_valued_or(None if level is None else level in _SERIOUS for level in groups)


def rosh_contradiction(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether the recorded risk to a known adult is low although an order in force protects one.

    Source: Jean review, 14.3.2 (high to the public, low to a known adult, two orders in force).
    """
    level = case.perpetrator.rosh.known_adult
    if level is None or case.orders is None:
        return None
    return level is RoshLevel.LOW and any(in_force(order, today) for order in case.orders)


def rosh_outdated(case: CaseSnapshot, at: datetime) -> bool | None:
    """Returns whether the risk of serious harm was assessed before the perpetrator's newest incident on record."""
    assessed_on = case.perpetrator.rosh.assessed_on
    return None if assessed_on is None else bool(_incidents_since(case, at, assessed_on + timedelta(days=1)))


def serious_harm_likely(person: Perpetrator) -> bool | None:
    """Returns whether serious harm is likely, in the judgement of a professional or by the recorded risk level."""
    return three_valued_or((person.serious_harm_likely, rosh_high(person.rosh)))


def escalation_kinds(case: CaseSnapshot, at: datetime) -> frozenset[EscalationKind]:
    """Returns the kinds of evidence since the last level review that the risk has risen.

    Without a review date it looks back six months, the period of the level review in the Jean review. Evidence that
    gives the number of an incident on record is that incident, and does not count beside it.
    """
    person, today = case.perpetrator, london_date(at)
    since = person.mappa.last_reviewed_on or months_before(today, EVIDENCE_MONTHS)
    incidents = _incidents_since(case, at, since)
    numbers = {i.source_reference for i in incidents} - {None}
    kinds = {
        e.kind
        for e in person.escalations or ()
        if since <= e.observed_on <= today and not (e.kind in _OF_AN_INCIDENT and e.ref in numbers)
    }
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


def licence_ends_soon(person: Perpetrator, today: date, days: int) -> bool | None:
    """Returns whether supervision ends within that many days; the statutory basis of MAPPA ends with it."""
    supervised = supervised_on(person, today)
    if not supervised:
        return supervised
    left = days_to_licence_end(person, today)
    return None if left is None else left <= days


def l1_review_overdue(person: Perpetrator, today: date, months: int) -> bool | None:
    """Returns whether the periodic level review is due or overdue: by the date set, else by the policy's period."""
    if person.mappa.next_review_on is not None:
        return person.mappa.next_review_on <= today
    if person.mappa.last_reviewed_on is None:
        return None
    return months_before(today, months) >= person.mappa.last_reviewed_on


def _mappa_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    person, today = case.perpetrator, london_date(at)
    supervised = supervised_on(person, today)
    level = person.mappa.level
    return {
        "mappa_level": None if level is None else str(level),
        "mappa_automatic": automatic_mappa(person, today, supervised=supervised),
        "conviction_or_caution": capability_shown(person),
        "escalation_evidence": escalation_evidence(case, at),
        "l1_review_overdue": l1_review_overdue(person, today, parameters.number("mappa_l1_review_months")),
        "category_3": None if person.mappa.category is None else person.mappa.category == CATEGORY_3,
        "supervised": supervised,
        "supervised_without_recall": supervised_without_recall(person, today),
        "licence_ends_soon": licence_ends_soon(person, today, parameters.number("licence_end_notice_days")),
    }


def perpetrator_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts that MAPPA and the panels for perpetrators read."""
    person = case.perpetrator
    return {
        **_mappa_facts(case, at, parameters),
        "perpetrator_known": person.known,
        **perpetrator_age_facts(person.birth, london_date(at), parameters),
        "victims_in_window": distinct_victims(
            case,
            at,
            parameters.number("matac_serial_months"),
            parameters.number("matac_serial_victims"),
            exclude_custody=parameters.flag("lookback_excludes_custody"),
        ),
        "rfgv_score": person.panels.rfgv_score,
        "rfgv_rank": person.panels.rfgv_rank,
        "matac_took_nomination": person.panels.matac_took_nomination,
        "serious_harm_likely": serious_harm_likely(person),
        "rosh_high": rosh_high(person.rosh),
        "rosh_contradiction": rosh_contradiction(case, london_date(at)),
        "rosh_outdated": rosh_outdated(case, at),
        "in_custody": in_custody(person, london_date(at)),
        "new_relationship": person.new_relationship,
    }
