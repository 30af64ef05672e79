"""Ends a duty that an act on record fulfils, in the same transaction."""

from collections.abc import Collection

from app.actions.outcomes.ending import end_actions, shown_done
from app.actions.repository import unreported_duties_for_change
from app.foundation.storage.transaction import Transaction


def complete_duties(tx: Transaction, case_id: str, duties: Collection[str], because: str) -> None:
    """Ends each unreported action of these duties of the case. `because` says what shows that it is done."""
    end_actions(tx, unreported_duties_for_change(tx.session, case_id, duties), shown_done(because))
