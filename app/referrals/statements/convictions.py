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
# Murder (Abolition of Death Penalty) Act 1965, section 1(1) [V]: whoever is convicted of murder is sentenced to life
# imprisonment, in force from 9 November 1965. Under 21 it is custody for life, and under 18 detention during the
# Sovereign's pleasure (section 53 of the 1933 Act as the 1965 Act left it [V]; sections 259 and 275 of the Sentencing
# Code [S]). The minimum term is not the length of the sentence.
_MURDER, _LIFE_FOR_MURDER = "murder", date(1965, 11, 9)
# Sentencing Code, section 236(1) [V]: at most 24 months, whichever version. Several orders can be consecutive, and each
# conviction has its own.
_MOST_MONTHS_OF_TRAINING = 24
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
    yield from _of_the_term(conviction)
    yield from _of_murder(conviction)
    yield from _of_the_sentence(conviction, conviction.get("sentence"))
    yield from _of_the_finding(conviction)


def _of_the_length(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    if conviction.get("length_kind") in _WITHOUT_END:
        for name in ("sentence_months", "suspended"):
            if conviction.get(name):
                says = ("a sentence of this `length_kind` has no months and is not suspended", "length_kind")
                yield says, (f"`{name}` is given", name)


def _of_the_term(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    months, kind = conviction.get("sentence_months") or 0, conviction.get("sentence")
    if months > _MOST_MONTHS_OF_TRAINING and kind is SentenceKind.DETENTION_AND_TRAINING:
        yield (
            ("a detention and training order is of 24 months at most", "sentence"),
            ("`sentence_months` is more", "sentence_months"),
        )
    # The longest term that can be suspended is as long as it can stay so: two years by the Sentencing Code, section
    # 277(2) as enacted [V]; three since the Sentencing Act 2026, section 2, by the day of the conviction [S].
    longest = law_book().longest_suspension(conviction["convicted_on"])
    if conviction.get("suspended") and months > longest:
        yield (
            (f"on the day of this conviction a court suspends {longest} months at most", "suspended"),
            ("`sentence_months` is more", "sentence_months"),
        )


def _of_murder(conviction: Mapping[str, Any]) -> Iterator[Pair]:
    whole = conviction.get("offence") == _MURDER and conviction.get("inchoate") is None
    if not whole or conviction["convicted_on"] < _LIFE_FOR_MURDER:
        return
    says = ("the sentence for murder is for life, and its minimum term is not its length", "offence")
    if conviction.get("length_kind") is SentenceLength.FIXED:
        yield says, ("`length_kind` says that it has an end", "length_kind")
    for name in ("sentence_months", "suspended"):
        if conviction.get(name):
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
