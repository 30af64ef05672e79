"""A post without a system hears of new work at once: by e-mail where it has an address, else it reads its inbox."""

from collections.abc import Callable, Iterator
from email.message import Message

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.caller import SYSTEM
from app.foundation.clock import SettableClock
from app.foundation.storage.transaction import Transaction
from app.reminders.mailboxes import mail_to_post
from app.routing.policy.labels import role_name
from app.vocabulary import Role
from app.webhooks.delivery.mail import MailRelay, mail_what_waits
from tests.actions.given_actions import agree
from tests.given import Callers, a_referral, a_serial_perpetrator
from tests.inbox.reading import asked
from tests.webhooks.mailbox import Mailbox, a_mailbox

Register = Callable[[Role, str], None]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as listening:
        yield listening


@pytest.fixture
def register(sessions: sessionmaker[Session], clock: SettableClock, callers: Callers) -> Register:
    """Names the address that reads for a post, such as `idva@anytown.example`."""

    def name(role: Role, agency: str) -> None:
        with sessions.begin() as session:
            scope_to_system(session)
            address = f"{role.lower()}@anytown.example"
            mail_to_post(Transaction(session, SYSTEM, clock.now()), "ANYTOWN", role, agency, address)

    return name


def mails_to(
    role: Role, mailbox: Mailbox, sessions: sessionmaker[Session], clock: SettableClock
) -> list[tuple[str, str]]:
    """The subject and text of each mail to the post, after everything that waits was mailed."""
    relay = MailRelay(mailbox.address, "routing@service.example", "https://routing.example")
    mail_what_waits(sessions, relay, clock.now())
    return [(mail["Subject"], text_of(mail)) for mail in mailbox.mails if mail["To"].startswith(role.lower())]


def text_of(mail: Message) -> str:
    return bytes(mail.get_payload(decode=True)).decode()


def unheard(callers: Callers, role: str) -> list[str]:
    """What the co-ordinator reads of work of which a post could not be told."""
    name = f"the post {role_name(Role(role))} has"
    return [one["what"] for one in asked(callers.coordinator, "WORK_ITEM") if name in one["what"]]


def test_new_work_is_mailed_with_ids_and_links_only(
    callers: Callers, register: Register, mailbox: Mailbox, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    register(Role.IDVA, "ANYTOWN-IDVA")
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    ((subject, said),) = mails_to(Role.IDVA, mailbox, sessions, clock)

    mine = [one["subject_id"] for one in asked(callers.idva, "ACTION")]
    assert subject == "Referral routing: new work"
    told = [f"- action {one}: https://routing.example/v1/actions/{one}" for one in sorted(mine)]
    assert sorted(line for line in said.splitlines() if line.startswith("- action")) == told
    assert len(mails_to(Role.IDVA, mailbox, sessions, clock)) == 1  # once
    assert unheard(callers, "IDVA") == []


def test_new_work_of_a_post_without_address_and_system_is_no_item_of_the_coordinator(callers: Callers) -> None:
    """Its reminders are, when they come."""
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()

    assert asked(callers.idva, "ACTION") != []
    assert unheard(callers, "IDVA") == []


def test_coordinator_is_not_told_to_ring_itself(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    agree(callers, body["case_id"], owner_agency="ANYTOWN-MARAC", owner_role="MARAC_COORDINATOR")

    assert unheard(callers, "MARAC_COORDINATOR") == []


def test_one_post_of_an_agency_with_an_address_is_mailed_its_own_work(
    callers: Callers, register: Register, mailbox: Mailbox, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    register(Role.POLICE_SUPERVISOR, "ANYTOWN-POLICE")
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    agree(callers, body["case_id"], owner_role="POLICE_SUPERVISOR", what="Check the alarm at the flat every Monday")

    assert mails_to(Role.POLICE_SUPERVISOR, mailbox, sessions, clock) != []
    assert mails_to(Role.PVP_HUB, mailbox, sessions, clock) == []
    assert unheard(callers, "POLICE_SUPERVISOR") == unheard(callers, "PVP_HUB") == []


def test_enquiry_and_proposal_that_are_asked_are_mailed_too(
    callers: Callers, register: Register, mailbox: Mailbox, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    register(Role.PVP_HUB, "ANYTOWN-POLICE")
    register(Role.MATAC_COORDINATOR, "ANYTOWN-MATAC")
    callers.hub.post("/v1/referrals", a_serial_perpetrator()).raise_for_status()
    enquiry = asked(callers.hub, "ENQUIRY")[0]["subject_id"]
    proposal = asked(callers.matac, "PROPOSAL")[0]["subject_id"]

    to_hub = mails_to(Role.PVP_HUB, mailbox, sessions, clock)
    to_matac = mails_to(Role.MATAC_COORDINATOR, mailbox, sessions, clock)

    assert any(f"https://routing.example/v1/enquiries/{enquiry}" in said for _, said in to_hub)
    assert any(f"https://routing.example/v1/proposals/{proposal}" in said for _, said in to_matac)
    assert {subject for subject, _ in (*to_hub, *to_matac)} <= {
        "Referral routing: new work",
        "Referral routing: a question",
        "Referral routing: a proposal",
    }
