"""Which actions of a case may be the same thing twice. Pure: words compared with words, nothing learned or guessed.

In the review a second disclosure request was agreed seven weeks after the first and later "completed" as superfluous
(DHR "Jean" 14.2.8). The measure is a product default [I]; it warns a person and never refuses.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

RECENT = timedelta(days=90)  # [I] a finished action this young still counts as the same thing
LEAST_SHARED = 2
SAME_SCHEME = "dvds"
# One scheme, many names: an application under any of them is a duplicate of one under any other.
SCHEME_NAMES = re.compile(
    r"\b(clare'?s law|dvds|domestic violence disclosure( scheme)?|right to (know|ask)|disclosures?)\b"
)
SCHEME_DUTIES = re.compile(r"^D2[789]")
_WORD = re.compile(r"[a-z0-9]+")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = _set_of(
    "a all an and any are at be been by for from has have he her him his if in into is it its of on or she so that "
    "the their them then there they this to until was were when where whether which who will with"
)


class ComparableAction(Protocol):
    """As much of an action as is compared."""

    @property
    def id(self) -> str: ...
    @property
    def duty(self) -> str | None: ...
    @property
    def what(self) -> str: ...


def possible_duplicates(action: ComparableAction, others: Iterable[ComparableAction]) -> tuple[str, ...]:
    """The ids of those others that may be the same commitment, in their order."""
    return tuple(other.id for other in others if may_be_the_same(action, other))


def may_be_the_same(one: ComparableAction, other: ComparableAction) -> bool:
    """The same duty; or, unless the policy itself tells the two apart, the same scheme or much the same words."""
    if one.duty is not None and other.duty is not None:
        return one.duty == other.duty
    mine, theirs = words_of(one), words_of(other)
    if SAME_SCHEME in mine and SAME_SCHEME in theirs:
        return True
    shared = len(mine & theirs)
    return shared >= LEAST_SHARED and 3 * shared >= 2 * min(len(mine), len(theirs))


def words_of(action: ComparableAction) -> frozenset[str]:
    """The words that carry the meaning, each cut to its stem, and every name of one scheme as one word."""
    said = action.what.casefold().replace("\u2019", "'")
    told, names = SCHEME_NAMES.subn(f" {SAME_SCHEME} ", said)
    words = {_stem(word) for word in _WORD.findall(told) if word not in STOP_WORDS}
    by_duty = action.duty is not None and SCHEME_DUTIES.match(action.duty) is not None
    return frozenset(words | {SAME_SCHEME} if names or by_duty else words)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004 - a stem of three letters
            return word[: -len(ending)]
    return word
