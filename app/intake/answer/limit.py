"""Keeps an answer within its limit, whatever the case."""

import json
from collections.abc import Sequence

from app.intake.answer.schemas import LeftOut, RoutedOut

MOST_BYTES = 8_000


def size_of(answer: RoutedOut) -> int:
    """Returns the bytes of the answer as it is sent, before compression, without the expanded decision."""
    return _bytes(answer.model_dump(mode="json", exclude={"decision"}) | {"decision": None})


def within_limit(answer: RoutedOut) -> RoutedOut:
    """Returns the answer without the last actions, then the last retracted facts, for which there is no room."""
    over = size_of(answer) - MOST_BYTES
    if over <= 0:
        return answer
    plain = answer.model_dump(mode="json")
    room_for_counts = 2 * len("9999")
    actions, over = _fewer(plain["actions"], over + room_for_counts)
    retracted, _ = _fewer(plain["retracted"], over)
    left_out = LeftOut(
        actions=len(answer.actions) - actions,
        retracted=len(answer.retracted) - retracted,
    )
    fitting = {"actions": answer.actions[:actions], "retracted": answer.retracted[:retracted], "left_out": left_out}
    return answer.model_copy(update=fitting)


def _fewer(items: Sequence[object], over: int) -> tuple[int, int]:
    """Returns how many of the items may stay, and how many bytes the rest is still over."""
    kept = len(items)
    while kept and over > 0:
        kept -= 1
        over -= _bytes(items[kept]) + len(",")
    return kept, over


def _bytes(plain: object) -> int:
    return len(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode())
