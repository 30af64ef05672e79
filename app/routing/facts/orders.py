"""Facts about orders and bail: what was breached, whom an order protects, and what a breach allows."""

from datetime import date

from app.routing.facts.dates import EVIDENCE_MONTHS, months_before
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.supervision import supervised_on
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import OrderKind

_PROTECTION = frozenset({OrderKind.DVPN, OrderKind.DVPO, OrderKind.DAPN, OrderKind.DAPO})
# It settles where a child lives and whom they see. It protects nobody from anybody, and its breach is for the court.
_PROTECTS_NOBODY = frozenset({OrderKind.CHILD_ARRANGEMENTS})
_AGAINST_FAMILY = frozenset({OrderKind.FORCED_MARRIAGE_PROTECTION_ORDER, OrderKind.FGM_PROTECTION_ORDER})
_BREACH_IS_NO_OFFENCE = frozenset({OrderKind.OCCUPATION_ORDER, OrderKind.UNDERTAKING})
_OF_SEXUAL_HARM = frozenset({OrderKind.SEXUAL_HARM_PREVENTION_ORDER, OrderKind.SEXUAL_RISK_ORDER})


def in_force(order: Order, today: date) -> bool:
    """Returns whether the order runs on that day; one without a start or end date counts as running there."""
    begun = order.starts_on is None or order.starts_on <= today
    return begun and (order.ends_on is None or today <= order.ends_on)


def breached_lately(order: Order, today: date) -> bool | None:
    """Returns whether the order is reported as breached; not once it ended longer ago than evidence counts.

    Nobody states the day of a breach, and it lies before the order's end.
    """
    ended_long_ago = order.ends_on is not None and order.ends_on < months_before(today, EVIDENCE_MONTHS)
    return False if ended_long_ago else order.breached


def protects(order: Order) -> bool:
    """Returns whether the order protects somebody from the perpetrator."""
    return order.kind not in _PROTECTS_NOBODY


def order_breached(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether an order that protects somebody, or a bail condition, is reported as breached."""
    if case.orders is None:
        return None
    return three_valued_or(breached_lately(order, today) for order in case.orders if protects(order))


def occupation_order_breached(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether an occupation order is breached, and no order whose breach can be arrested for by itself.

    That breach is no offence: it is arrested for under a power of arrest in the order, or on the court's warrant.
    """
    return _breach_is_of(case, today, OrderKind.OCCUPATION_ORDER)


def undertaking_breached(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether an undertaking is breached, and no order whose breach can be arrested for by itself.

    No power of arrest is attached to an undertaking.
    """
    return _breach_is_of(case, today, OrderKind.UNDERTAKING)


def _breach_is_of(case: CaseSnapshot, today: date, kind: OrderKind) -> bool | None:
    if case.orders is None:
        return None
    breached = {order.kind for order in case.orders if breached_lately(order, today)} - _PROTECTS_NOBODY
    return kind in breached and breached <= _BREACH_IS_NO_OFFENCE


def protective_order_granted(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether a protection order was granted that may still run: False once every one told has ended."""
    protecting = [order for order in case.orders or () if order.kind in _PROTECTION]
    if case.protective_order_granted and protecting and all(one.ends_on and one.ends_on < today for one in protecting):
        return False
    return case.protective_order_granted


def bail_breach_suspected(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether a breach is suspected that the police may arrest for: of bail, an order, or what is not said.

    The breach of a licence alone goes to the service that supervises.
    """
    person = case.perpetrator
    if not person.breach_suspected or person.on_bail:
        return person.breach_suspected
    if any(in_force(order, today) for order in case.orders or ()):
        return True
    if supervised_on(person, today):
        return person.on_bail
    nothing_to_breach = person.on_bail is False and case.orders is not None and person.licences is not None
    return not nothing_to_breach


def order_protects_another(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether an order in force protects somebody other than the victim from the same perpetrator."""
    if case.orders is None:
        return None
    protecting = filter(protects, case.orders)
    protected = {order.protected_ref for order in protecting if in_force(order, today)}
    return bool(protected - {None, case.victim.ref})


def next_court_date(case: CaseSnapshot, today: date) -> date | None:
    """Returns the day on which a court next hears one of the orders, or None."""
    days = [order.court_date for order in case.orders or () if order.court_date is not None]
    return min((day for day in days if today <= day), default=None)


def _order_of_kind_runs(case: CaseSnapshot, today: date, kinds: frozenset[OrderKind]) -> bool | None:
    if case.orders is None:
        return None
    return any(order.kind in kinds and in_force(order, today) for order in case.orders)


def breach_recorded(case: CaseSnapshot, of_an_order: bool | None) -> bool | None:
    """Returns whether a breach is recorded: of a named order, else None where an answer of a form tells of one.

    That question is also of an agreement about children: it is asked what was broken, and the reply is this fact.
    """
    if of_an_order:
        return True
    return None if case.assessment.broken_order_in_answers else False


def sexual_harm_prevention(case: CaseSnapshot, today: date) -> bool | None:
    """Returns whether a sexual harm prevention order, an interim one too, runs: whoever is under it must notify."""
    return _order_of_kind_runs(case, today, frozenset({OrderKind.SEXUAL_HARM_PREVENTION_ORDER}))


def order_facts(case: CaseSnapshot, today: date) -> dict[str, Fact]:
    """Returns the facts about orders and bail."""
    return {
        "order_breached": breach_recorded(case, order_breached(case, today)),
        "occupation_order_breached": occupation_order_breached(case, today),
        "protective_order_granted": protective_order_granted(case, today),
        "bail_breach_suspected": bail_breach_suspected(case, today),
        "undertaking_breached": undertaking_breached(case, today),
        "order_protects_another": order_protects_another(case, today),
        "order_before_court": None if case.orders is None else next_court_date(case, today) is not None,
        "family_order": _order_of_kind_runs(case, today, _AGAINST_FAMILY),
        "sexual_harm_order": _order_of_kind_runs(case, today, _OF_SEXUAL_HARM),
        "child_arrangements": _order_of_kind_runs(case, today, _PROTECTS_NOBODY),
    }
