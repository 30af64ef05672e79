"""The statistics report: what a later review of the forums would otherwise count by hand.

Source: DHR "Jean", Appendix A: the Cleveland MARAC was reviewed for how many referrals were screened and heard, why
cases were refused, and what became of actions.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Invalid, RequestFault
from app.statistics import counting_fields_repository, repository
from app.statistics.area_records import read_records
from app.statistics.counting import Period
from app.statistics.diversity_counts import (
    FIELDS,
    CountedDiversity,
    by_case,
    cells_of,
    settled_on,
    settled_quarters,
    together,
)
from app.statistics.forum_statistics import forum_statistics
from app.statistics.referral_sources import count_sources
from app.statistics.schemas import DiversityOut, StatisticsOut
from app.vocabulary import Forum

LONGEST_DAYS = 5 * 366


def area_statistics(session: Session, area: str, period: Period, forum: Forum | None, now: datetime) -> StatisticsOut:
    """Returns the statistics of an area, for one forum or for each that has any.

    The session must see all rows of the area.

    Raises `Invalid` for a period that cannot be measured.
    """
    refuse_unless_measurable(period)
    records, calendar = read_records(session, area, period), calendar_of_area(session, area)
    found = records.forums()
    return StatisticsOut(
        area=area,
        from_on=period.first,
        to_on=period.last,
        as_of=now,
        referrals_received=repository.count_referrals(session, area, period),
        referral_sources=count_sources(counting_fields_repository.kinds_of_referrers(session, area, period)),
        diversity=_diversity(session, area, settled_quarters(period, london_date(now))),
        needs_without_owner=repository.count_needs_without_owner(session, area),
        forums=[
            forum_statistics(records, each, calendar, now)
            for each in Forum
            if (each == forum if forum else each in found)
        ],
    )


def _diversity(session: Session, area: str, quarters: Sequence[Period]) -> DiversityOut:
    counted = [_victims(session, area, quarter) for quarter in quarters]
    return DiversityOut(
        quarters=[quarter.first for quarter in quarters],
        **{name: together([cells_of(name, victims) for victims in counted]) for name in FIELDS},
    )


def _victims(session: Session, area: str, quarter: Period) -> list[CountedDiversity]:
    """Returns what counts of the victim of each case that was referred in the quarter."""
    cases = counting_fields_repository.cases_referred(session, area, quarter)
    until = london_instant(settled_on(quarter), 0)
    stated = by_case(counting_fields_repository.stated_for_counting(session, cases, until))
    return [stated.get(case_id, CountedDiversity()) for case_id in cases]


def refuse_unless_measurable(period: Period) -> None:
    """Raises `Invalid` unless the period ends on or after its first day and covers five years at most."""
    if period.last < period.first:
        raise Invalid("`to` lies before `from`", faults=[RequestFault("/to", "before_from", "give a later date")])
    if (period.last - period.first).days >= LONGEST_DAYS:
        raise Invalid(
            "a report covers five years at most",
            faults=[RequestFault("/from", "too_long", "give a later date")],
        )
