"""Ends what was asked for a hearing for which nobody waits any more: the case was heard, or left the lists."""

from collections.abc import Collection

from app.actions.duty_ids import is_research
from app.actions.further_cases.repository import further_cases_of
from app.actions.models import Action
from app.actions.outcomes.ending import end_actions, no_longer_owed
from app.actions.repository import unreported_actions_for_change
from app.foundation.storage.transaction import Transaction
from app.meetings.repositories.listing_repository import waits_for_hearing
from app.routing.policy.duty_ids import EMERGENCY_MEETING, PLAN_STATUS

HEARD = "The case has been heard; the record of the meeting shows what was missing"
NOT_LISTED = "The case is on no list any more"


def end_preparation(tx: Transaction, case_ids: Collection[str], because: str) -> None:
    """Ends the unanswered research, emergency question and report on the earlier plan (D39) of these cases.

    What a case that still waits asks too goes on.
    """
    for case_id in case_ids:
        asked = (one for one in unreported_actions_for_change(tx.session, case_id) if _is_for_hearing(one))
        ended = [one for one in asked if not waits_for_hearing(tx.session, _served(tx, one))]
        end_actions(tx, ended, no_longer_owed(because))


def _is_for_hearing(action: Action) -> bool:
    return is_research(action.duty) or action.duty in {EMERGENCY_MEETING, PLAN_STATUS}


def _served(tx: Transaction, action: Action) -> set[str]:
    return {action.case_id, *(one.case_id for one in further_cases_of(tx.session, action.id))}
