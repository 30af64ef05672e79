"""Reads the files of law and checks each line: its words, its days, its mark and its source."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

from app.routing.law.book import (
    InchoateForms,
    LawBook,
    LawPart,
    ListedOffence,
    SentenceForm,
    StatuteLine,
    SuspensionLimit,
    UnlistedOffence,
)
from app.routing.law.dated import AfterTheEnd, Dates, LawSource, Provision
from app.routing.policy.faults import Faults
from app.routing.policy.toml_entries import Entry, entries
from app.routing.policy.types import Tag
from app.routing.policy.vocabulary import Inchoate, SentenceKind, SentenceLength

LAW_FILES = ("offences", "sentences", "statutes")
_NO_SOURCE = LawSource("", "", Tag.DESIGN, "")
_NEVER_READ = date.max
Line = TypeVar("Line")


@lru_cache(maxsize=1)
def law_book() -> LawBook:
    """Returns the law that ships with the product. Raises PolicyErrors when a line has a fault."""
    folder = files("app.routing").joinpath("policies", "law")
    return read_law({name: folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in LAW_FILES})


def read_law(texts: Mapping[str, str]) -> LawBook:
    """Returns the law of these three texts, by the name of the file. Raises PolicyErrors with every fault found."""
    offences, sentences, statutes = (_LawFile(f"{name}.toml", texts[name]) for name in LAW_FILES)
    listed = offences.lines("offence", offences.offence)
    book = LawBook(
        offences=listed,
        inchoate=offences.lines("inchoate", offences.inchoate),
        unlisted={one.key: one for one in offences.lines("unlisted", offences.unlisted)},
        forms=sentences.lines("form", sentences.form),
        suspension=sentences.lines("suspension", sentences.suspension),
        statutes=statutes.lines("line", statutes.statute),
        by_key=_by_key(listed),
    )
    for key in sorted(book.unlisted.keys() & book.by_key.keys()):
        offences.faults.add(f'"{key}"', f"{key} is both listed and not listed")
    for file in (offences, sentences, statutes):
        file.faults.stop_if_any()
    return book


def _by_key(listed: Iterable[ListedOffence]) -> dict[str, tuple[ListedOffence, ...]]:
    found: dict[str, tuple[ListedOffence, ...]] = {}
    for line in listed:
        for key in line.keys:
            found[key] = (*found.get(key, ()), line)
    return found


class _LawFile:
    """One file of law, read section by section."""

    def __init__(self, name: str, text: str) -> None:
        self.faults = Faults(name, text)
        self._raw = tomllib.loads(text)
        self._sources = {one.name: self._source(one) for one in entries(self._raw, "source", self.faults)}

    def lines(self, section: str, read: Callable[[Entry], Line]) -> tuple[Line, ...]:
        """Returns the lines of a section, each with every key read."""
        held = self._raw.get(section, ())
        rows = entries(self._raw, section, self.faults) if isinstance(held, dict) else map(self._row, held)
        found = []
        for entry in rows:
            found.append(read(entry))
            entry.done()
        return tuple(found)

    def _row(self, table: dict[str, object]) -> Entry:
        """Returns a row of a list under the word by which a reader finds its line."""
        keys = table.get("keys")
        name = keys[0] if isinstance(keys, list) and keys else table.get("key", table.get("place", "a line"))
        return Entry(table, str(name), self.faults)

    def _source(self, entry: Entry) -> LawSource:
        source = LawSource(entry.name, entry.text("title"), entry.word("tag", Tag), entry.text("url", "-"))
        entry.done()
        return source

    def offence(self, entry: Entry) -> ListedOffence:
        """Returns a listed offence."""
        keys = entry.texts("keys")
        if not keys:
            entry.fault("names no offence")
        return ListedOffence(keys, entry.word("part", LawPart), entry.text("of"), self._provision(entry))

    def inchoate(self, entry: Entry) -> InchoateForms:
        """Returns which forms of the offences of a part count."""
        return InchoateForms(entry.word("part", LawPart), entry.words("forms", Inchoate), self._provision(entry))

    def unlisted(self, entry: Entry) -> UnlistedOffence:
        """Returns an offence that is not listed."""
        entry.word("tag", Tag)
        dates = self._dates(entry)
        if dates.not_in_force_on is None:
            entry.fault("needs `not_in_force_on`, the last day of which it was read that it is not listed")
        return UnlistedOffence(entry.text("key"), entry.text("of"), dates, self._cited(entry))

    def form(self, entry: Entry) -> SentenceForm:
        """Returns a sentence that makes category 2."""
        length = entry.word("length", SentenceLength) if entry.any_value("length") else None
        least = entry.number("least_months")
        if (length is SentenceLength.FIXED) != (least > 0):
            entry.fault("only a sentence of a fixed length has `least_months`")
        return SentenceForm(entry.word("kind", SentenceKind), length, least, self._provision(entry))

    def suspension(self, entry: Entry) -> SuspensionLimit:
        """Returns how long a sentence may stay suspended."""
        return SuspensionLimit(entry.number("most_months"), self._provision(entry))

    def statute(self, entry: Entry) -> StatuteLine:
        """Returns a provision that parts of a policy rest on."""
        return StatuteLine(entry.name, self._provision(entry), entry.texts("read_by"))

    def _provision(self, entry: Entry) -> Provision:
        tag = entry.word("tag", Tag)
        dates, place = self._dates(entry), entry.text("place")
        return Provision(place, entry.text("says"), dates, self._cited(entry), tag, entry.word("date_tag", Tag, tag))

    def _cited(self, entry: Entry) -> LawSource:
        named = entry.text("source")
        if named not in self._sources:
            entry.fault(f"there is no source '{named}'", f'source = "{named}"')
        return self._sources.get(named, _NO_SOURCE)

    def _dates(self, entry: Entry) -> Dates:
        begin, seen, until, absent = (self._day(entry, k) for k in ("in_force", "seen_on", "until", "not_in_force_on"))
        if sum(day is not None for day in (begin, seen, absent)) != 1:
            entry.fault("needs one of `in_force`, `seen_on` and `not_in_force_on`")
            begin, seen, absent = begin or _NEVER_READ, None, None
        if until is not None and begin is not None and until < begin:
            entry.fault("ends before it begins")
        return Dates(begin, seen, until, entry.word("after", AfterTheEnd, AfterTheEnd.ENDED), absent)

    def _day(self, entry: Entry, key: str) -> date | None:
        value = entry.any_value(key)
        if value is None or type(value) is date:
            return value
        entry.fault(f"`{key}` must be a day such as 2026-11-24")
        return None
