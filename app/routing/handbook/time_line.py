"""The chapters of the handbook about the law by date: one time line, and the offences that make MAPPA category 2."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from app.routing.handbook.document import Chapter, Grid, Prose
from app.routing.handbook.explain import citation
from app.routing.law.book import LawBook
from app.routing.law.dated import AfterTheEnd, Dates, Provision
from app.routing.law.files import law_book
from app.routing.policy.labels import capitalised
from app.routing.policy.sentences import Sentence, value_in_words
from app.routing.policy.types import Condition, DatedLine, Policy

_HEAD = ("Line", "From", "Until", "What it says", "Where", "Mark", "Source", "Read by")


class _Row(NamedTuple):
    first: date
    cells: tuple[str, ...]


_UNLISTED_HEAD = ("Offence", "What it is", "Not listed up to", "Source")


def law_chapters(policy: Policy) -> tuple[Chapter, ...]:
    """Returns every dated line that decides under this policy, the oldest first, with source, mark and who reads it."""
    book = law_book()
    lines = sorted([*_of_policy(policy), *_of_statutes(book), *_of_sentences(book)])
    offences = sorted([*_of_offences(book), *_of_inchoate(book)])
    unlisted = tuple((one.key, one.of, one.dates.first.isoformat(), one.source.title) for one in book.unlisted.values())
    read_to = "An offence is read as not listed up to the day of its line. Of later days it is asked about."
    note = (
        "Both days are of the line. Where nothing was read of the days after the last one, the service asks and does "
        "not assume. The mark of the days stands in brackets where it is weaker than that of the words."
    )
    of_day = (
        "The day of the assessment counts, not that of the conviction. An offence that no line names is asked about."
    )
    return (
        Chapter("The law on a time line", (Prose(note), Grid(_HEAD, tuple(row.cells for row in lines)))),
        Chapter(
            "Offences that can make MAPPA category 2",
            (Prose(of_day), Grid(_HEAD, tuple(row.cells for row in offences))),
        ),
        Chapter("Common offences that are not listed", (Prose(read_to), Grid(_UNLISTED_HEAD, unlisted))),
    )


def _of_policy(policy: Policy) -> Iterator[_Row]:
    for line in policy.law:
        source = policy.sources[line.source]
        what = f"{capitalised(policy.facts[line.fact].label)}: {value_in_words(line.value)}. {capitalised(line.says)}"
        cells = (
            line.id,
            line.in_force.isoformat(),
            _until_of(line, policy),
            what,
            f"policy {policy.id}",
            source.tag.value,
            citation(source),
            ", ".join(_readers(policy, line.fact)),
        )
        yield _Row(line.in_force, cells)


def _until_of(line: DatedLine, policy: Policy) -> str:
    if line.until is None:
        return "goes on"
    after = line.until + timedelta(days=1)
    follows = any(other.fact == line.fact and other.covers(after) for other in policy.law)
    return line.until.isoformat() if follows else f"{line.until.isoformat()}; later days are asked"


def _readers(policy: Policy, fact: str) -> Iterator[str]:
    """Yields the ids of the rules, duties and warnings that read the fact or name it in their sentence."""
    for rule in policy.rules:
        if _reads(rule.when, rule.says, fact):
            yield rule.id
    for warning in policy.warnings:
        if _reads(warning.when, warning.says, fact):
            yield warning.id
    for duty in policy.duties:
        if _reads(tuple(duty.conditions), duty.says, fact):
            yield duty.id


def _reads(when: tuple[Condition, ...], says: str, fact: str) -> bool:
    return any(condition.left == fact for condition in when) or fact in Sentence(says).names


def _of_statutes(book: LawBook) -> Iterator[_Row]:
    for line in book.statutes:
        yield _row(line.key, line.provision, ", ".join(line.read_by) or "nothing here")


def _of_sentences(book: LawBook) -> Iterator[_Row]:
    for form in book.forms:
        yield _row(f"{form.provision.place} {form.kind} {form.length or ''}".strip(), form.provision, "mappa_automatic")
    for limit in book.suspension:
        yield _row(f"{limit.most_months} months suspended", limit.provision, "mappa_automatic")


def _of_offences(book: LawBook) -> Iterator[_Row]:
    for line in book.offences:
        yield _row(f"{line.provision.place} {', '.join(line.keys)}", line.provision, "mappa_automatic", line.of)


def _of_inchoate(book: LawBook) -> Iterator[_Row]:
    for line in book.inchoate:
        name = f"{line.provision.place} {', '.join(line.forms)}"
        yield _row(name, line.provision, "mappa_automatic")


def _row(name: str, provision: Provision, read_by: str, of: str = "") -> _Row:
    dates, mark = provision.dates, provision.tag.value
    cells = (
        name,
        _from(dates),
        _until(dates),
        capitalised(provision.says),
        of or provision.place,
        mark if provision.date_tag is provision.tag else f"{mark} (days {provision.date_tag.value})",
        provision.source.title,
        read_by,
    )
    return _Row(dates.first, cells)


def _from(dates: Dates) -> str:
    if dates.not_in_force_on is not None:
        return f"not in force on {dates.not_in_force_on.isoformat()}; later not found"
    if dates.in_force is None:
        return f"in force on {dates.first.isoformat()}; the day it began was not read"
    return dates.in_force.isoformat()


def _until(dates: Dates) -> str:
    if dates.until is None:
        return "-" if dates.not_in_force_on else "goes on"
    tail = "; later days are asked" if dates.after is AfterTheEnd.ASKED else ""
    return dates.until.isoformat() + tail
