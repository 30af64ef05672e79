"""Records acts on the audit trail. Nothing else writes there."""

from enum import StrEnum

from app.audit.models import AuditEntry
from app.foundation.storage.transaction import Transaction


class Category(StrEnum):
    """The six kinds of processing that section 62 of the Data Protection Act 2018 wants logged."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


def record_act(
    tx: Transaction, category: Category, subject_type: str, subject_id: str, *, recipient: str | None = None
) -> None:
    """Records the act in the transaction of the act itself, so a read whose entry fails is not answered.

    `recipient`: the agency that something was disclosed to.
    """
    caller = tx.caller
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
        )
    )
