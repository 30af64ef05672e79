"""Settles the notices of two hours ago: a system of the receiver took them, or they go back to their sender."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.actions.notices.repository import unreceived_notices
from app.actions.outcomes.notice_receipt import BY_A_SYSTEM, receive_notice, return_to_sender
from app.foundation.caller import SYSTEM
from app.foundation.storage.transaction import Transaction
from app.webhooks.delivery_repository import was_taken

RECEIVED_WITHIN = timedelta(hours=2)
AT_A_TIME = 100


def settle_notices(session: Session, now: datetime) -> int:
    """Settles up to a hundred notices, and returns how many: none of them is lost, and none is looked at twice."""
    tx = Transaction(session, SYSTEM, now)
    notices = unreceived_notices(session, now - RECEIVED_WITHIN, AT_A_TIME)
    for notice in notices:
        if was_taken(session, notice.event_id, notice.agency):
            receive_notice(tx, notice, BY_A_SYSTEM)
        else:
            return_to_sender(tx, notice)
    return len(notices)
