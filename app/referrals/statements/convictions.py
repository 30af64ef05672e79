"""What one conviction cannot be at once: each pair of its parts that no court could have made."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.routing.law.files import law_book
from app.routing.policy.vocabulary import SentenceKind, SentenceLength

# A caution is given instead of a prosecution: no court passes a sentence or finds anything, and nobody is supervised.
_OF_A_SENTENCE = (
    "sentence",
    "length_kind",
    "sentence_months",
    "suspended",
    "sentence_ended_on",
    "index",
    "domestic_abuse_finding",
)
# Sentencing Code, sections 264 and 277: imprisonment, and detention in a young offender institution.
_CAN_BE_SUSPENDED = frozenset({SentenceKind.CUSTODY, SentenceKind.DETENTION})
# Neither has an end that a court sets in months.
_WITHOUT_MONTHS = frozenset(
    {
        SentenceKind.DURING_PLEASURE,
        SentenceKind.HOSPITAL_ORDER,
        SentenceKind.HOSPITAL_ON_FINDING,
    }
)
# Each ends on a day that the court, or the Act, sets.
_WITH_AN_END = frozenset(
    {
        SentenceKind.DETENTION_AND_TRAINING,
        SentenceKind.EXTENDED_DETENTION,
        SentenceKind.GUARDIANSHIP,
        SentenceKind.GUARDIANSHIP_ON_FINDING,
        SentenceKind.COMMUNITY,
        SentenceKind.FINE_OR_OTHER,
    }
)
_WITHOUT_END = frozenset({SentenceLength.LIFE, SentenceLength.INDETERMINATE})
FINDING = "finding_of_domestic_abuse"
# A sentence is passed within a year of the conviction: one that is deferred waits six months at most.
_YEARS_TO_SENTENCE = 1
Pair = tuple[tuple[str, str], tuple[str, str]]


def impossible_pairs(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    """Yields each contradiction: what its two parts say, and the names of the parts."""
    if conviction.get("caution"):
        for name in _OF_A_SENTENCE:
            if conviction.get(name):
                yield (("`caution` says that no court passed a sentence", "caution"), (f"`{name}` is of one", name))
        return
    yield from _of_the_length(conviction)
    yield from _of_the_sentence(conviction, conviction.get("sentence"))
    yield from _of_the_finding(conviction)


def _of_the_length(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    if conviction.get("length_kind") in _WITHOUT_END:
        for name in ("sentence_months", "suspended"):
            if conviction.get(name):
                says = ("a sentence of this `length_kind` has no months and is not suspended", "length_kind")
                yield says, (f"`{name}` is given", name)


def _of_the_sentence(conviction: Mapping[str, Any], kind: SentenceKind | None) -> Iterator[Pair]:
    if kind is None:
        return
    says = ("`sentence` is of a kind of its own", "sentence")
    if conviction.get("suspended") and kind not in _CAN_BE_SUSPENDED:
        yield says, ("only a sentence of custody, or of detention under 21, is suspended", "suspended")
    if conviction.get("sentence_months") and kind in _WITHOUT_MONTHS:
        yield says, ("it has no months", "sentence_months")
    length = conviction.get("length_kind")
    if length in _WITHOUT_END and kind in _WITH_AN_END:
        yield says, ("it always has an end, and none is of this `length_kind`", "length_kind")
    if length is SentenceLength.FIXED and kind in _WITHOUT_MONTHS:
        yield says, ("it has no fixed length", "length_kind")


def _of_the_finding(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    if conviction.get("domestic_abuse_finding") and conviction["convicted_on"] < first_finding():
        yield (
            ("`domestic_abuse_finding` is what courts state since the Sentencing Act 2026", "domestic_abuse_finding"),
            ("`convicted_on` is long before", "convicted_on"),
        )


def first_finding() -> date:
    """Returns the first day of a conviction in whose sentence a court may have stated a finding of domestic abuse."""
    line = next(line for line in law_book().statutes if line.key == FINDING)
    first = line.provision.dates.first
    return first.replace(year=first.year - _YEARS_TO_SENTENCE)
