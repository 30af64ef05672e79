"""The lines of law by subject, and where each is looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.routing.law.dated import Dates, LawSource, Provision
from app.routing.policy.vocabulary import Inchoate, SentenceKind, SentenceLength


class LawPart(StrEnum):
    """Where an offence is named that can make category 2."""

    SECTION_327_3 = "327(3)"
    PART_1 = "1"
    PART_2 = "2"
    SECTION_327_4A = "327(4A)"


@dataclass(frozen=True, slots=True)
class ListedOffence:
    """An offence that can make category 2. `keys` are the words that a conviction is stated with."""

    keys: tuple[str, ...]
    part: LawPart
    of: str
    provision: Provision


@dataclass(frozen=True, slots=True)
class InchoateForms:
    """Which forms of an offence of that part count beside the whole offence."""

    part: LawPart
    forms: tuple[Inchoate, ...]
    provision: Provision


@dataclass(frozen=True, slots=True)
class UnlistedOffence:
    """A common offence that is in neither Part nor section, up to the last day of which that was read."""

    key: str
    of: str
    dates: Dates
    source: LawSource


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """A sentence that makes category 2 for a listed offence; `length` None: the Act asks for no length."""

    kind: SentenceKind
    length: SentenceLength | None
    least_months: int
    provision: Provision


@dataclass(frozen=True, slots=True)
class SuspensionLimit:
    """How long a sentence may stay suspended, by the day of the conviction."""

    most_months: int
    provision: Provision


@dataclass(frozen=True, slots=True)
class StatuteLine:
    """A provision that duties, warnings, rules, parameters or facts rest on."""

    key: str
    provision: Provision
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawBook:
    """Everything that was read from the files, with the look-ups that facts are derived by."""

    offences: tuple[ListedOffence, ...]
    inchoate: tuple[InchoateForms, ...]
    unlisted: Mapping[str, UnlistedOffence]
    forms: tuple[SentenceForm, ...]
    suspension: tuple[SuspensionLimit, ...]
    statutes: tuple[StatuteLine, ...]
    by_key: Mapping[str, tuple[ListedOffence, ...]]

    def forms_of(self, kind: SentenceKind) -> tuple[SentenceForm, ...]:
        """Returns the lines about sentences of that kind."""
        return tuple(form for form in self.forms if form.kind is kind)

    def longest_suspension(self, convicted_on: date) -> int:
        """Returns the most months that a sentence on that day's conviction may stay suspended."""
        held = (one for one in self.suspension if one.provision.dates.hold(convicted_on))
        return next(held, self.suspension[0]).most_months

    def provisions(self) -> Iterator[Provision]:
        """Yields every dated line."""
        for lines in (self.offences, self.inchoate, self.forms, self.suspension, self.statutes):
            yield from (line.provision for line in lines)
