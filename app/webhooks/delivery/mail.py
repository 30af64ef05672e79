"""E-mail about what a person must see to, through a relay the deployment names. Ids only, as in every other message."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import RowMapping, text, update
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.webhooks.models import WorkItem

SMTP_SECONDS = 10
SENTENCES = {
    "no_live_endpoint": "A reminder has no receiver that is live.",
    "undelivered": "A reminder has not been taken by its receiver for two hours.",
    "exhausted": "An event could not be delivered after every retry.",
    "poison": "An event could not be sent because of a fault on our side.",
    "endpoint_paused": "A receiver has been paused. Its events are kept until a person resumes it.",
    "receiver_refuses": "A receiver refuses or redirects our calls.",
    "cannot_sign": "Calls are not sent because a webhook secret cannot be opened on our side.",
}
# The failing endpoint's own contact, and the contacts that the area's co-ordinator has registered.
_UNMAILED = text("""
    SELECT w.id, w.kind, w.area, w.subject_type, w.subject_id, w.endpoint_id, array_agg(DISTINCT e.contact) AS contacts
    FROM work_item w
    JOIN webhook_endpoint e ON e.contact IS NOT NULL AND (e.id = w.endpoint_id OR e.agency IN (
        SELECT p.agency FROM post p WHERE p.area = w.area AND p.role = w.owner_role))
    WHERE w.mailed_at IS NULL AND w.closed_at IS NULL
    GROUP BY w.id ORDER BY min(w.opened_at) LIMIT 100
""")


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over (`host:port`), and who it is from."""

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


def mail_open_items(sessions: sessionmaker[Session], relay: Relay, now: datetime) -> int:
    """How many open items were newly mailed. Handing over comes first, the mark after: at worst a mail comes twice."""
    with sessions.begin() as session:
        scope_to_system(session)
        notices = [_notice(row, relay) for row in session.execute(_UNMAILED).mappings()]
    if not notices:
        return 0
    _hand_over(relay, notices)
    with sessions.begin() as session:
        scope_to_system(session)
        ids = [notice.item_id for notice in notices]
        session.execute(update(WorkItem).where(WorkItem.id.in_(ids)).values(mailed_at=now))
    return len(notices)


def _notice(row: RowMapping, relay: Relay) -> WorkItemMail:
    about = (
        f"{row['subject_type']} {row['subject_id']}"
        if row["subject_id"]
        else f"endpoint {row['endpoint_id']}"
    )
    text = f"{SENTENCES[row['kind']]}\n\nArea: {row['area']}\nAbout: {about}\nSee: {relay.public_url}/board\n"
    return WorkItemMail(
        row["id"], tuple(row["contacts"]), f"Referral routing: {row['kind'].replace('_', ' ')}", text
    )


def _hand_over(relay: Relay, notices: Sequence[WorkItemMail]) -> None:
    host, _, port = relay.address.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=SMTP_SECONDS) as smtp:
        for notice in notices:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = relay.sender, ", ".join(notice.to), notice.subject
            mail.set_content(notice.text)
            smtp.send_message(mail)
