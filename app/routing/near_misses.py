"""What one change would have met: inclusion rules that are one known condition short."""

from collections.abc import Iterator, Mapping

from app.routing.conditions import Known, holds, used
from app.routing.decision import NearMiss, Used
from app.routing.sentences import spoken
from app.routing.types import Condition, Policy, Rule

_SHOWN = ("marac", "matac")
_NEEDS: Mapping[str, str] = {
    "==": "",
    "!=": "anything but ",
    ">=": "at least ",
    "<=": "at most ",
    ">": "more than ",
    "<": "less than ",
    "in": "one of ",
}


def near_misses(policy: Policy, known: Known) -> Iterator[NearMiss]:
    """The rules for MARAC and MATAC that one fact, and not a setting, keeps from holding."""
    for rule in policy.rules:
        if rule.exclusion or rule.outcome not in _SHOWN:
            continue
        missing = _one_missing(rule, known)
        if missing is not None and missing.left in policy.facts:
            comparison = used(missing, known)
            yield NearMiss(
                rule.id,
                rule.outcome,
                comparison,
                needed(policy.facts[missing.left].label, comparison),
                policy.sources[rule.source],
            )


def _one_missing(rule: Rule, known: Known) -> Condition | None:
    """The one condition that fails while every other holds, or None."""
    verdicts = [(condition, holds(condition, known)) for condition in rule.when]
    failed = [condition for condition, held in verdicts if held is False]
    all_known = all(held is not None for _, held in verdicts)
    return failed[0] if len(failed) == 1 and all_known else None


def needed(label: str, comparison: Used) -> str:
    """The comparison in words: "DASH ticks: 9, needs at least 14"."""
    figure = " ".join(spoken(value) for value in comparison.threshold)
    return f"{label}: {spoken(comparison.value)}, needs {_NEEDS[comparison.operator]}{figure}"
