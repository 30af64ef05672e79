"""The place of a fault in what the caller sent, as a JSON pointer (RFC 6901)."""

from collections.abc import Mapping, Sequence
from typing import Any


def pointer_of(error: Mapping[str, Any], body: object) -> str:
    """Returns the pointer of the fault.

    Of a field that takes one of several kinds of value Pydantic names the kind it tried ("constrained-int"), which is
    no place in the request and is left out.
    """
    where, *path = error["loc"]
    parts = _in_body(path, error, body) if where == "body" else path
    return ("" if where == "body" else f"/{where}") + "".join(f"/{_escape(part)}" for part in parts)


def _in_body(path: Sequence[Any], error: Mapping[str, Any], body: object) -> list[Any]:
    found: list[Any] = []
    here: Any = body
    for place, part in enumerate(path):
        if _holds(here, part):
            here = here[part]
            found.append(part)
        elif place == len(path) - 1 and isinstance(here, Mapping) and _is_left_out(error, here):
            found.append(part)
    return found


def _holds(here: object, part: object) -> bool:
    if isinstance(here, list):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, Mapping) and part in here


def _is_left_out(error: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    """Returns whether the fault is of a field that was not sent, and not of the whole object as a kind of value."""
    return error["type"] == "missing" or error.get("input") != here


def _escape(part: object) -> str:
    return str(part)[:80].replace("~", "~0").replace("/", "~1")
