"""Loads a policy that a person sends. Limits on size, dates and situations keep its proof short."""

from dataclasses import replace
from datetime import UTC, datetime
from math import prod

from app.routing.loading.loader import PolicyFile, load_policy, parse_toml, read_policy
from app.routing.policy.faults import Faults, PolicyErrors, PolicyFault
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.types import Condition, Policy
from app.routing.proof.rule_spaces import axis

MAX_BYTES = 200_000
MAX_SITUATIONS = 4_000_000
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def load_draft(file: PolicyFile, base: PolicyFile | None = None) -> Policy:
    """Returns the proved policy of a text from outside. Raises PolicyErrors with every fault and its place."""
    faults = Faults(file.name, file.text)
    size = len(file.text.encode())
    if size > MAX_BYTES:
        faults.add("", f"the file has {size:,} bytes; a policy may have {MAX_BYTES:,}")
        faults.stop_if_any()
    policy = read_policy(file, base)
    if not EARLIEST <= policy.in_force <= LATEST:
        faults.add("in_force", f"`in_force` must lie between {EARLIEST.year} and {LATEST.year}")
    _refuse_unprovable(policy, faults)
    try:
        return load_policy(file, base)
    except PolicyErrors as refused:
        raise PolicyErrors(_at_its_table(fault, file) for fault in refused.faults) from None


def _at_its_table(fault: PolicyFault, file: PolicyFile) -> PolicyFault:
    """Returns the fault of a whole table, such as a gap, placed at the first row of the table.

    Any other fault as it is.
    """
    if fault.place != file.name:
        return fault
    for number, line in enumerate(file.text.splitlines(), start=1):
        if line.startswith("[[") and line.strip("[]") in fault.message.split():
            return replace(fault, place=f"{file.name}:{number}")
    return fault


def _refuse_unprovable(policy: Policy, faults: Faults) -> None:
    """Refuses, before the proof, a question whose rules distinguish more situations than can be examined."""
    for question in QUESTIONS:
        read: dict[str, list[Condition]] = {}
        rules = [rule for rule in policy.rules if rule.outcome == question.name]
        for condition in (condition for rule in rules for condition in rule.when):
            read.setdefault(condition.left, []).append(condition)
        situations = prod(len(axis(policy, name, conditions)) for name, conditions in read.items())
        if situations > MAX_SITUATIONS:
            faults.add(
                f'then = "{question.name}',
                f"the rules for {question.name} distinguish {situations:,} situations by "
                f"{', '.join(sorted(read))}; at most {MAX_SITUATIONS:,} can be proved",
            )
    faults.stop_if_any()


def refuse_whole(file: PolicyFile) -> None:
    """Raises PolicyErrors for a text that extends nothing.

    What protects is proved against what a policy extends. One that extends nothing could leave any of it out.
    """
    if not named_base(file.text):
        faults = Faults(file.name, file.text)
        faults.add("[policy]", "this policy extends no shipped policy: without one nothing proves that it protects")
        faults.stop_if_any()


def named_base(text: str) -> str | None:
    """Returns the `id version` that the text extends, or None. Raises PolicyErrors when the text is not TOML."""
    head = parse_toml(PolicyFile("draft.toml", text), Faults("draft.toml", text)).get("policy")
    extends = head.get("extends") if isinstance(head, dict) else None
    return extends if isinstance(extends, str) else None
