"""One statement: what one agency said at one time, as it was stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str, ...]
NOT_STATED = frozenset({"incident", "incidents"})
MAPPA: Path = ("perpetrator", "mappa")
# The place of "not managed" among the levels, below the lowest. It stands in no request and in no answer.
BELOW_LEVEL_1 = 0


class StatementKind(StrEnum):
    """How a statement was sent.

    A report (a referral, an incident) adds to what its author said before, and what it leaves out changes nothing.
    FACTS correct it: a list replaces the author's own. Null takes back what the author said; in a referral it is the
    same as left out. An ANSWER of an enquiry is about one report: it completes the form of whoever made that report. A
    REVIEW is the grade that a named person sets for a report, with the reason.
    """

    REFERRAL = "REFERRAL"
    INCIDENT = "INCIDENT"
    FACTS = "FACTS"
    ANSWER = "ANSWER"
    REVIEW = "REVIEW"

    @property
    def is_report(self) -> bool:
        """Whether what was sent is a report of its own."""
        return self in {StatementKind.REFERRAL, StatementKind.INCIDENT}


@dataclass(frozen=True, slots=True)
class AgencyStatement:
    """What one agency stated at one time. `report` is the id of the referral or incident that it is part of.

    `may_say`: the agency may say who acts; it is the hub, or the service that supervises the perpetrator. `by_person`:
    a person who is named said it, and not a program.
    """

    agency: str
    document: dict[str, Any]
    kind: StatementKind = StatementKind.FACTS
    referral: str = ""
    report: str = ""
    stated_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    may_say: bool = False
    by_person: bool = False

    @property
    def may_retract(self) -> bool:
        """Whether null takes back what the agency said before."""
        return self.kind is not StatementKind.REFERRAL


def parts_of(document: dict[str, Any], within: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yields each part with its path; a section is its parts, and an empty section is itself.

    That MAPPA manages nobody here and its level are one part: each denies the other.
    """
    for name, value in (_with_level(document) if within == MAPPA else document).items():
        path = (*within, name)
        if not within and name in NOT_STATED:
            continue
        if isinstance(value, dict) and value:
            yield from parts_of(value, path)
        else:
            yield path, value


def without_paths(document: dict[str, Any], dropped: Collection[Path], within: Path = ()) -> dict[str, Any]:
    """Returns the document without these parts. A section that holds no other part goes with them."""
    kept: dict[str, Any] = {}
    for name, value in document.items():
        path = (*within, name)
        if isinstance(value, dict) and any(one[: len(path)] == path for one in dropped):
            section = without_paths(value, dropped, path)
            if section or not value:
                kept[name] = section
        elif path not in dropped:
            kept[name] = value
    return kept


def _with_level(section: dict[str, Any]) -> dict[str, Any]:
    """Returns the section with "not managed" written as a level; null takes back what the author said of the level."""
    if "not_managed" not in section:
        return section
    rest = {name: value for name, value in section.items() if name != "not_managed"}
    if section["not_managed"]:
        return rest | {"level": BELOW_LEVEL_1}
    return rest if rest.get("level") is not None else rest | {"level": None}


def without_level_below_1(document: dict[str, Any]) -> dict[str, Any]:
    """Writes the level that stands for "not managed" as a request writes it, in place, and returns the document."""
    section: dict[str, Any] = document.get("perpetrator", {}).get("mappa", {})
    if section.get("level") == BELOW_LEVEL_1:
        del section["level"]
        section["not_managed"] = True
    return document


def pointer(path: Path) -> str:
    """Returns the JSON pointer of a part."""
    return "/" + "/".join(path)


def only_within(one: AgencyStatement, section: str, names: Collection[str]) -> AgencyStatement:
    """Returns the statement with nothing but these parts of one section."""
    stated = one.document.get(section) or {}
    kept = {name: value for name, value in stated.items() if name in names}
    return replace(one, document={section: kept} if kept else {})
