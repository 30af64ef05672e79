"""What is not delivered reaches a person: on the co-ordinator's list, by an event, by a mail."""

import pytest

from app.reminders.mailboxes import mail_to_post
from app.vocabulary import EventType, Role
from app.webhooks.delivery.mail import MailRelay, mail_what_waits
from app.worker import Worker
from tests.reminders.reminding import THURSDAY, WEDNESDAY, an_action, due_on, nine, set_for
from tests.webhooks.builders import AREA, DeliverySetup
from tests.webhooks.mailbox import a_mailbox
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver, Reply

REMINDER = EventType.REMINDER_DIGEST


def items(setup: DeliverySetup, kind: str) -> list[dict[str, object]]:
    return [row for row in setup.rows("work_item") if row["kind"] == kind]


def test_reminder_to_an_agency_without_an_endpoint_is_on_the_list_at_once(setup: DeliverySetup) -> None:
    setup.an_event("HOUSING", type=REMINDER)

    (item,) = setup.rows("work_item")

    assert (item["kind"], item["area"], item["agencies"], item["owner_role"]) == (
        "no_live_endpoint", AREA, ["HOUSING"], "MARAC_COORDINATOR",
    )  # fmt: skip


def test_reminder_to_two_agencies_lists_only_the_one_that_cannot_hear(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, "PARTNER")
    setup.an_endpoint(receiver.url, "HOUSING", status="paused")

    setup.an_event("PARTNER", "HOUSING", type=REMINDER)

    assert [item["agencies"] for item in items(setup, "no_live_endpoint")] == [["HOUSING"]]


def test_event_that_is_no_reminder_needs_no_person_when_nobody_listens(setup: DeliverySetup) -> None:
    setup.an_event("HOUSING")

    assert setup.rows("work_item") == []


@pytest.mark.parametrize("kind", [EventType.REMINDER_DIGEST, EventType.REMINDER_DANGER])
def test_reminder_not_taken_for_two_hours_reaches_the_coordinator(
    kind: EventType, setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    setup.an_event(type=kind)

    setup.tick()
    setup.pass_time(minutes=119)
    setup.tick()
    early = items(setup, "undelivered")
    setup.pass_time(minutes=1)
    setup.tick()

    assert early == []
    assert len(items(setup, "undelivered")) == 1
    (told,) = [row for row in setup.rows("event") if row["type"] == "delivery.undelivered"]
    assert told["agencies"] == ["COORD", "PARTNER"]
    save_measurement("reaches_a_person", 1, minutes=120)


def test_digest_of_a_sweep_that_its_post_does_not_take_is_on_the_coordinators_list_after_two_hours(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, "HOUSING")
    receiver.answer_in_turn(Reply(503))
    set_for(setup, an_action(), due_on(THURSDAY))
    setup.clock.set(nine(WEDNESDAY))

    setup.tick()
    setup.pass_time(hours=2)
    setup.tick()

    (digest,) = setup.rows("reminder_message")
    assert [(item["event_id"], item["subject_type"]) for item in items(setup, "undelivered")] == [
        (digest["event_id"], "digest")
    ]


def test_undelivered_reminder_is_listed_once_however_often_it_is_looked_at(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    setup.an_event(type=REMINDER)

    for _ in range(5):
        setup.pass_time(hours=3)
        setup.tick()

    assert len(items(setup, "undelivered")) == 1
    assert sum(row["type"] == "delivery.undelivered" for row in setup.rows("event")) == 1


def test_reminder_held_by_a_pause_reaches_the_coordinator_too(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, status="paused")
    setup.an_event(type=REMINDER)

    setup.pass_time(hours=2)
    setup.tick()

    assert len(items(setup, "undelivered")) == 1


def test_reminder_taken_by_another_endpoint_of_the_agency_is_not_undelivered(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    setup.an_endpoint(receiver.url, status="paused")
    setup.an_event(type=REMINDER)

    setup.tick()
    setup.pass_time(hours=3)
    setup.tick()

    assert items(setup, "undelivered") == []


def test_reminder_that_arrives_after_all_leaves_the_list(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    setup.an_event(type=REMINDER)
    setup.tick()
    setup.pass_time(hours=2)
    setup.tick()

    receiver.answer_in_turn(Reply(204))
    setup.pass_time(days=1)
    setup.tick()

    (item,) = items(setup, "undelivered")
    assert item["closed_by"] == "delivered"


def test_receiver_that_refuses_is_on_the_list_once_a_day(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(401))
    setup.an_event()

    for _ in range(4):
        setup.tick()
        setup.pass_time(minutes=10)

    assert len(items(setup, "receiver_refuses")) == 1


def test_alarm_is_mailed_once_to_the_contacts_of_partner_and_coordinator(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, contact="webhooks@partner.example")
    setup.an_endpoint("https://hooks.coord.gov.uk/", "COORD", contact="marac@coord.example", event_types=["need.ended"])
    receiver.answer_in_turn(Reply(410))
    setup.an_event()

    with a_mailbox() as mailbox:
        settings = setup.settings.model_copy(update={"smtp_relay": mailbox.address})
        worker = Worker(setup.engine, settings, now_of=lambda _session: setup.now())
        worker.tick()
        worker.tick()

    (mail,) = mailbox.mails
    assert mail["To"] == "marac@coord.example, webhooks@partner.example"
    assert mail["Subject"] == "Referral routing: endpoint paused"
    assert "paused" in str(mail.get_payload())


def test_mail_that_the_relay_refuses_is_handed_over_the_next_time(setup: DeliverySetup, receiver: Receiver) -> None:
    setup.an_endpoint(receiver.url, contact="webhooks@partner.example")
    receiver.answer_in_turn(Reply(410))
    setup.an_event()
    setup.tick()

    with a_mailbox() as mailbox:
        relay = MailRelay(mailbox.address, "routing@service.example", "https://routing.example")
        mailbox.refuse = True
        refused = mail_what_waits(setup.sessions, relay, setup.now())
        mailbox.refuse = False
        handed = mail_what_waits(setup.sessions, relay, setup.now())

    assert (refused, handed, len(mailbox.mails)) == (0, 1, 1)


def test_event_that_asks_a_post_must_arrive_within_two_hours_at_the_agency_that_is_asked(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url)
    setup.an_endpoint(receiver.url, "HOUSING")
    receiver.answer_in_turn(Reply(503))
    setup.an_event("PARTNER", "HOUSING", type=EventType.LEAD_PROPOSED, owner_agency="PARTNER", asked_roles=("IDVA",))

    setup.tick()
    setup.pass_time(minutes=121)
    setup.tick()

    assert [item["agencies"] for item in items(setup, "undelivered")] == [["PARTNER"]]


def test_event_that_asks_posts_without_a_live_endpoint_is_mailed_to_those_that_read_by_mail(
    setup: DeliverySetup,
) -> None:
    setup.transact(lambda tx: mail_to_post(tx, AREA, Role.HOUSING, "HOUSING", "duty@housing.example"))
    setup.an_event(
        "HOUSING", "PARTNER", type=EventType.LEAD_PROPOSED, owner_agency="HOUSING", asked_roles=("HOUSING", "REFERRER")
    )

    found = [(item["agencies"], item["asked_role"]) for item in items(setup, "no_live_endpoint")]
    assert found == [(["HOUSING"], "HOUSING")]
