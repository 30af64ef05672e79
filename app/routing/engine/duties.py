"""Works out the duties of a decision, each with the sentence that says why it arises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.routing.engine.known_facts import ConditionTable, KnownFacts
from app.routing.policy.types import Condition, DutyTemplate, FactType, Policy, Source, Tag
from app.routing.record.codec import canonical_json, part_to_dict
from app.routing.record.decision import Duty
from app.routing.record.serialisation import SentencePart, SerialisedPart

_UNKNOWN = "; not everything this depends on is known"
FIND_OUT = "FIND_OUT"
FINDING_OUT = Source(
    "UNKNOWN", "Unknown is a value", Tag.DESIGN, says="an unknown that decides is found out, not assumed"
)


@dataclass(frozen=True, slots=True)
class _Way:
    """One group of conditions under which a duty arises."""

    needs: int
    when: tuple[Condition, ...]


class _ReadyDuty:
    """A duty with its groups of conditions, serialised as certain and as not certain."""

    def __init__(self, policy: Policy, template: DutyTemplate, conditions: ConditionTable) -> None:
        self.template = template
        self.ways = tuple(_Way(conditions.needs(when), when) for when in template.when_any)
        source = policy.sources[template.source]
        self.certain = _sentence_part(template, template.says, source, certain=True)
        self.uncertain = _sentence_part(template, template.says + _UNKNOWN, source, certain=False)

    def holds(self, known: KnownFacts) -> bool:
        """Returns whether it certainly arises."""
        return any(not known.lacking & way.needs for way in self.ways)

    def is_open(self, known: KnownFacts) -> bool:
        """Returns whether it could arise, by a way that does not wait for a fact nobody knows yet."""
        return not self.template.waits and any(not self._waits(way, known) for way in self._open(known))

    def asks(self, known: KnownFacts) -> Iterator[str]:
        """Yields the first unknown of each open way.

        Nothing for a duty about life, which arises either way, nor for one that `waits`, which arises
        when the fact is reported.
        """
        if not (self.template.waits or self.template.life_safety or self.holds(known)):
            for way in self._open(known):
                yield next(c.left for c in way.when if known[c.left] is None)

    def _open(self, known: KnownFacts) -> Iterator[_Way]:
        return (way for way in self.ways if known.holds(way.needs) is None)

    def _waits(self, way: _Way, known: KnownFacts) -> bool:
        return any(known[c.left] is None for c in way.when if c.left in self.template.waits_for)


def _sentence_part(template: DutyTemplate, says: str, source: Source, *, certain: bool) -> SentencePart[Duty]:
    def duty(because: str) -> Duty:
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
            because,
            source,
        )

    return SentencePart(duty, says, source.id)


class Duties:
    """Every duty of one policy, those to find out a fact included."""

    def __init__(self, policy: Policy, conditions: ConditionTable) -> None:
        self._all = tuple(_ReadyDuty(policy, template, conditions) for template in policy.duties)
        self._ways = tuple((way.needs, duty) for duty in self._all for way in duty.ways)
        self._finding_out = {name: duty for name, duty in map(_finding_out, policy.facts.values()) if duty}

    def on(self, known: KnownFacts) -> Iterator[SerialisedPart[Duty]]:
        """Yields every duty that the situation creates, including those an unknown fact may create."""
        lacking, undecided = known.lacking, known.undecided
        certain = {duty for needs, duty in self._ways if not lacking & needs}
        for duty in self._all:
            if duty in certain:
                yield duty.certain.of(known)
            elif undecided and duty.is_open(known):
                yield duty.uncertain.of(known)

    def left_open(self, known: KnownFacts) -> tuple[str, ...]:
        """Returns the first of each open way that keeps a duty uncertain.

        A fact not known, or an answer not settled.
        """
        if not known.undecided:
            return ()
        return tuple(dict.fromkeys(name for duty in self._all for name in duty.asks(known)))

    def finding_out(self, names: Iterable[str]) -> Iterator[SerialisedPart[Duty]]:
        """Yields one duty for each unknown fact that decides something: who asks what, and by when."""
        return (self._finding_out[name] for name in names if name in self._finding_out)


def _finding_out(fact: FactType) -> tuple[str, SerialisedPart[Duty] | None]:
    if fact.find_out is None:
        return fact.name, None
    duty = Duty(
        f"{FIND_OUT}.{fact.name}",
        f"Find out: {fact.ask}",
        fact.find_out.owner,
        (),
        fact.find_out.due,
        "the answer and who gave it are recorded",
        "",
        life_safety=False,
        certain=True,
        because=f"{fact.label}: not known, and something depends on it",
        source=FINDING_OUT,
    )
    return fact.name, SerialisedPart(duty, canonical_json(part_to_dict(duty)), FINDING_OUT.id)
