"""Asks a person to have cases decided anew when it changed who is one person with whom."""

from collections.abc import Sequence

from app.access.directory import calendar_of_area
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.intake.duty_ids import DECIDE_ANEW_AFTER_LINK
from app.ownership.repository import open_needs_of_case
from app.referrals.models import Case
from app.referrals.repositories.decision_repository import cases_decided_by
from app.reminders.deadline import Deadline
from app.vocabulary import Role

DECIDE_WITHIN_WORKING_DAYS = 1  # [I] a product default


def ask_to_decide_anew(tx: Transaction, decision_ids: Sequence[str]) -> None:
    """Gives the co-ordinator of each open case among these decisions an action. A link alone changes no owner."""
    open_cases = [
        case for case in cases_decided_by(tx.session, decision_ids) if open_needs_of_case(tx.session, case.id)
    ]
    assign_duties(tx.session, [_decide_anew(tx, case) for case in open_cases], tx.now)


def _decide_anew(tx: Transaction, case: Case) -> Assignment:
    calendar = calendar_of_area(tx.session, case.area)
    return Assignment(
        case_id=case.id,
        area=case.area,
        what="Have this case decided anew: who is one person with whom has changed. "
        "If a person now has two open needs, end one as a duplicate of the other",
        done_when="The case is decided anew on all known facts, and each person has one owner for each need",
        owner_role=Role.MARAC_COORDINATOR,
        deadline=Deadline(calendar.add(london_date(tx.now), DECIDE_WITHIN_WORKING_DAYS), None),
        duty=DECIDE_ANEW_AFTER_LINK,
        informed=tuple(case.agencies),
    )
