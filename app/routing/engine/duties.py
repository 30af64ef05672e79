"""Works out the duties of a decision, each with the sentence that says why it arises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.conditions import UNKNOWN, is_met
from app.routing.policy.types import Condition, DutyTemplate, Fact, Policy, Source
from app.routing.record.decision import Duty
from app.routing.record.serialisation import SentencePart, SerialisedPart


@dataclass(frozen=True, slots=True)
class _Way:
    """One group of conditions under which a duty arises."""

    needs: int
    when: tuple[tuple[Condition, int], ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts that it needs not to be known."""
        return tuple(condition.left for condition, _ in self.when if condition.operator == UNKNOWN)


class _ReadyDuty:
    """A duty with the ways in which it arises."""

    def __init__(self, policy: Policy, template: DutyTemplate, conditions: ConditionTable) -> None:
        self.template = template
        self.ways = tuple(
            _Way(conditions.needs(when), tuple((c, conditions.needs((c,))) for c in when)) for when in template.when_any
        )
        source = policy.sources[template.source]
        self._dangers = tuple(conditions.needs(when) for when in template.life_safety_when)
        self._as_danger = _sentence_part(template, source, life_safety=template.life_safety)
        self._as_other = _sentence_part(template, source, life_safety=False) if self._dangers else self._as_danger

    def arises(self, known: KnownFacts) -> bool:
        """Returns whether it arises on what is known."""
        return any(not known.lacking & way.needs for way in self.ways)

    def of(self, known: KnownFacts) -> SerialisedPart[Duty]:
        """Returns it as what is known creates it: a danger where one of its groups for that holds, or has none."""
        is_danger = any(not known.lacking & needs for needs in self._dangers)
        return (self._as_danger if is_danger else self._as_other).of(known)

    def rebuilt(self, known: Mapping[str, Fact], stated: Mapping[str, Fact]) -> Duty:
        """Returns it as a stored decision owed it; `stated` are the facts before silence is read."""
        is_danger = any(
            all(is_met(one, (stated if one.operator == UNKNOWN else known)[one.left]) for one in group)
            for group in self.template.life_safety_when
        )
        return (self._as_danger if is_danger else self._as_other).of(known).part

    def waiting_for(self, known: KnownFacts) -> Iterator[str]:
        """Returns the unknown facts that could still make it arise, or end it where it arises on not knowing them."""
        arising = [way for way in self.ways if not known.lacking & way.needs]
        if any(not way.unknown for way in arising):
            return
        for way in self.ways:
            if known.holds(way.needs) is None:
                yield from (c.left for c, place in way.when if place & known.undecided)
        for way in arising:
            yield from way.unknown


def _sentence_part(template: DutyTemplate, source: Source, *, life_safety: bool) -> SentencePart[Duty]:
    def duty(because: str) -> Duty:
        return Duty(
            template.id,
            template.kind,
            template.once_for,
            template.do,
            template.owner,
            template.support,
            template.due,
            template.done_when,
            template.recipient,
            life_safety,
            because,
            source,
        )

    return SentencePart(duty, template.says, source.id)


class Duties:
    """Every duty of one policy; those that screen a report are kept apart, since they become an enquiry."""

    def __init__(self, policy: Policy, conditions: ConditionTable) -> None:
        ready = [_ReadyDuty(policy, template, conditions) for template in policy.duties]
        self._duties = tuple(duty for duty in ready if not duty.template.screens)
        self._screening = tuple(duty for duty in ready if duty.template.screens)
        self._by_id = {duty.template.id: duty for duty in ready}

    def on(self, known: KnownFacts) -> Iterator[SerialisedPart[Duty]]:
        """Returns every duty that what is known creates."""
        return (duty.of(known) for duty in self._duties if duty.arises(known))

    def rebuilt(self, name: str, known: Mapping[str, Fact], stated: Mapping[str, Fact]) -> Duty:
        """Returns the duty of that id as a stored decision owed it. Raises KeyError when the policy has none."""
        return self._by_id[name].rebuilt(known, stated)

    def review(self, known: KnownFacts) -> Duty | None:
        """Returns the hub's review of the report: the first screening duty that arises."""
        return next((duty.of(known).part for duty in self._screening if duty.arises(known)), None)

    def waiting_for(self, known: KnownFacts) -> dict[str, tuple[str, ...]]:
        """Returns, by duty, the facts not known that decide whether it arises."""
        if not known.undecided:
            return {}
        waiting = {duty.template.id: tuple(dict.fromkeys(duty.waiting_for(known))) for duty in self._duties}
        return {name: facts for name, facts in waiting.items() if facts}
