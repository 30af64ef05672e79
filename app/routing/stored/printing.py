"""Prints a stored decision again, whole, from the policy that made it, and says whether it is the same."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.routing.engine.decide import ENGINE_VERSION, decide
from app.routing.policy.types import Policy
from app.routing.record.codec import fingerprint, to_dict
from app.routing.record.decision import RoutingDecision
from app.routing.record.short_form import StoredDecision, all_facts, short_form
from app.routing.stored.rebuilding import rebuilt


class Printing(StrEnum):
    """How far the printed record can be trusted.

    AS_MADE: it has the fingerprint that was stored. BY_IDS: another version of the engine made it; the parts are those
    that were stored, in the words of its policy. ALTERED: this version made it and does not make it again, so the
    stored row was changed.
    """

    AS_MADE = "as made"
    BY_IDS = "by ids"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class PrintedDecision:
    """A decision printed again, and how."""

    decision: RoutingDecision
    printing: Printing


def print_again(policy: Policy, stored: StoredDecision) -> PrintedDecision:
    """Returns the whole decision. Raises FactErrors when the stored facts are not facts of the policy."""
    engine = stored.short["engine"]
    again = _as_made_by(engine, decide(policy, all_facts(policy, stored.short)))
    if again.sha256 == stored.sha256 and short_form(again) == stored.short:
        return PrintedDecision(again, Printing.AS_MADE)
    try:
        by_ids = rebuilt(policy, stored, again)
    except (KeyError, ValueError):
        return PrintedDecision(again, Printing.ALTERED)
    if engine == ENGINE_VERSION:
        return PrintedDecision(by_ids, Printing.ALTERED)
    same = _fingerprint(by_ids) == stored.sha256 and short_form(by_ids) == stored.short
    return PrintedDecision(by_ids, Printing.AS_MADE if same else Printing.BY_IDS)


def _as_made_by(engine: str, again: RoutingDecision) -> RoutingDecision:
    """Returns the decision under the name of the engine that made it first, with the fingerprint that it then has."""
    if engine == again.engine_version:
        return again
    named = replace(again, engine_version=engine)
    return replace(named, sha256=_fingerprint(named))


def _fingerprint(decision: RoutingDecision) -> str:
    return fingerprint(to_dict(replace(decision, sha256="")))
