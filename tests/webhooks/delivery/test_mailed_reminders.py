"""A post without a system reads its digest and its danger calls by e-mail: ids and links only, and nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import Message

import pytest

from app.foundation.errors import Invalid, NotFound
from app.outbox.service import EventDraft, record_event
from app.reminders.deadline import Deadline
from app.reminders.mailboxes import mail_to_post, stop_mail_to_post
from app.vocabulary import EventType, Role, SubjectType
from tests.reminders.reminding import ACTION, CASE, actions, an_action, due_on, nine, set_for
from tests.webhooks.builders import AREA, DeliverySetup
from tests.webhooks.mailbox import Mailbox, a_mailbox
from tests.webhooks.receiver import Receiver

WEDNESDAY, THURSDAY = date(2026, 3, 11), date(2026, 3, 12)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as listening:
        yield listening


def tick(setup: DeliverySetup, mailbox: Mailbox, at: datetime) -> None:
    setup.clock.set(at)
    relayed = setup.settings.model_copy(update={"smtp_relay": mailbox.address})
    DeliverySetup(setup.engine, setup.sessions, relayed, setup.clock, setup.owner).tick()


def text_of(mail: Message) -> str:
    return bytes(mail.get_payload(decode=True)).decode()


def register(setup: DeliverySetup, address: str = "duty@housing.example") -> None:
    setup.transact(lambda tx: mail_to_post(tx, AREA, Role.HOUSING, "HOUSING", address))


def test_digest_of_a_post_without_a_system_is_mailed_once_as_plain_text(setup: DeliverySetup, mailbox: Mailbox) -> None:
    register(setup)
    set_for(setup, an_action(), due_on(THURSDAY))

    tick(setup, mailbox, nine(WEDNESDAY))
    tick(setup, mailbox, nine(WEDNESDAY, 10))

    (mail,) = mailbox.mails
    link = f"http://127.0.0.1:8000/v1/actions/{ACTION}"
    assert (mail["To"], mail["Subject"]) == ("duty@housing.example", "Referral routing: digest of 2026-03-11")
    assert mail.get_content_type() == "text/plain"
    assert text_of(mail).splitlines() == [
        f"HOUSING of {AREA}: 1 not reviewed",
        "",
        f"- section NEXT, subject type action, subject id {ACTION}, duty D26, due 2026-03-12, rung 1: {link}",
        "",
        "See: http://127.0.0.1:8000/v1/inbox",
    ]
    assert [(item["kind"], item["closed_by"]) for item in setup.rows("work_item")] == [("no_live_endpoint", "mailed")]


def test_post_that_reads_by_mail_has_its_digest_apart_from_the_agencys_other_posts(
    setup: DeliverySetup, mailbox: Mailbox
) -> None:
    register(setup)
    set_for(setup, an_action(), due_on(WEDNESDAY))

    tick(setup, mailbox, nine(THURSDAY))

    (mail,) = mailbox.mails
    assert [line for line in text_of(mail).splitlines() if " of " in line] == [f"HOUSING of {AREA}: 1 not reviewed"]
    (of_the_manager,) = [item for item in setup.rows("work_item") if item["closed_at"] is None]
    assert of_the_manager["kind"] == "no_live_endpoint"


def test_address_that_is_registered_after_a_digest_of_two_posts_closes_nothing(
    setup: DeliverySetup, mailbox: Mailbox
) -> None:
    set_for(setup, an_action(), due_on(WEDNESDAY))
    tick(setup, mailbox, nine(THURSDAY))

    register(setup)
    tick(setup, mailbox, nine(THURSDAY, 10))

    assert mailbox.mails == []
    assert [item["closed_at"] for item in setup.rows("work_item")] == [None]


def test_danger_is_mailed_at_its_hour_in_the_night(setup: DeliverySetup, mailbox: Mailbox) -> None:
    register(setup)
    in_the_night = datetime(2026, 3, 14, 3, 0, tzinfo=UTC)
    set_for(setup, an_action(), Deadline(None, in_the_night, life_safety=True))

    tick(setup, mailbox, in_the_night)

    (mail,) = mailbox.mails
    assert mail["Subject"] == "Referral routing: danger"
    assert f"See: http://127.0.0.1:8000/v1/actions/{ACTION}" in text_of(mail)


def test_whatever_asks_a_post_for_something_is_mailed_by_its_link(setup: DeliverySetup, mailbox: Mailbox) -> None:
    """An event of another kind than a reminder has no lines, and must not stop the mails of others."""
    register(setup)
    asked = EventDraft(
        type=EventType.RELEASE_MADE,
        subject_type=SubjectType.RELEASE,
        subject_id="rel_1",
        area=AREA,
        agencies=("HOUSING",),
        owner_agency="HOUSING",
        details={"flow": "F1", "danger": True, "due": nine(WEDNESDAY)},
        asked_roles=(Role.HOUSING,),
    )
    setup.transact(lambda tx: record_event(tx.session, asked, tx.now))

    tick(setup, mailbox, nine(WEDNESDAY))

    (mail,) = mailbox.mails
    assert mail["Subject"] == "Referral routing: what is known elsewhere of a perpetrator"
    assert "See: http://127.0.0.1:8000/v1/releases/rel_1" in text_of(mail)


def test_line_of_a_case_says_how_many_and_how_old_above_the_owner(setup: DeliverySetup, mailbox: Mailbox) -> None:
    setup.transact(lambda tx: mail_to_post(tx, AREA, Role.STRATEGIC_LEAD, "BOARD", "lead@board.example"))
    for action in actions(3):
        set_for(setup, action, due_on(date(2026, 3, 2)))

    tick(setup, mailbox, nine(THURSDAY))

    (mail,) = mailbox.mails
    assert f"- section LATE, count 3, oldest days 10, rung 4: http://127.0.0.1:8000/v1/cases/{CASE}" in text_of(mail)


def test_post_whose_agency_has_a_system_gets_no_mail(
    setup: DeliverySetup, mailbox: Mailbox, receiver: Receiver
) -> None:
    register(setup)
    setup.an_endpoint(receiver.url, "HOUSING")
    set_for(setup, an_action(), due_on(THURSDAY))

    tick(setup, mailbox, nine(WEDNESDAY))

    assert (len(receiver.receipts), mailbox.mails) == (1, [])


def test_post_without_a_system_or_an_address_stays_on_the_coordinators_list(
    setup: DeliverySetup, mailbox: Mailbox
) -> None:
    register(setup)
    setup.transact(lambda tx: stop_mail_to_post(tx, AREA, Role.HOUSING, "HOUSING"))
    set_for(setup, an_action(), due_on(THURSDAY))

    tick(setup, mailbox, nine(WEDNESDAY))

    assert mailbox.mails == []
    assert [(item["kind"], item["closed_at"]) for item in setup.rows("work_item")] == [("no_live_endpoint", None)]


def test_mail_that_the_relay_refuses_stays_on_the_list_and_goes_out_later(
    setup: DeliverySetup, mailbox: Mailbox
) -> None:
    register(setup)
    set_for(setup, an_action(), due_on(THURSDAY))
    mailbox.refuse = True

    tick(setup, mailbox, nine(WEDNESDAY))
    open_then = [item["closed_at"] for item in setup.rows("work_item")]
    mailbox.refuse = False
    tick(setup, mailbox, nine(WEDNESDAY, 10))

    assert open_then == [None]
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("wrong", ["duty", "duty@housing", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_single_address_is_refused(setup: DeliverySetup, wrong: str) -> None:
    with pytest.raises(Invalid, match="an address looks like"):
        register(setup, wrong)


def test_mail_to_a_post_that_has_none_cannot_be_stopped(setup: DeliverySetup) -> None:
    with pytest.raises(NotFound):
        setup.transact(lambda tx: stop_mail_to_post(tx, AREA, Role.HOUSING, "HOUSING"))
