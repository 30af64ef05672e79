"""Parts of a decision with their canonical JSON, most of it made when the policy is prepared.

The fingerprint of a decision is taken over its canonical JSON. The policy fixes most of that text: who owes a
duty, by when, from which source. A template is the text of such a part with placeholders for what the
case fills in. It is made from what the codec writes, so the two cannot differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.routing.policy.sentences import Sentence
from app.routing.policy.types import Fact
from app.routing.record.codec import canonical_json, part_to_dict

T = TypeVar("T")
PLACEHOLDER = "\0"
"""Stands for what a case fills in. No policy contains it, because TOML forbids the character."""
_PLACEHOLDER_JSON = canonical_json(PLACEHOLDER)


@dataclass(frozen=True, slots=True)
class SerialisedPart(Generic[T]):
    """A part of a decision, its canonical JSON, and the id of the source that it cites, if any."""

    part: T
    json: str
    source: str | None = None


class PartTemplate:
    """The canonical JSON of a part, with placeholders for the values of a case."""

    def __init__(self, part: object) -> None:
        self._form = canonical_json(part_to_dict(part)).replace("%", "%%").replace(_PLACEHOLDER_JSON, "%s")

    def filled(self, *values: str) -> str:
        """Returns the JSON with each placeholder filled, in the order of the fields' names."""
        return self._form % values


class SentencePart(Generic[T]):
    """A part with a sentence; serialised once when the sentence quotes nothing of the case."""

    def __init__(self, make: Callable[[str], T], says: str, source: str) -> None:
        self._make, self._source, self._sentence = make, source, Sentence(says)
        self._template = PartTemplate(make(PLACEHOLDER))
        self._ready = None if self._sentence.names else self._written(says)

    def of(self, values: Mapping[str, Fact]) -> SerialisedPart[T]:
        """Returns the part with its sentence filled from those values."""
        return self._ready or self._written(self._sentence.filled(values))

    def _written(self, because: str) -> SerialisedPart[T]:
        return SerialisedPart(self._make(because), self._template.filled(canonical_json(because)), self._source)


def json_list(parts: tuple[SerialisedPart[T], ...]) -> str:
    """Returns the canonical JSON of the list of parts."""
    return f"[{','.join([part.json for part in parts])}]"


def json_object(fields: Mapping[str, str]) -> str:
    """Returns the canonical JSON of an object whose fields are JSON already."""
    return "{" + ",".join([f'"{name}":{fields[name]}' for name in sorted(fields)]) + "}"


def parts_of(parts: tuple[SerialisedPart[T], ...]) -> tuple[T, ...]:
    """Returns the parts without their JSON."""
    return tuple([part.part for part in parts])
