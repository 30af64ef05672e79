"""Checks what a person releases against the fields of its flow: nothing passes that the form has no field for. Pure."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any

from app.flows.catalogue import Flow
from app.flows.vocabulary import FieldKind
from app.foundation.errors import RequestFault

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOST_CODES, LONGEST_TEXT = 20, 2000
WHOM_TO_RING = frozenset({FieldKind.DESK, FieldKind.RELAY})


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or len(value) != len("2026-10-25"):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _are_codes(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_CODES and all(map(_is_code, value))


_FITS: Mapping[FieldKind, Callable[[Any], bool]] = {
    FieldKind.CODE: _is_code,
    FieldKind.CODES: _are_codes,
    FieldKind.ACTS: _are_codes,
    FieldKind.COUNT: lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    FieldKind.DAY: _is_day,
    FieldKind.MONTH: lambda value: isinstance(value, str) and _MONTH.fullmatch(value) is not None,
    FieldKind.YES_NO: lambda value: isinstance(value, bool),
    FieldKind.TEXT: lambda value: isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST_TEXT,
    # Whom to ring follows from the case: after the two are apart it is a relay, whatever a person writes.
    **dict.fromkeys(WHOM_TO_RING, lambda _: False),
}


def faults_of(
    flow: Flow, content: Mapping[str, Any], marked: Collection[str], *, crosses: bool
) -> Iterator[RequestFault]:
    """Yields what is wrong with this content. `crosses`: its receiver is not of its author's side.

    A text keeps the side of its author, who marks the very text that may cross.
    """
    for name, value in content.items():
        kind = flow.form.get(name)
        pointer = f"/content/{name}"
        if kind is None:
            yield RequestFault(pointer, "unknown", f"{flow.id} has no such field; it has {', '.join(flow.form)}")
        elif kind in WHOM_TO_RING:
            yield RequestFault(pointer, "filled_by_service", "leave it out: the service says whom to ring")
        elif not _FITS[kind](value):
            yield RequestFault(pointer, "type", f"this field holds {_HOLDS[kind]}")
        elif kind is FieldKind.TEXT and crosses and name not in marked:
            yield RequestFault(pointer, "not_marked", "name it in `marked` where its author lets that very text cross")
    for name in (one for one in flow.form if one not in content and flow.form[one] not in WHOM_TO_RING):
        if name in flow.other_half:
            yield RequestFault(f"/content/{name}", "other_half", "say who else is concerned, in the same notice")
        elif name in flow.minimum:
            yield RequestFault(f"/content/{name}", "missing", "this part may not be withheld")


_HOLDS: Mapping[FieldKind, str] = {
    FieldKind.CODE: "a code in capital letters",
    FieldKind.CODES: "a list of codes in capital letters",
    FieldKind.ACTS: "a list of codes in capital letters",
    FieldKind.COUNT: "a whole number",
    FieldKind.DAY: "a day, for example 2026-10-25",
    FieldKind.MONTH: "a month, for example 2026-10",
    FieldKind.YES_NO: "true or false",
    FieldKind.TEXT: f"a text of at most {LONGEST_TEXT} characters",
    FieldKind.DESK: "a desk",
    FieldKind.RELAY: "a desk",
}
