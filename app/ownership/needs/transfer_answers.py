"""Records the one answer of a transfer."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.ownership.models import Transfer, TransferAnswer
from app.ownership.proposals.answers import AnswerDraft
from app.reminders.service import cancel_ladder


def record_transfer_answer(
    session: Session, transfer: Transfer, draft: AnswerDraft, now: datetime, need_opened: str | None = None
) -> TransferAnswer:
    """Records the answer and cancels the reminders. `need_opened`: the id of the need that an acceptance opened."""
    transfer.state = draft.state
    answer = TransferAnswer(
        id=new_id("tra"),
        transfer_id=transfer.id,
        state=draft.state,
        reason=draft.reason,
        need_opened=need_opened,
        answered_by=draft.by,
        answered_at=now,
        area=transfer.area,
        agencies=transfer.agencies,
    )
    session.add(answer)
    session.flush()
    cancel_ladder(session, transfer.id, draft.state.lower(), now)
    return answer
