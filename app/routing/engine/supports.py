"""Works out the supports and the warnings of a decision, each with the sentence that says why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.types import Policy, Source, SupportTemplate, WarningTemplate
from app.routing.record.decision import Support, WarningNotice
from app.routing.record.serialisation import SentencePart, SerialisedPart

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conditional(Generic[T]):
    """A support or a warning with the set of its conditions."""

    needs: int
    template: SentencePart[T]


def ready_supports(policy: Policy, conditions: ConditionTable) -> tuple[Conditional[Support], ...]:
    """Returns every support of the policy, prepared."""

    def template(each: SupportTemplate, source: Source) -> SentencePart[Support]:
        return SentencePart(lambda says: Support(each.id, each.forum, each.role, says, source), each.says, source.id)

    return tuple(
        Conditional(conditions.needs(each.when), template(each, policy.sources[each.source]))
        for each in policy.supports
    )


def ready_warnings(policy: Policy, conditions: ConditionTable) -> tuple[Conditional[WarningNotice], ...]:
    """Returns every warning of the policy, prepared."""

    def template(each: WarningTemplate, source: Source) -> SentencePart[WarningNotice]:
        return SentencePart(lambda says: WarningNotice(each.id, says, source), each.says, source.id)

    return tuple(
        Conditional(conditions.needs(each.when), template(each, policy.sources[each.source]))
        for each in policy.warnings
    )


def applying(parts: Iterable[Conditional[T]], known: KnownFacts) -> Iterator[SerialisedPart[T]]:
    """Returns the parts whose conditions all hold."""
    lacking = known.lacking
    return (part.template.of(known) for part in parts if not lacking & part.needs)
