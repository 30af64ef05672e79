"""Records acts on the audit trail. Nothing else writes there."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.audit.vocabulary import Category
from app.foundation.storage.transaction import Transaction

__all__ = ["Category", "acts_recorded", "record_act", "record_again"]

_RECORDED = "acts on the audit trail"


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """What was done, to what, and to whom it was disclosed."""

    category: Category
    subject_type: str
    subject_id: str
    recipient: str | None = None


def record_act(
    tx: Transaction, category: Category, subject_type: str, subject_id: str, *, recipient: str | None = None
) -> None:
    """Records the act in the transaction of the act itself, so a read whose entry fails is not answered.

    `recipient`: the agency that something was disclosed to.
    """
    _add(tx, RecordedAct(category, subject_type, subject_id, recipient))


def acts_recorded(session: Session) -> list[dict[str, Any]]:
    """Returns the acts of this transaction that were recorded, as they are kept with a stored answer."""
    return [asdict(act) for act in session.info.get(_RECORDED, ())]


def record_again(tx: Transaction, acts: Iterable[Mapping[str, Any]]) -> None:
    """Records that what these acts were about is read once more, from a stored answer. Nothing is changed again."""
    for kept in acts:
        act = RecordedAct(**kept)
        reads = act.category in {Category.CONSULTATION, Category.DISCLOSURE}
        _add(tx, act if reads else replace(act, category=Category.CONSULTATION))


def _add(tx: Transaction, act: RecordedAct) -> None:
    caller = tx.caller
    tx.session.info.setdefault(_RECORDED, []).append(act)
    # Not flushed here: the commit writes it at the latest, and a commit that fails is answered with an error.
    tx.session.add(
        AuditEntry(
            at=tx.now,
            category=act.category,
            route=caller.route,
            subject_type=act.subject_type,
            subject_id=act.subject_id,
            client_id=caller.client_id,
            agency=caller.agency,
            on_behalf_of=caller.on_behalf_of,
            recipient=act.recipient,
            trace_id=caller.trace_id,
            address=caller.address,
        )
    )
