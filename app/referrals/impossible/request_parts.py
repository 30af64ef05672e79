"""Walks through a request: each value with the JSON pointer of where it stands."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel


class Leaf(NamedTuple):
    """A value of a request, with its field and its pointer."""

    pointer: str
    field: str
    value: Any


class Section(NamedTuple):
    """A part of a request that has fields of its own, with its pointer."""

    pointer: str
    fields: dict[str, Any]


def stated(sent: BaseModel) -> dict[str, Any]:
    """Returns what the request states, its dates as dates; what it leaves out is not there."""
    return sent.model_dump(exclude_unset=True)


def sections(part: Any, pointer: str = "") -> Iterator[Section]:  # noqa: ANN401 - whatever the request holds
    """Yields every part with fields, the request itself first."""
    if isinstance(part, dict):
        yield Section(pointer, part)
        for name, inner in part.items():
            yield from sections(inner, f"{pointer}/{name}")
    elif isinstance(part, list | tuple):
        for place, inner in enumerate(part):
            yield from sections(inner, f"{pointer}/{place}")


def leaves(document: dict[str, Any]) -> Iterator[Leaf]:
    """Yields every value that is neither a part with fields nor a list."""
    for pointer, fields in sections(document):
        for name, value in fields.items():
            if not isinstance(value, dict | list | tuple):
                yield Leaf(f"{pointer}/{name}", name, value)


def is_day(value: object) -> bool:
    """Returns whether the value is a civil date and no instant, which Python counts among the dates."""
    return isinstance(value, date) and not isinstance(value, datetime)
