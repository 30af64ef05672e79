"""Parts of a decision with the way they are spelled, most of it worked out when the policy is prepared.

A decision is fingerprinted in its one spelling, and most of that is fixed by the policy: who owes a
duty, by when, from which source. A template is the text of such a part with placeholders for what the case
fills in. It is cut from what the codec writes, so it cannot spell a part otherwise than the codec.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.routing.policy.sentences import Sentence
from app.routing.policy.types import Fact
from app.routing.record.codec import canonical_json, part_to_dict

T = TypeVar("T")
PLACEHOLDER = "\0"
"""Stands for what a case fills in. No policy can hold it: TOML forbids the character."""
_PLACEHOLDER_JSON = canonical_json(PLACEHOLDER)


@dataclass(frozen=True, slots=True)
class SerialisedPart(Generic[T]):
    """A part of a decision, its spelling, and the id of the source it cites, if it cites one."""

    part: T
    json: str
    source: str | None = None


class PartTemplate:
    """The spelling of a part in which every hole stands for a value still to come."""

    def __init__(self, part: object) -> None:
        self._form = canonical_json(part_to_dict(part)).replace("%", "%%").replace(_PLACEHOLDER_JSON, "%s")

    def filled(self, *spellings: str) -> str:
        """The spelling with each hole filled, in the order of the holes' names."""
        return self._form % spellings


class SentencePart(Generic[T]):
    """A part told with its sentence; ready beforehand when the sentence quotes nothing of the case."""

    def __init__(self, make: Callable[[str], T], says: str, source: str) -> None:
        self._make, self._source, self._sentence = make, source, Sentence(says)
        self._template = PartTemplate(make(PLACEHOLDER))
        self._ready = None if self._sentence.names else self._written(says)

    def of(self, values: Mapping[str, Fact]) -> SerialisedPart[T]:
        """The part on those values."""
        return self._ready or self._written(self._sentence.filled(values))

    def _written(self, because: str) -> SerialisedPart[T]:
        return SerialisedPart(
            self._make(because), self._template.filled(canonical_json(because)), self._source
        )


def json_list(parts: tuple[SerialisedPart[T], ...]) -> str:
    """The list of the parts, spelled."""
    return f"[{','.join([part.json for part in parts])}]"


def json_object(fields: Mapping[str, str]) -> str:
    """The table of those fields, each spelled already, in the order of their names."""
    return "{" + ",".join([f'"{name}":{fields[name]}' for name in sorted(fields)]) + "}"


def parts_of(parts: tuple[SerialisedPart[T], ...]) -> tuple[T, ...]:
    """The parts themselves."""
    return tuple([part.part for part in parts])
