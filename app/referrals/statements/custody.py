"""Says whose word ends the arrest plan: custody and arrest are on the records of police, probation and prison.

Another's word of them is kept, and the hub is asked. Custody is of its time: abuse that happened after it was said
shows that the perpetrator was not held, unless somebody says it again. [I]
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from app.foundation.clock import london_date
from app.referrals.statements.standing import Stated, standing
from app.referrals.statements.statement import AgencyStatement, Path, StatementKind, without_paths

_HELD: Path = ("perpetrator", "in_custody")
_RELEASE: Path = ("perpetrator", "release_on")
_PERIODS: Path = ("perpetrator", "custody_periods")
# What is said of each that would end the arrest plan.
_ENDS_THE_PLAN: Mapping[Path, bool] = {_HELD: True, ("perpetrator", "suspect_outstanding"): False}


class HeardOfCustody(NamedTuple):
    """The statements without the word of custody or arrest that does not count.

    `in_doubt`: somebody says that the perpetrator is held, and nobody says so whose word counts now. `said_on` is the
    last day on which somebody said it whose word counts.
    """

    statements: list[AgencyStatement]
    in_doubt: bool
    said_on: date | None


def heard_of_custody(statements: Sequence[AgencyStatement], abuse_at: datetime | None) -> HeardOfCustody:
    """Returns the statements as far as they are heard, where the newest abuse of the couple happened at `abuse_at`."""
    by_part = standing(statements)
    unheard = {path: _unheard(path, by_part.get(path, {}), statements, abuse_at) for path in _ENDS_THE_PLAN}
    periods = [_heard_period(one, statements, abuse_at) for one in by_part.get(_PERIODS, {}).values()]
    in_doubt = True not in periods and bool(unheard[_HELD] or False in periods)
    heard = _without_past_releases([_without_unheard(one, unheard) for one in statements])
    newest = max(_saying_held(heard), default=None)
    return HeardOfCustody(heard, in_doubt, None if newest is None else london_date(heard[newest].stated_at))


def _saying_held(statements: Sequence[AgencyStatement]) -> list[int]:
    """Returns the numbers of the statements by which an author says that the perpetrator is held."""
    return [one.number for one in standing(statements).get(_HELD, {}).values() if one.value is True]


def _unheard(
    path: Path, stated: Mapping[str, Stated], statements: Sequence[AgencyStatement], abuse_at: datetime | None
) -> frozenset[str]:
    """Returns the agencies whose word of the part does not count: overtaken, or nobody's who may say."""
    overtaken = {
        agency
        for agency, one in stated.items()
        if path == _HELD and one.value is True and _is_before(abuse_at, statements[one.number])
    }
    left = {agency: one for agency, one in stated.items() if agency not in overtaken}
    all_end_the_plan = all(one.value is _ENDS_THE_PLAN[path] for one in left.values())
    if all_end_the_plan and not any(_may_say(one, statements) for one in left.values()):
        return frozenset(stated)
    return frozenset(overtaken)


def _may_say(one: Stated, statements: Sequence[AgencyStatement]) -> bool:
    """Returns whether the author knows of arrests, was asked about this one, or is the only author there is."""
    is_asked = statements[one.number].kind is StatementKind.ANSWER
    return one.may_say or is_asked or len({each.agency for each in statements}) == 1


def _is_before(abuse_at: datetime | None, statement: AgencyStatement) -> bool:
    return abuse_at is not None and statement.stated_at < abuse_at


def _heard_period(stated: Stated, statements: Sequence[AgencyStatement], abuse_at: datetime | None) -> bool | None:
    """Returns whether the author's word counts that a period in custody runs; None without such a period."""
    statement = statements[stated.number]
    running = [one for one in stated.value or () if _ran(one, london_date(statement.stated_at))]
    if not running:
        return None
    return _may_say(stated, statements) and not _is_before(abuse_at, statement)


def _ran(period: Mapping[str, Any], today: date) -> bool:
    until = period.get("until_on")
    return until is None or today <= date.fromisoformat(until)


def _without_past_releases(statements: Sequence[AgencyStatement]) -> list[AgencyStatement]:
    """Returns the statements without a day of release that had passed when custody was said again."""
    held = _saying_held(statements)
    latest = max(held, default=0)
    said_on = london_date(statements[latest].stated_at).isoformat() if held else ""
    return [
        replace(one, document=without_paths(one.document, {_RELEASE}))
        if number < latest and (one.document.get("perpetrator", {}).get("release_on") or said_on) < said_on
        else one
        for number, one in enumerate(statements)
    ]


def _without_unheard(one: AgencyStatement, unheard: Mapping[Path, frozenset[str]]) -> AgencyStatement:
    dropped = {path for path, agencies in unheard.items() if one.agency in agencies}
    return replace(one, document=without_paths(one.document, dropped)) if dropped else one
