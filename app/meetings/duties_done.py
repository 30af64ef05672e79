"""Duties that a recorded act of a meeting fulfils are reported done in the same commit; a second person still reviews."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.outcomes.reporting import report_outcome
from app.actions.schemas import OutcomeRequest
from app.foundation.caller import Caller
from app.foundation.storage.transaction import Transaction
from app.vocabulary import ActionOutcome, ActionState


def report_done(
    session: Session, caller: Caller, case_id: str, duties: Collection[str], note: str, now: datetime
) -> None:
    """Each of these duties that is open on the case is reported COMPLETED, with what shows it."""
    open_ones = session.scalars(
        select(Action)
        .where(Action.case_id == case_id, Action.duty.in_(duties), Action.state == ActionState.OPEN)
        .order_by(Action.id)
        .with_for_update()
    ).all()
    done = OutcomeRequest(outcome=ActionOutcome.COMPLETED, note=note[:2000])
    for action in open_ones:
        report_outcome(Transaction(session, caller, now), action, done)
