"""E-mails the contacts about open work items, through a relay that the deployment names. Holds ids only, no person."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.webhooks.vocabulary import WorkKind
from app.webhooks.work_item_repository import mark_mailed, unmailed_items

SMTP_SECONDS = 10
SENTENCES: dict[str, str] = {
    WorkKind.NO_LIVE_ENDPOINT: "A reminder has no receiver that is live.",
    WorkKind.UNDELIVERED: "A reminder has not been taken by its receiver for two hours.",
    WorkKind.EXHAUSTED: "An event could not be delivered after every retry.",
    WorkKind.POISON: "An event could not be sent because of a fault on our side.",
    WorkKind.ENDPOINT_PAUSED: "A receiver has been paused. Its events are kept until a person resumes it.",
    WorkKind.RECEIVER_REFUSES: "A receiver refuses or redirects our calls.",
    WorkKind.CANNOT_SIGN: "Calls are not sent because a webhook secret cannot be opened on our side.",
}


@dataclass(frozen=True, slots=True)
class MailRelay:
    """Where mail is handed over (`host:port`), who it is from, and the address of this service."""

    address: str
    sender: str
    public_url: str


@dataclass(frozen=True, slots=True)
class WorkItemMail:
    """One mail about one item."""

    item_id: str
    to: tuple[str, ...]
    subject: str
    text: str


def mail_open_items(sessions: sessionmaker[Session], relay: MailRelay, now: datetime) -> int:
    """Mails every open item that was not mailed before, and returns how many.

    Three steps, so that no transaction is open while the relay answers. The mark comes after the hand-over: a crash
    between the two sends a mail twice, and never loses one.
    """
    with sessions.begin() as session:
        scope_to_system(session)
        mails = [_mail(row, relay) for row in unmailed_items(session)]
    if not mails:
        return 0
    _hand_over(relay, mails)
    with sessions.begin() as session:
        scope_to_system(session)
        mark_mailed(session, [mail.item_id for mail in mails], now)
    return len(mails)


def _mail(row: RowMapping, relay: MailRelay) -> WorkItemMail:
    about = f"{row['subject_type']} {row['subject_id']}" if row["subject_id"] else f"endpoint {row['endpoint_id']}"
    # Ids and the address of the board: mail is read on devices that this service does not control.
    text = f"{SENTENCES[row['kind']]}\n\nArea: {row['area']}\nAbout: {about}\nSee: {relay.public_url}/board\n"
    return WorkItemMail(row["id"], tuple(row["contacts"]), f"Referral routing: {row['kind'].replace('_', ' ')}", text)


def _hand_over(relay: MailRelay, mails: Sequence[WorkItemMail]) -> None:
    host, _, port = relay.address.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=SMTP_SECONDS) as smtp:
        for mail in mails:
            message = EmailMessage()
            message["From"], message["To"] = relay.sender, ", ".join(mail.to)
            message["Subject"] = mail.subject
            message.set_content(mail.text)
            smtp.send_message(message)
