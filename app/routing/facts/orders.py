"""Facts about orders and bail: what was breached, whom an order protects, and what a breach allows."""

from datetime import date

from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.supervision import supervised_on
from app.routing.facts.three_valued import three_valued_or
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import OrderKind


def in_force(order: Order, today: date) -> bool:
    """Returns whether the order runs on that day; one without a start or end date counts as running there."""
    begun = order.starts_on is None or order.starts_on <= today
    return begun and (order.ends_on is None or today <= order.ends_on)


def order_breached(case: CaseSnapshot) -> bool | None:
    """Returns whether an order or a bail condition is reported as breached."""
    return None if case.orders is None else three_valued_or(order.breached for order in case.orders)


def occupation_order_breached(case: CaseSnapshot) -> bool | None:
    """Returns whether every breach that is reported is of an occupation order.

    That breach is no offence: it is arrested for under a power of arrest in the order, or on the court's warrant.
    """
    if case.orders is None:
        return None
    breached = [order.kind for order in case.orders if order.breached]
    return bool(breached) and set(breached) == {OrderKind.OCCUPATION_ORDER}


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
    protected = {order.protected_ref for order in case.orders if in_force(order, today)}
    return bool(protected - {None, case.victim.ref})


def order_facts(case: CaseSnapshot, today: date) -> dict[str, Fact]:
    """Returns the facts about orders and bail."""
    return {
        "order_breached": order_breached(case),
        "occupation_order_breached": occupation_order_breached(case),
        "bail_breach_suspected": bail_breach_suspected(case, today),
        "order_protects_another": order_protects_another(case, today),
    }
