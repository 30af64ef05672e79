"""Says what stands of everything that agencies stated about a case.

What an author stated stands until that author denies or retracts it; a later statement that does not mention it changes
nothing. Where two authors differ the more protective statement stands (`routing.facts.reports.precaution`). Who acts is
said by the hub, by the service that supervises, and by the service that they name. The module is long because what
stands, what is disputed and what is taken back are read off one table of statements.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from app.referrals.statements.births import AGE
from app.referrals.statements.lists import KEYS, AuthorsList, contradicts_itself, joined, side_by_side
from app.referrals.statements.statement import (
    AgencyStatement,
    Path,
    StatementKind,
    parts_of,
    pointer,
    without_level_below_1,
)
from app.routing.facts.moving.ages import birth_of_text, contradict
from app.routing.facts.reports.precaution import (
    LIFTED_BY_A_PERSON,
    LOWERED_BY_A_PERSON,
    OPEN_ANSWERS,
    PRECAUTIONS,
    SAID_BY_SILENCE,
    WHO_ACTS,
    WHOM_TO_AVOID,
    more_protective,
    only_a_person_lowers,
)

ASSESSMENT = "assessment"
# So of one event: what was said of an earlier one does not count for the next.
SEEN = frozenset({(ASSESSMENT, name) for name in ("seen", "seen_alone", "both_parties_seen")})
OF_THE_MOMENT = frozenset(
    {("perpetrator", "suspect_outstanding"), ("perpetrator", "arrested_without_charge"), ("ongoing_event",)}
)
# Said of the moment of one report: another report neither repeats nor ends it.
OF_ONE_REPORT = frozenset({"help_sought_by", "ongoing_event", "referred_on"})
_BIRTHS = frozenset({("victim", AGE), ("perpetrator", AGE)})
OF_EACH_REPORT = OF_ONE_REPORT | {"route", "consent_override_reason", "perpetrator.ref", "criteria_claimed"}
# Each author's text stands beside the others'. Which row it is says nothing, so two of them are no difference.
SEALED = frozenset({"safe_contact.hours", "consent_limits", "victim_wishes"})

FORM = frozenset({"assessment.tool", "assessment.unanswered"})
# A grade and a judgement are lowered by a review, which gives the reason.
WITH_A_REASON = frozenset({"assessment.officer_grade", "assessment.judged_high"})


class Stated(NamedTuple):
    """What an author states of a part now. `number` counts the statements, so that the newest can be told."""

    number: int
    value: Any
    agency: str
    may_say: bool


# For each part, what each author states of it.
Standing: TypeAlias = dict[Path, dict[str, Stated]]


def overlaid(statements: Sequence[AgencyStatement]) -> dict[str, Any]:
    """Returns the document as now known.

    Of each part what stands of all authors' statements, given the oldest first.
    """
    now_known: dict[str, Any] = {}
    by_part = standing(statements)
    for path, stated in sorted(by_part.items(), key=lambda item: len(item[0])):
        value = _stands(path, stated) if stated and not _is_left_out(path, by_part) else None
        if value is not None:
            *sections, name = path
            place = now_known
            for section in sections:
                place = place.setdefault(section, {})
            # A copy of an empty section: the parts within it are set below, and a stored document never changes.
            place.setdefault(name, value or type(value)())
    return without_level_below_1(now_known)


def without_answer(statements: Sequence[AgencyStatement]) -> frozenset[str]:
    """Returns the JSON pointers of the facts that are on record, and of which no statement stands."""
    by_part = standing(statements)
    return frozenset(pointer(path) for path, stated in by_part.items() if stated and _stands(path, stated) is None)


def disputed(statements: Sequence[AgencyStatement], settled: Mapping[str, datetime] | None = None) -> tuple[str, ...]:
    """Returns the JSON pointers of the facts that two authors state differently, and of lists that hold such a fact.

    What each report says of itself is no difference, and the assessments are compared report by report. What a
    reviewer settled is none until somebody states it again.
    """

    def is_settled(path: Path, stated: dict[str, Stated]) -> bool:
        at = (settled or {}).get(pointer(path))
        return at is not None and all(statements[one.number].stated_at <= at for one in stated.values())

    by_part = standing(statements)
    differ = {path: stated for path, stated in by_part.items() if _is_left_out(path, by_part) or _differ(path, stated)}
    found = [path for path, stated in differ.items() if _is_fact_of_case(path) and not is_settled(path, stated)]
    return tuple(sorted(pointer(path) for path in found))


def as_each_says(statements: Sequence[AgencyStatement], section: str) -> list[dict[str, Any]]:
    """Returns a section as each author states it, where two authors state it differently."""
    of_section = {path: stated for path, stated in standing(statements).items() if path[0] == section}
    agencies = sorted({agency for stated in of_section.values() for agency in stated})
    ways = [
        {path[1]: stated[agency].value for path, stated in of_section.items() if agency in stated and path[1:]}
        for agency in agencies
    ]
    return ways if len(ways) > 1 else []


def retracted_by(statement: AgencyStatement, earlier: Sequence[AgencyStatement]) -> list[str]:
    """Returns the JSON pointers of the parts that the statement takes back.

    Null, and the same agency had stated them.
    """
    own = {path for path, stated in standing(earlier).items() if statement.agency in stated}
    nulls = [path for path, value in parts_of(statement.document) if value is None]
    taken_back = {path for path in own for null in nulls if path[: len(null)] == null}
    return sorted(pointer(path) for path in taken_back)


def not_lowered(statements: Sequence[AgencyStatement]) -> list[Path]:
    """Returns what one author last stated lower than the statement that stands: only a person lowers it."""
    found: set[Path] = set()
    for number, statement in enumerate(statements[1:], start=2):
        stands = standing(statements[:number])
        for path, value in parts_of(statement.document):
            now = stands.get(path, {}).get(statement.agency)
            lower = now is not None and _is_lower(".".join(path), now.value, value, statement)
            (found.add if lower else found.discard)(path)
    return sorted(found)


def takes_protection_back(statement: AgencyStatement, earlier: Sequence[AgencyStatement]) -> bool:
    """Returns whether the statement takes back, by null, what only a named person lowers."""
    taken_back = set(retracted_by(statement, earlier))
    return any(
        pointer(path) in taken_back and only_a_person_lowers(".".join(path), stated[statement.agency].value)
        for path, stated in standing(earlier).items()
        if statement.agency in stated
    )


def standing(statements: Sequence[AgencyStatement]) -> Standing:
    """Returns what each author now states of each part."""
    found: Standing = {}
    for number, statement in enumerate(statements):
        for path, value in parts_of(statement.document):
            if value is not None:
                stated = found.setdefault(path, {})
                now = _own(path, stated.get(statement.agency), statement, value)
                stated[statement.agency] = Stated(number, now, statement.agency, statement.may_say)
            elif statement.may_retract:
                _retract(found, path, statement.agency)
    return found


def _is_lower(part: str, stands: Any, value: Any, statement: AgencyStatement) -> bool:  # noqa: ANN401 - any part
    # A report's list adds to what its author said, and takes nobody off it.
    adds = part in WHOM_TO_AVOID and statement.kind is not StatementKind.FACTS
    return only_a_person_lowers(part, stands) and value not in (None, stands) and not adds


def _own(path: Path, before: Stated | None, statement: AgencyStatement, value: Any) -> Any:  # noqa: ANN401
    """Returns what the author states now: a report's list adds to the author's own, anything else replaces it.

    Of what only a person lowers, the more protective statement stands until one does.
    """
    part = ".".join(path)
    if before is None or _may_lower(part, statement) or before.value in OPEN_ANSWERS:
        return value
    if part in KEYS:
        replaces = statement.kind is StatementKind.FACTS and part not in WHOM_TO_AVOID
        return value if replaces else joined(part, [before.value, value])
    return more_protective(part, [before.value, value]) if only_a_person_lowers(part, before.value) else value


def _may_lower(part: str, statement: AgencyStatement) -> bool:
    if statement.kind is StatementKind.REVIEW:
        return True
    if part in LIFTED_BY_A_PERSON or part in WHOM_TO_AVOID:
        # A report's list adds to what its author said, also when a person sends it.
        return statement.by_person and not (part in WHOM_TO_AVOID and statement.kind.is_report)
    return part in LOWERED_BY_A_PERSON - WITH_A_REASON and (statement.by_person or _completes(part, statement))


def _completes(part: str, statement: AgencyStatement) -> bool:
    """Returns whether the statement fills in the form: the post that was asked, or with the ticks of what was left."""
    was_asked = part in FORM and statement.kind is StatementKind.ANSWER
    return was_asked or (part == "assessment.unanswered" and "ticks" in statement.document.get(ASSESSMENT, {}))


def _retract(found: Standing, null: Path, agency: str) -> None:
    """Takes back what the agency stated for this part and everything within it. What others stated stays."""
    for path, stated in found.items():
        if path[: len(null)] == null:
            stated.pop(agency, None)


def _stands(path: Path, stated: dict[str, Stated]) -> Any:  # noqa: ANN401 - whatever the part holds
    part = ".".join(path)
    if part in KEYS:
        return side_by_side(part, _lists(stated))
    if part in WHO_ACTS:
        return _said_by_whoever_may(stated)
    values = [one.value for one in _oldest_first(stated)]
    return values[-1] if isinstance(values[-1], dict) else more_protective(part, values)


def _said_by_whoever_may(stated: dict[str, Stated]) -> Any:  # noqa: ANN401 - a service, an area
    """Returns what the newest author says who may, or the service that is named there; else what was said first."""
    may_say = [one for one in _oldest_first(stated) if one.may_say]
    if not may_say:
        return next(_oldest_first(stated)).value
    named = stated.get(may_say[-1].value)
    return named.value if named else may_say[-1].value


def _is_left_out(path: Path, by_part: Standing) -> bool:
    """Returns whether an author says by silence that it is not so: one who told what belongs with it, and not this."""
    beside = SAID_BY_SILENCE.get(".".join(path))
    if beside is None:
        return False
    agencies = {
        agency
        for other, stated in by_part.items()
        if f"{'.'.join(other)}.".startswith(f"{beside}.")
        for agency in stated
    }
    return bool(agencies - by_part[path].keys())


def _oldest_first(stated: dict[str, Stated]) -> Iterator[Stated]:
    return iter(sorted(stated.values(), key=lambda one: one.number))


def _lists(stated: dict[str, Stated]) -> list[AuthorsList]:
    # Whoever may say who acts comes first: of several services, the first that is named acts.
    in_order = sorted(stated.values(), key=lambda one: (not one.may_say, one.number))
    return [AuthorsList(one.value, one.may_say) for one in in_order]


def _is_fact_of_case(path: Path) -> bool:
    part = ".".join(path)
    return path[0] != ASSESSMENT and part not in OF_EACH_REPORT | SEALED and (part in PRECAUTIONS or part in KEYS)


def _differ(path: Path, stated: dict[str, Stated]) -> bool:
    if ".".join(path) in KEYS:
        return contradicts_itself(".".join(path), _lists(stated))
    values = [one.value for one in stated.values()]
    if path in _BIRTHS:
        return len(values) > 1 and contradict(list(map(birth_of_text, values)))
    return any(value != values[0] for value in values)
