"""Lays what was learned later over a referral. Null takes back what the same agency stated; every statement is kept.

Later values and lists replace earlier ones, sections merge, and a part left out changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.referrals.models import LaterFacts, Referral

Path: TypeAlias = tuple[str, ...]
Stated: TypeAlias = dict[Path, list[tuple[str, Any]]]  # for each part, who stated what, the oldest first


@dataclass(frozen=True, slots=True)
class AgencyStatement:
    """What one agency stated at one time, as it was stored."""

    agency: str
    document: dict[str, Any]


def statements_of(referral: Referral, learned: Sequence[LaterFacts]) -> list[AgencyStatement]:
    """Returns what the referral and the facts learned since state, the oldest first."""
    later = [AgencyStatement(row.learned_by, row.document) for row in learned]
    return [AgencyStatement(referral.referring_agency, referral.document), *later]


def overlaid(statements: Sequence[AgencyStatement]) -> dict[str, Any]:
    """Returns the referral document as now known: of each part the latest statement that stands."""
    now_known: dict[str, Any] = {}
    for path, stated in sorted(_standing(statements).items(), key=lambda item: len(item[0])):
        if stated:
            *sections, name = path
            place = now_known
            for section in sections:
                place = place.setdefault(section, {})
            # A copy of an empty section: the parts within it are set below, and a stored document never changes.
            place.setdefault(name, stated[-1][1] or type(stated[-1][1])())
    return now_known


def retracted_by(statement: AgencyStatement, earlier: Sequence[AgencyStatement]) -> list[str]:
    """Returns the JSON pointers of the parts that the statement takes back.

    Null, and the same agency had stated them.
    """
    standing = _standing(earlier)
    own = {path for path, stated in standing.items() if statement.agency in {agency for agency, _ in stated}}
    nulls = [path for path, value in _parts(statement.document) if value is None]
    taken_back = {path for path in own for null in nulls if path[: len(null)] == null}
    return sorted("/" + "/".join(path) for path in taken_back)


def _standing(statements: Sequence[AgencyStatement]) -> Stated:
    standing: Stated = defaultdict(list)
    for statement in statements:
        for path, value in _parts(statement.document):
            if value is None:
                _retract(standing, path, statement.agency)
            else:
                standing[path].append((statement.agency, value))
    return standing


def _retract(standing: Stated, null: Path, agency: str) -> None:
    """Takes back what the agency stated for this part and everything within it. What others stated stays."""
    for path, stated in standing.items():
        if path[: len(null)] == null:
            stated[:] = [(who, value) for who, value in stated if who != agency]


def _parts(document: dict[str, Any], within: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yields each part with its path; a section is its parts, and an empty section is itself."""
    for name, value in document.items():
        path = (*within, name)
        if name == "incident":
            continue
        if isinstance(value, dict) and value:
            yield from _parts(value, path)
        else:
            yield path, value
