"""E-mails through a relay that the deployment names: digests to posts without a system, and open work items.

Holds ids and links only, no person.
"""

import json
import logging
import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.outcomes.notice_receipt import receive_by_mail
from app.foundation.caller import SYSTEM
from app.foundation.storage.transaction import Transaction
from app.outbox.service import link_of
from app.vocabulary import EventType, SubjectType
from app.webhooks.vocabulary import WorkKind
from app.webhooks.work_item_repository import close_mailed_reminders, mark_mailed, reminders_to_mail, unmailed_items

_log = logging.getLogger(__name__)
SMTP_SECONDS = 10
SENTENCES: dict[str, str] = {
    WorkKind.NO_LIVE_ENDPOINT: "A reminder or new work has no receiver that is live.",
    WorkKind.UNDELIVERED: "A reminder or new work has not been taken by its receiver for two hours.",
    WorkKind.EXHAUSTED: "An event could not be delivered after every retry.",
    WorkKind.POISON: "An event could not be sent because of a fault on our side.",
    WorkKind.ENDPOINT_PAUSED: "A receiver has been paused. Its events are kept until a person resumes it.",
    WorkKind.RECEIVER_REFUSES: "A receiver refuses or redirects our calls.",
    WorkKind.CANNOT_SIGN: "Calls are not sent because a webhook secret cannot be opened on our side.",
}
ASKED: dict[str, str] = {
    EventType.WORK_ASSIGNED: "new work",
    EventType.ENQUIRY_ASKED: "a question",
    EventType.LEAD_PROPOSED: "a proposal",
    EventType.ENDING_ASKED: "an ending to confirm",
    EventType.RELEASE_MADE: "what is known elsewhere of a perpetrator",
    EventType.LINK_PROPOSED: "whether two pseudonyms are one person",
}
_OF_REMINDERS = frozenset({EventType.REMINDER_DIGEST, EventType.REMINDER_DANGER})


@dataclass(frozen=True, slots=True)
class MailRelay:
    """Where mail is handed over (`host:port`), who it is from, and the address of this service."""

    address: str
    sender: str
    public_url: str


@dataclass(frozen=True, slots=True)
class ItemMail:
    """One mail, for the item that it settles or is about."""

    item_id: str
    to: tuple[str, ...]
    subject: str
    text: str


def mail_what_waits(sessions: sessionmaker[Session], relay: MailRelay, now: datetime) -> int:
    """Mails the reminders of posts that read them by e-mail, then every open item, and returns how many mails it were.

    The reminders go first: one that is handed over needs no item. The marks come after the hand-over, and no
    transaction is open while the relay answers: a crash between the two sends a mail twice, and never loses one.
    """
    return _mail_reminders(sessions, relay, now) + _mail_items(sessions, relay, now)


def _mail_reminders(sessions: sessionmaker[Session], relay: MailRelay, now: datetime) -> int:
    with sessions.begin() as session:
        scope_to_system(session)
        rows = reminders_to_mail(session)
    handed = set(_hand_over(relay, [_reminder_mail(row, relay) for row in rows]))
    with sessions.begin() as session:
        scope_to_system(session)
        # Before the items: a decision locks its case first, and may close items.
        mailed = [(row["event_id"], row["role"]) for row in rows if row["id"] in handed]
        receive_by_mail(Transaction(session, SYSTEM, now), mailed)
        close_mailed_reminders(session, list(handed), now)
    return len(handed)


def _mail_items(sessions: sessionmaker[Session], relay: MailRelay, now: datetime) -> int:
    with sessions.begin() as session:
        scope_to_system(session)
        mails = [_item_mail(row, relay) for row in unmailed_items(session)]
    handed = _hand_over(relay, mails)
    with sessions.begin() as session:
        scope_to_system(session)
        mark_mailed(session, handed, now)
    return len(handed)


def _reminder_mail(row: RowMapping, relay: MailRelay) -> ItemMail:
    """Returns a digest, a danger call, or what asks the post for something, as plain text."""
    body = json.loads(row["body"])
    data = body["data"]
    if body["type"] not in _OF_REMINDERS:
        asked = (*_asked(data, relay), "", f"See: {relay.public_url}{data['detail_url']}", "")
        what = ASKED.get(body["type"], "something for you")
        return ItemMail(row["id"], (row["address"],), f"Referral routing: {what}", "\n".join(asked))
    subject = f"Referral routing: digest of {data['day']}" if "day" in data else "Referral routing: danger"
    lines = [line for each in data.get("digests", [data]) for line in _lines_of(each, row["area"], relay)]
    text = "\n".join((*lines, f"See: {relay.public_url}{data['detail_url']}", ""))
    return ItemMail(row["id"], (row["address"],), subject, text)


def _asked(data: dict[str, Any], relay: MailRelay) -> Iterator[str]:
    """Yields what is new, line by line: each action with its link, the steps, how many and until when."""
    for action_id in filter(None, data.get("actions", "").split(",")):
        yield f"- action {action_id}: {relay.public_url}{link_of(SubjectType.ACTION, action_id)}"
    if data.get("action_count"):
        yield f"- in all {data['action_count']}"
    if data.get("steps"):
        yield f"- steps {data['steps']}: {relay.public_url}/v1/notices?case_id={data['case_id']}"
    names = ("need", "forum", "due", "answer_by")
    yield from (f"- {name.replace('_', ' ')} {data[name]}" for name in names if name in data)


def _lines_of(digest: dict[str, Any], area: str, relay: MailRelay) -> Iterator[str]:
    """Yields what one post is told, line by line."""
    yield from (f"{digest['role']} of {area}: {digest['count']} not reviewed", "")
    yield from (_line(line, relay) for line in (*digest["items"], *digest.get("further_cases", ())))
    if "further_items" in digest:
        yield _line(digest["further_items"], relay)
    yield ""


def _line(line: dict[str, Any], relay: MailRelay) -> str:
    """Returns a line of the digest: how it stands, since when, and where to read on."""
    names = ("section", "subject_type", "subject_id", "duty", "due", "count", "oldest_days", "rung")
    fields = ", ".join(f"{name.replace('_', ' ')} {line[name]}" for name in names if name in line)
    return f"- {fields}: {relay.public_url}{line['link']}"


def _item_mail(row: RowMapping, relay: MailRelay) -> ItemMail:
    about = f"{row['subject_type']} {row['subject_id']}" if row["subject_id"] else f"endpoint {row['endpoint_id']}"
    # Ids and the address of the board: mail is read on devices that this service does not control.
    text = f"{SENTENCES[row['kind']]}\n\nArea: {row['area']}\nAbout: {about}\nSee: {relay.public_url}/board\n"
    return ItemMail(row["id"], tuple(row["contacts"]), f"Referral routing: {row['kind'].replace('_', ' ')}", text)


def _hand_over(relay: MailRelay, mails: Sequence[ItemMail]) -> list[str]:
    """Hands the mails over, and returns the items of those that the relay took.

    One that it refuses is tried again with the next, and keeps no other back.
    """
    if not mails:
        return []
    host, _, port = relay.address.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=SMTP_SECONDS) as smtp:
        return [mail.item_id for mail in mails if _is_taken(smtp, mail, relay.sender)]


def _is_taken(smtp: smtplib.SMTP, mail: ItemMail, sender: str) -> bool:
    message = EmailMessage()
    message["From"], message["To"] = sender, ", ".join(mail.to)
    message["Subject"] = mail.subject
    message.set_content(mail.text)
    try:
        smtp.send_message(message)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        _log.exception("the relay refused a mail")
        return False
    return True
