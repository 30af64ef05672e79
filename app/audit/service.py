"""Records acts on the audit trail. Nothing else writes there."""

from app.audit.models import AuditEntry
from app.audit.vocabulary import Category
from app.foundation.storage.transaction import Transaction

__all__ = ["Category", "record_act"]


def record_act(
    tx: Transaction, category: Category, subject_type: str, subject_id: str, *, recipient: str | None = None
) -> None:
    """Records the act in the transaction of the act itself, so a read whose entry fails is not answered.

    `recipient`: the agency that something was disclosed to.
    """
    caller = tx.caller
    # Not flushed here: the commit writes it at the latest, and a commit that fails is answered with an error.
    tx.session.add(
        AuditEntry(
            at=tx.now,
            category=category,
            route=caller.route,
            subject_type=subject_type,
            subject_id=subject_id,
            client_id=caller.client_id,
            agency=caller.agency,
            on_behalf_of=caller.on_behalf_of,
            recipient=recipient,
            trace_id=caller.trace_id,
            address=caller.address,
        )
    )
