"""Silence ends at a person: the co-ordinator's list, an event, a mail."""

import smtplib

import pytest

from app.vocabulary import EventType
from app.webhooks.delivery.mail import Relay, mail_open_items
from app.worker import Worker
from tests.webhooks.figures import keep_figures
from tests.webhooks.given import AREA, Deliveries
from tests.webhooks.mailbox import a_mailbox
from tests.webhooks.receiver import Receiver, Reply

REMINDER = EventType.REMINDER_DUE


def items(house: Deliveries, kind: str) -> list[dict[str, object]]:
    return [row for row in house.rows("work_item") if row["kind"] == kind]


def test_reminder_to_an_agency_without_an_endpoint_is_on_the_list_at_once(house: Deliveries) -> None:
    house.an_event("HOUSING", type=REMINDER)

    (item,) = house.rows("work_item")

    assert (item["kind"], item["area"], item["agencies"], item["owner_role"]) == (
        "no_live_endpoint", AREA, ["HOUSING"], "MARAC_COORDINATOR",
    )  # fmt: skip


def test_reminder_to_two_agencies_lists_only_the_one_that_cannot_hear(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, "PARTNER")
    house.an_endpoint(receiver.url, "HOUSING", status="paused")

    house.an_event("PARTNER", "HOUSING", type=REMINDER)

    assert [item["agencies"] for item in items(house, "no_live_endpoint")] == [["HOUSING"]]


def test_event_that_is_no_reminder_needs_no_person_when_nobody_listens(house: Deliveries) -> None:
    house.an_event("HOUSING")

    assert house.rows("work_item") == []


def test_reminder_not_taken_for_two_hours_reaches_the_coordinator(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    house.an_event(type=REMINDER)

    house.tick()
    house.pass_time(minutes=119)
    house.tick()
    early = items(house, "undelivered")
    house.pass_time(minutes=1)
    house.tick()

    assert early == []
    assert len(items(house, "undelivered")) == 1
    (told,) = [row for row in house.rows("event") if row["type"] == "delivery.undelivered"]
    assert told["agencies"] == ["COORD", "PARTNER"]
    keep_figures("reaches_a_person", 1, minutes=120)


def test_undelivered_reminder_is_listed_once_however_often_it_is_looked_at(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    house.an_event(type=REMINDER)

    for _ in range(5):
        house.pass_time(hours=3)
        house.tick()

    assert len(items(house, "undelivered")) == 1
    assert sum(row["type"] == "delivery.undelivered" for row in house.rows("event")) == 1


def test_reminder_held_by_a_pause_reaches_the_coordinator_too(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url, status="paused")
    house.an_event(type=REMINDER)

    house.pass_time(hours=2)
    house.tick()

    assert len(items(house, "undelivered")) == 1


def test_reminder_taken_by_another_endpoint_of_the_agency_is_not_undelivered(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url)
    house.an_endpoint(receiver.url, status="paused")
    house.an_event(type=REMINDER)

    house.tick()
    house.pass_time(hours=3)
    house.tick()

    assert items(house, "undelivered") == []


def test_reminder_that_arrives_after_all_leaves_the_list(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(503))
    house.an_event(type=REMINDER)
    house.tick()
    house.pass_time(hours=2)
    house.tick()

    receiver.answer_in_turn(Reply(204))
    house.pass_time(days=1)
    house.tick()

    (item,) = items(house, "undelivered")
    assert item["closed_by"] == "delivered"


def test_receiver_that_refuses_is_on_the_list_once_a_day(house: Deliveries, receiver: Receiver) -> None:
    house.an_endpoint(receiver.url)
    receiver.answer_in_turn(Reply(401))
    house.an_event()

    for _ in range(4):
        house.tick()
        house.pass_time(minutes=10)

    assert len(items(house, "receiver_refuses")) == 1


def test_alarm_is_mailed_once_to_the_contacts_of_partner_and_coordinator(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, contact="webhooks@partner.example")
    house.an_endpoint(
        "https://hooks.coord.gov.uk/", "COORD", contact="marac@coord.example", event_types=["need.ended"]
    )
    receiver.answer_in_turn(Reply(410))
    house.an_event()

    with a_mailbox() as mailbox:
        settings = house.settings.model_copy(update={"smtp_relay": mailbox.address})
        worker = Worker(house.engine, settings, now_of=lambda _session: house.now())
        worker.tick()
        worker.tick()

    (mail,) = mailbox.mails
    assert mail["To"] == "marac@coord.example, webhooks@partner.example"
    assert mail["Subject"] == "Referral routing: endpoint paused"
    assert "paused" in str(mail.get_payload())


def test_mail_that_the_relay_refuses_is_handed_over_the_next_time(
    house: Deliveries, receiver: Receiver
) -> None:
    house.an_endpoint(receiver.url, contact="webhooks@partner.example")
    receiver.answer_in_turn(Reply(410))
    house.an_event()
    house.tick()

    with a_mailbox() as mailbox:
        relay = Relay(mailbox.address, "routing@service.example", "https://routing.example")
        mailbox.refuse = True
        with pytest.raises(smtplib.SMTPException):
            mail_open_items(house.sessions, relay, house.now())
        mailbox.refuse = False
        handed = mail_open_items(house.sessions, relay, house.now())

    assert (handed, len(mailbox.mails)) == (1, 1)
