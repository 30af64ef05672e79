"""Two pseudonyms became one person, or two again: the cases that count across them are to be decided anew by a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.actions.recording.assignment import Assignment, assign_duties
from app.foundation.clock import london_date
from app.ownership.repository import open_needs_of_case
from app.referrals.models import Case
from app.referrals.repository import cases_decided_by
from app.reminders.deadline import Deadline
from app.vocabulary import Role

RECOUNT = "RECOUNT"
RECOUNT_WITHIN_WORKING_DAYS = 1  # [I] a product default


def ask_to_recount(session: Session, decisions: Sequence[str], now: datetime) -> None:
    """Each open case among these decisions has an action of its co-ordinator; no owner changes by a link alone."""
    open_ones = [
        case for case in cases_decided_by(session, decisions) if open_needs_of_case(session, case.id)
    ]
    assign_duties(session, [_recount(session, case, now) for case in open_ones], now)


def _recount(session: Session, case: Case, now: datetime) -> Assignment:
    calendar = calendar_of_area(session, case.area)
    return Assignment(
        case_id=case.id,
        area=case.area,
        what="Have this case decided anew: who counts as one person in it has changed. "
        "Where he or she now has two open needs, end one as a duplicate of the other",
        done_when="The case was decided anew on everything known, and each person has one owner for each need",
        owner_role=Role.MARAC_COORDINATOR,
        deadline=Deadline(calendar.add(london_date(now), RECOUNT_WITHIN_WORKING_DAYS), None),
        duty=RECOUNT,
        informed=tuple(case.agencies),
    )
