"""A system that takes `work.assigned` has received the notice, however late, and the sender need tell nobody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.actions.outcomes.notice_return import return_notices
from app.reminders.mailboxes import mail_to_post
from app.vocabulary import Role
from tests.given import Callers, a_referral
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.mailbox import Mailbox, a_mailbox
from tests.webhooks.receiver import Receiver, Reply, echo_challenge
from tests.webhooks.subscribing import register

Row = dict[str, Any]


def refer(callers: Callers) -> str:
    answer = callers.hub.post("/v1/referrals", a_referral())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def notice_of(callers: Callers, case_id: str, step: str) -> Row:
    notices = callers.coordinator.get("/v1/notices", case_id=case_id).json()
    (found,) = [one for one in notices if step in one["steps"]]
    row: Row = found
    return row


def two_hours_pass(setup: DeliverySetup) -> None:
    setup.clock.set(setup.now() + timedelta(hours=2))
    setup.in_system(lambda session: return_notices(session, setup.now()))


def test_call_that_is_taken_in_time_opens_nothing(
    callers: Callers, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(callers.coordinator, receiver)
    subscribed.tick()
    case_id = refer(callers)
    subscribed.tick()

    assert notice_of(callers, case_id, "D03")["received_by"] == "system"
    two_hours_pass(subscribed)
    assert notice_of(callers, case_id, "D03")["action_id"] is None


def test_call_that_is_taken_late_ends_the_telling(
    callers: Callers, subscribed: DeliverySetup, receiver: Receiver
) -> None:
    register(callers.coordinator, receiver)
    subscribed.tick()
    receiver.answer = lambda _: Reply(503)
    case_id = refer(callers)
    subscribed.tick()
    two_hours_pass(subscribed)
    notice = notice_of(callers, case_id, "D03")
    assert (notice["received_at"], notice["action_id"] is None) == (None, False)

    receiver.answer = echo_challenge
    subscribed.pass_time(hours=3)
    subscribed.tick()

    action = callers.coordinator.get(f"/v1/actions/{notice['action_id']}").json()
    assert (action["state"], action["outcome"]) == ("ENDED", "DONE_ON_RECORD")
    assert notice_of(callers, case_id, "D03")["received_by"] == "system"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with a_mailbox() as listening:
        yield listening


def mail_goes_out(setup: DeliverySetup, mailbox: Mailbox) -> None:
    relayed = setup.settings.model_copy(update={"smtp_relay": mailbox.address})
    DeliverySetup(setup.engine, setup.sessions, relayed, setup.clock, setup.owner).tick()


def test_post_without_a_system_receives_by_mail_and_no_other_post_with_it(
    callers: Callers, subscribed: DeliverySetup, mailbox: Mailbox
) -> None:
    post = ("ANYTOWN", Role.MARAC_COORDINATOR, "ANYTOWN-MARAC", "marac@council.example")
    subscribed.transact(lambda tx: mail_to_post(tx, *post))
    case_id = refer(callers)
    mail_goes_out(subscribed, mailbox)
    mail_goes_out(subscribed, mailbox)

    (mail,) = [one for one in mailbox.mails if one["Subject"] == "Referral routing: new work"]
    assert mail["To"] == "marac@council.example"
    assert f"/v1/notices?case_id={case_id}" in bytes(mail.get_payload(decode=True)).decode()
    assert notice_of(callers, case_id, "D03")["received_by"] == "e-mail"
    two_hours_pass(subscribed)
    assert notice_of(callers, case_id, "D03")["action_id"] is None
    assert notice_of(callers, case_id, "D42")["action_id"] is not None


def test_mail_that_the_relay_refuses_is_not_received(
    callers: Callers, subscribed: DeliverySetup, mailbox: Mailbox
) -> None:
    post = ("ANYTOWN", Role.MARAC_COORDINATOR, "ANYTOWN-MARAC", "marac@council.example")
    subscribed.transact(lambda tx: mail_to_post(tx, *post))
    case_id = refer(callers)
    mailbox.refuse = True
    mail_goes_out(subscribed, mailbox)

    assert notice_of(callers, case_id, "D03")["received_by"] is None
