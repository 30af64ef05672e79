"""Who is asked to help and what a reader must see, each with the sentence that says why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.routing.decision import Notice, Support
from app.routing.spelling import Told, Written
from app.routing.types import Policy, Source, SupportTemplate, WarningTemplate
from app.routing.verdicts import Conditions, Known

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Conditional(Generic[T]):
    """A support or a warning with the set of conditions it needs."""

    needs: int
    told: Told[T]


def ready_supports(policy: Policy, conditions: Conditions) -> tuple[Conditional[Support], ...]:
    """Everybody who may be asked to help."""

    def told(each: SupportTemplate, source: Source) -> Told[Support]:
        return Told(lambda says: Support(each.id, each.forum, each.role, says, source), each.says, source.id)

    return tuple(
        Conditional(conditions.needs(each.when), told(each, policy.sources[each.source]))
        for each in policy.supports
    )


def ready_warnings(policy: Policy, conditions: Conditions) -> tuple[Conditional[Notice], ...]:
    """Everything a reader may have to see."""

    def told(each: WarningTemplate, source: Source) -> Told[Notice]:
        return Told(lambda says: Notice(each.id, says, source), each.says, source.id)

    return tuple(
        Conditional(conditions.needs(each.when), told(each, policy.sources[each.source]))
        for each in policy.warnings
    )


def applying(parts: Iterable[Conditional[T]], known: Known) -> Iterator[Written[T]]:
    """Those that certainly apply."""
    lacking = known.lacking
    return (part.told.of(known) for part in parts if not lacking & part.needs)
