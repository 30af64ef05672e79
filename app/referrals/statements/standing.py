"""Says what stands of everything that agencies stated about a case.

What an author stated stands until that author denies or retracts it; a later statement that does not mention it changes
nothing. Where two authors differ the more protective statement stands (`routing.facts.reports.precaution`).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from app.referrals.statements.lists import KEYS, joined
from app.referrals.statements.statement import AgencyStatement, Path, StatementKind, parts_of, pointer
from app.routing.facts.reports.precaution import PRECAUTIONS, more_protective

ASSESSMENT = "assessment"
# Said of the moment of one report: another report neither repeats nor ends it.
OF_ONE_REPORT = frozenset({"help_sought_by", "ongoing_event"})
OF_EACH_REPORT = OF_ONE_REPORT | {"route", "consent_override_reason", "perpetrator.ref", "criteria_claimed"}
# Each author's text stands beside the others'. Which row it is says nothing, so two of them are no difference.
SEALED = frozenset({"safe_contact.hours", "consent_limits", "victim_wishes"})


class Stated(NamedTuple):
    """What an author states of a part now. `number` counts the statements, so that the newest can be told."""

    number: int
    value: Any


# For each part, what each author states of it.
Standing: TypeAlias = dict[Path, dict[str, Stated]]


def overlaid(statements: Sequence[AgencyStatement]) -> dict[str, Any]:
    """Returns the document as now known.

    Of each part what stands of all authors' statements, given the oldest first.
    """
    now_known: dict[str, Any] = {}
    for path, stated in sorted(standing(statements).items(), key=lambda item: len(item[0])):
        value = _stands(path, stated) if stated else None
        if value is not None:
            *sections, name = path
            place = now_known
            for section in sections:
                place = place.setdefault(section, {})
            # A copy of an empty section: the parts within it are set below, and a stored document never changes.
            place.setdefault(name, value or type(value)())
    return now_known


def disputed(statements: Sequence[AgencyStatement]) -> tuple[str, ...]:
    """Returns the JSON pointers of the facts that two authors state differently; of a list, whether there is any entry.

    What each report says of itself is no difference, and the assessments are compared report by report.
    """
    found = [path for path, stated in standing(statements).items() if _differ(path, stated)]
    return tuple(sorted(pointer(path) for path in found if _is_fact_of_case(path)))


def retracted_by(statement: AgencyStatement, earlier: Sequence[AgencyStatement]) -> list[str]:
    """Returns the JSON pointers of the parts that the statement takes back.

    Null, and the same agency had stated them.
    """
    own = {path for path, stated in standing(earlier).items() if statement.agency in stated}
    nulls = [path for path, value in parts_of(statement.document) if value is None]
    taken_back = {path for path in own for null in nulls if path[: len(null)] == null}
    return sorted(pointer(path) for path in taken_back)


def standing(statements: Sequence[AgencyStatement]) -> Standing:
    """Returns what each author now states of each part."""
    found: Standing = {}
    for number, statement in enumerate(statements):
        for path, value in parts_of(statement.document):
            if value is not None:
                stated = found.setdefault(path, {})
                stated[statement.agency] = Stated(number, _own(path, stated.get(statement.agency), statement, value))
            elif statement.may_retract:
                _retract(found, path, statement.agency)
    return found


def _own(path: Path, before: Stated | None, statement: AgencyStatement, value: Any) -> Any:  # noqa: ANN401
    """Returns what the author states now: a report's list adds to the author's own, anything else replaces it."""
    if before is None or ".".join(path) not in KEYS or statement.kind is StatementKind.FACTS:
        return value
    return joined(".".join(path), [before.value, value])


def _retract(found: Standing, null: Path, agency: str) -> None:
    """Takes back what the agency stated for this part and everything within it. What others stated stays."""
    for path, stated in found.items():
        if path[: len(null)] == null:
            stated.pop(agency, None)


def _stands(path: Path, stated: dict[str, Stated]) -> Any:  # noqa: ANN401 - whatever the part holds
    values = list(_oldest_first(stated))
    part = ".".join(path)
    if part in KEYS:
        return joined(part, values)
    return values[-1] if isinstance(values[-1], dict) else more_protective(part, values)


def _oldest_first(stated: dict[str, Stated]) -> Iterator[Any]:
    return (one.value for one in sorted(stated.values(), key=lambda one: one.number))


def _is_fact_of_case(path: Path) -> bool:
    part = ".".join(path)
    return path[0] != ASSESSMENT and part not in OF_EACH_REPORT | SEALED and (part in PRECAUTIONS or part in KEYS)


def _differ(path: Path, stated: dict[str, Stated]) -> bool:
    values = list(_oldest_first(stated))
    if ".".join(path) in KEYS:
        return len({bool(value) for value in values}) > 1
    return any(value != values[0] for value in values)
