"""Gives the hub's inspector what nobody answered about a victim of whom no abuse is reported.

MARAC is asked on silence only about a reported incident. Without one the end of the clock is a named officer's: MARAC's
chair has no business with that victim yet.
"""

from datetime import timedelta

from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.foundation.storage.transaction import Transaction
from app.intake.duty_ids import MARAC_OPEN_WITHOUT_ABUSE
from app.intake.service import Routed
from app.reminders.deadline import Deadline
from app.routing.policy.outcomes import OPEN
from app.vocabulary import NeedKind, Role

WITHIN = timedelta(hours=12)  # [I] as long as the review of a report of high risk


def ask_inspector(tx: Transaction, routed: Routed) -> None:
    """Gives the inspector the action, where MARAC is still open at the end of its clock without a report of abuse."""
    decision, case = routed.made, routed.case
    if decision.outcomes["marac"] != OPEN or decision.facts["abuse_reported"] is True:
        return
    action = Assignment(
        case_id=case.id,
        area=case.area,
        what="Decide what follows: nobody answered what decides whether MARAC is asked, and no abuse is reported",
        done_when="the inspector's decision and its reason are recorded",
        owner_role=Role.POLICE_INSPECTOR,
        deadline=Deadline(None, tx.now + WITHIN),
        duty=MARAC_OPEN_WITHOUT_ABUSE,
        about=NeedKind.VICTIM_SAFETY,
        decision_id=routed.decision.id,
    )
    assign_duties(tx.session, [action], tx.now)
