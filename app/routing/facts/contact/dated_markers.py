"""The markers of an assessment that a date raises by itself."""

from dataclasses import replace
from datetime import date, datetime

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.snapshot.case import CaseSnapshot

# The Dash asks whether the victim separated within the past year, and about a baby within 18 months.
SEPARATED_MONTHS, BABY_MONTHS = 12, 18


def with_dated_markers(case: CaseSnapshot, at: datetime) -> CaseSnapshot:
    """Returns the case with the markers that dates raise: a separation within a year, a pregnancy or a new baby.

    A date raises a marker and never denies one: a separation last year does not undo what an assessment says.
    """
    today, stated = london_date(at), case.assessment
    separation = _separated_lately(case.contact.separated_on, today) or stated.separation
    pregnancy = _pregnant_or_new_baby(case.victim.due_on, today) or stated.pregnancy
    return replace(case, assessment=replace(stated, separation=separation, pregnancy=pregnancy))


def _separated_lately(day: date | None, today: date) -> bool:
    return day is not None and months_before(today, SEPARATED_MONTHS) <= day <= today


def _pregnant_or_new_baby(due: date | None, today: date) -> bool:
    return due is not None and months_before(today, BABY_MONTHS) <= due
