"""Finds actions of a case that may be the same thing twice. Pure: it compares words with words.

In the review a second disclosure request was agreed seven weeks after the first and later "completed" as superfluous
(DHR "Jean" 14.2.8). The measure is a product default [I]; it warns a person and never refuses an action.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

from app.actions.duty_ids import DISCLOSURE_SCHEME
from app.actions.wording.contact_bars import without_bar
from app.actions.wording.word_sets import word_set

RECENT = timedelta(days=90)  # [I] a finished action this young still counts as the same thing
LEAST_SHARED = 2
SAME_SCHEME = "dvds"
# The scheme has many names: an application under one of them is a duplicate of one under another.
SCHEME_NAMES = re.compile(
    r"\b(clare'?s law|dvds|domestic violence disclosure( scheme)?|right to (know|ask)|disclosures?)\b"
)
_WORD = re.compile(r"[a-z0-9]+")

STOP_WORDS = word_set(
    "a all an and any are at be been by for from has have he her him his if in into is it its of on or she so that "
    "the their them then there they this to until was were when where whether which who will with"
)


class ComparableAction(Protocol):
    """The parts of an action that are compared."""

    @property
    def id(self) -> str: ...
    @property
    def duty(self) -> str | None: ...
    @property
    def what(self) -> str: ...


def possible_duplicates(action: ComparableAction, others: Iterable[ComparableAction]) -> tuple[str, ...]:
    """Returns the ids of those others that may be the same commitment, in their order."""
    return tuple(other.id for other in others if may_be_the_same(action, other))


def may_be_the_same(one: ComparableAction, other: ComparableAction) -> bool:
    """Returns whether both are one duty or, without a duty to tell them apart, one scheme or much the same words."""
    if one.duty is not None and other.duty is not None:
        return one.duty == other.duty
    first, second = words_of(one), words_of(other)
    if SAME_SCHEME in first and SAME_SCHEME in second:
        return True
    shared = len(first & second)
    return shared >= LEAST_SHARED and 3 * shared >= 2 * min(len(first), len(second))


def words_of(action: ComparableAction) -> frozenset[str]:
    """Returns the words that carry the meaning, each cut to its stem, with every name of the scheme as one word."""
    written = without_bar(action.what).casefold().replace("\u2019", "'")
    text, names_found = SCHEME_NAMES.subn(f" {SAME_SCHEME} ", written)
    words = {_stem(word) for word in _WORD.findall(text) if word not in STOP_WORDS}
    by_duty = (action.duty or "").startswith(DISCLOSURE_SCHEME)
    return frozenset(words | {SAME_SCHEME} if names_found or by_duty else words)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "es", "ed", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004 - a stem of three letters
            return word[: -len(ending)]
    return word
