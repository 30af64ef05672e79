"""The duties, supports and warnings of a decision, each with the sentence that says why it is there."""

from collections.abc import Iterable, Iterator

from app.routing.conditions import Known, all_hold, any_group_holds, unknowns
from app.routing.decision import Duty, Notice, Support
from app.routing.sentences import filled
from app.routing.types import Condition, DutyTemplate, Policy, Source, Tag

_UNKNOWN = "; not everything this depends on is known"
FIND_OUT = "FIND_OUT"
_FINDING_OUT = Source(
    "UNKNOWN", "Unknown is a value", Tag.DESIGN, says="an unknown that decides is found out, not assumed"
)


def duties(policy: Policy, known: Known) -> Iterator[Duty]:
    """Every duty that the situation creates, including those an unknown fact may create."""
    for template in policy.duties:
        arises = any_group_holds(_awaited(template, known), known)
        if arises or (arises is None and not template.waits):
            yield _duty(policy, template, known, certain=arises is True)


def _awaited(template: DutyTemplate, known: Known) -> tuple[tuple[Condition, ...], ...]:
    """The groups of conditions that do not wait for a fact nobody knows yet."""
    return tuple(
        group
        for group in template.when_any
        if not any(known[c.left] is None for c in group if c.left in template.waits_for)
    )


def left_open(policy: Policy, known: Known) -> tuple[str, ...]:
    """The first unknown fact of each open condition that keeps a duty uncertain.

    A duty about life arises either way, and one marked `waits` arises when the fact is reported.
    """
    undecided = (
        group
        for template in policy.duties
        if not template.waits and not template.life_safety
        if any_group_holds(template.when_any, known) is None
        for group in template.when_any
        if all_hold(group, known) is None
    )
    names = (unknowns(group, known)[0] for group in undecided)
    return tuple(dict.fromkeys(name for name in names if name in policy.facts))


def _duty(policy: Policy, template: DutyTemplate, known: Known, *, certain: bool) -> Duty:
    because = filled(template.says, known)
    return Duty(
        template.id,
        template.do,
        template.owner,
        template.support,
        template.due,
        template.done_when,
        template.recipient,
        template.life_safety,
        certain,
        because if certain else because + _UNKNOWN,
        policy.sources[template.source],
    )


def finding_out(policy: Policy, names: Iterable[str]) -> Iterator[Duty]:
    """One duty for each unknown fact that decides something: who asks what, and by when."""
    for name in names:
        fact = policy.facts[name]
        if fact.find_out is None:
            continue
        yield Duty(
            f"{FIND_OUT}.{name}",
            f"Find out: {fact.ask}",
            fact.find_out.owner,
            (),
            fact.find_out.due,
            "the answer and who gave it are recorded",
            "",
            life_safety=False,
            certain=True,
            because=f"{fact.label}: not known, and something depends on it",
            source=_FINDING_OUT,
        )


def supports(policy: Policy, known: Known) -> Iterator[Support]:
    """Everybody who certainly is asked to help."""
    for template in policy.supports:
        if all_hold(template.when, known):
            yield Support(
                template.id,
                template.forum,
                template.role,
                filled(template.says, known),
                policy.sources[template.source],
            )


def warnings(policy: Policy, known: Known) -> Iterator[Notice]:
    """Every warning that certainly applies."""
    for template in policy.warnings:
        if all_hold(template.when, known):
            yield Notice(template.id, filled(template.says, known), policy.sources[template.source])
