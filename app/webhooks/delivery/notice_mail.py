"""E-mails the work of a post without a system to the address that reads for it: ids and links only, no person."""

from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.outcomes.notice_receipt import receive_by_mail
from app.foundation.caller import SYSTEM
from app.foundation.storage.transaction import Transaction
from app.webhooks.delivery.mail import ItemMail, MailRelay, hand_over
from app.webhooks.work_item_repository import notices_to_mail


def mail_notices(sessions: sessionmaker[Session], relay: MailRelay, now: datetime) -> int:
    """Mails the notices of posts that read by e-mail, and returns how many the relay took: those are received.

    No transaction is open while the relay answers: a crash before the receipt sends a mail twice, and never loses one.
    """
    with sessions.begin() as session:
        scope_to_system(session)
        mails = [_mail(row, relay) for row in notices_to_mail(session)]
    handed = hand_over(relay, mails)
    with sessions.begin() as session:
        scope_to_system(session)
        receive_by_mail(Transaction(session, SYSTEM, now), handed)
    return len(handed)


def _mail(row: RowMapping, relay: MailRelay) -> ItemMail:
    link = f"{relay.public_url}/v1/notices?case_id={row['case_id']}"
    text = f"{row['role']} of {row['area']}: {', '.join(row['steps'])}\n\nNotice: {row['id']}\nSee: {link}\n"
    return ItemMail(row["id"], (row["address"],), "Referral routing: new work", text)
