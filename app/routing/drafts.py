"""A policy that a person sends: its size and reach are bounded before it is proved like any other."""

from math import prod

from app.routing.faults import Faults
from app.routing.loader import PolicyFile, load_policy, parse, read_policy
from app.routing.outcomes import QUESTIONS
from app.routing.proof_answers import axis
from app.routing.types import Condition, Policy

MOST_BYTES = 200_000
MOST_SITUATIONS = 4_000_000


def load_draft(file: PolicyFile, base: PolicyFile | None = None) -> Policy:
    """The proved policy of a text from outside. Raises PolicyErrors, with every fault and its place."""
    faults = Faults(file.name, file.text)
    size = len(file.text.encode())
    if size > MOST_BYTES:
        faults.add("", f"the file has {size:,} bytes; a policy may have {MOST_BYTES:,}")
        faults.stop_if_any()
    _refuse_boundless(read_policy(file, base), faults)
    return load_policy(file, base)


def _refuse_boundless(policy: Policy, faults: Faults) -> None:
    """A question whose rules tell apart more situations than can be proved one by one is refused unproved."""
    for question in QUESTIONS:
        read: dict[str, list[Condition]] = {}
        rules = [rule for rule in policy.rules if rule.outcome == question.name]
        for condition in (condition for rule in rules for condition in rule.when):
            read.setdefault(condition.left, []).append(condition)
        situations = prod(len(axis(policy, name, conditions)) for name, conditions in read.items())
        if situations > MOST_SITUATIONS:
            faults.add(
                f'then = "{question.name}',
                f"the rules for {question.name} tell {situations:,} situations apart by "
                f"{', '.join(sorted(read))}; at most {MOST_SITUATIONS:,} can be proved",
            )
    faults.stop_if_any()


def base_named(text: str) -> str | None:
    """The `id version` that the text extends, or None. Raises PolicyErrors when it is no TOML."""
    head = parse(PolicyFile("draft.toml", text), Faults("draft.toml", text)).get("policy")
    extends = head.get("extends") if isinstance(head, dict) else None
    return extends if isinstance(extends, str) else None
