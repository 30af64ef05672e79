"""Reports a duty as done when an act of a meeting fulfils it, in the same transaction."""

from collections.abc import Collection

from app.actions.outcomes.reporting import report_completed
from app.foundation.storage.transaction import Transaction
from app.meetings.repositories import case_action_repository

LONGEST_NOTE = 2000  # characters, as `OutcomeRequest.note` allows


def complete_duties(tx: Transaction, case_id: str, duties: Collection[str], note: str) -> None:
    """Reports COMPLETED each of these duties that is open on the case; a second person still reviews each report.

    `note` says what shows that the duty is done.
    """
    # The act shows that the duty is done, but it is a report like any other: nobody reviews their own.
    for action in case_action_repository.open_duties_for_change(tx.session, case_id, duties):
        report_completed(tx, action, note[:LONGEST_NOTE])
