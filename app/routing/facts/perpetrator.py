"""Facts about the perpetrator: serial behaviour, MAPPA, licence, risk of serious harm."""

from datetime import date, datetime

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot import CaseSnapshot, Perpetrator, Rosh
from app.routing.facts.statute import automatic_mappa, capability_shown
from app.routing.facts.supervision import days_to_licence_end, supervised_on
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import EscalationKind, RoshLevel

_ESCALATION_MONTHS = 6
_SERIOUS = (RoshLevel.HIGH, RoshLevel.VERY_HIGH)


def rosh_high(rosh: Rosh) -> bool | None:
    """Returns whether the risk of serious harm is high or very high for any group."""
    groups = (rosh.public, rosh.known_adult, rosh.children, rosh.staff)
    return three_valued_or(None if level is None else level in _SERIOUS for level in groups)


def rosh_contradiction(case: CaseSnapshot) -> bool | None:
    """Returns whether the recorded risk to a known adult is low although an order protects one.

    Source: Jean review, 14.3.2 (high to the public, low to a known adult, two orders in force).
    """
    level = case.perpetrator.rosh.known_adult
    if level is None or case.orders is None:
        return None
    return level is RoshLevel.LOW and bool(case.orders)


def serious_harm_likely(person: Perpetrator) -> bool | None:
    """Returns whether serious harm is likely, in the judgement of a professional or by the recorded risk level."""
    return three_valued_or((person.serious_harm_likely, rosh_high(person.rosh)))


def escalation_kinds(case: CaseSnapshot, at: datetime) -> tuple[frozenset[EscalationKind], bool]:
    """Returns the kinds of escalation evidence since the last level review, and whether every kind is known or not.

    Without a review date it looks back six months, the period of the level review in the Jean review.
    """
    person, today = case.perpetrator, london_date(at)
    since = person.mappa.last_reviewed_on or months_before(today, _ESCALATION_MONTHS)
    kinds = {e.kind for e in person.escalations or () if since <= e.observed_on <= today}
    signs = {
        EscalationKind.NEW_RELATIONSHIP: person.new_relationship,
        EscalationKind.MISSED_SUPERVISION: person.missed_supervision,
        EscalationKind.UNAPPROVED_ADDRESS: None if person.address_approved is None else not person.address_approved,
        EscalationKind.INCIDENT_REPORT: _incident_since(case, at, since),
    }
    kinds |= {kind for kind, sign in signs.items() if sign}
    complete = person.escalations is not None and None not in signs.values()
    return frozenset(kinds), complete


def _incident_since(case: CaseSnapshot, at: datetime, since: date) -> bool | None:
    if case.incidents is None:
        return None
    return any(
        since <= london_date(i.occurred_at) and i.occurred_at <= at
        for i in case.incidents
        if i.perpetrator_ref is not None and i.perpetrator_ref == case.perpetrator.ref
    )


def escalation_evidence(case: CaseSnapshot, at: datetime) -> int | None:
    """Returns how many kinds of escalation evidence there are.

    None when none is known and not every kind was looked for.
    """
    kinds, complete = escalation_kinds(case, at)
    return len(kinds) if kinds or complete else None


def licence_ends_soon(person: Perpetrator, today: date, days: int) -> bool | None:
    """Returns whether supervision ends within that many days; the statutory basis of MAPPA ends with it."""
    supervised = supervised_on(person, today)
    if not supervised:
        return supervised
    left = days_to_licence_end(person, today)
    return None if left is None else left <= days


def l1_review_overdue(person: Perpetrator, today: date, months: int) -> bool | None:
    """Returns whether the periodic level review is due or overdue, by the policy's period in months."""
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
        "supervised": supervised,
        "licence_ends_soon": licence_ends_soon(person, today, parameters.number("licence_end_notice_days")),
    }


def perpetrator_facts(case: CaseSnapshot, at: datetime, parameters: Parameters) -> dict[str, Fact]:
    """Returns the facts that MAPPA and the panels for perpetrators read."""
    person = case.perpetrator
    return {
        **_mappa_facts(case, at, parameters),
        "perpetrator_known": person.known,
        "perpetrator_age": person.age,
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
        "rosh_contradiction": rosh_contradiction(case),
        "in_custody": person.in_custody,
        "new_relationship": person.new_relationship,
    }
