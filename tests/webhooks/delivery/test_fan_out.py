"""Who is told: one delivery per endpoint that asked for the event, in the commit of the change."""

from typing import Any

import pytest

from app.foundation.errors import ServiceError
from app.foundation.storage.row_scope import open_row_scope
from app.outbox.service import EventDraft, record_event
from app.vocabulary import EventType
from tests.webhooks.builders import DeliverySetup, an_event
from tests.webhooks.receiver import Receiver

URL = "https://hooks.a.gov.uk/"


@pytest.mark.parametrize(
    ("endpoint", "event", "told"),
    [
        ({}, {}, True),
        ({"event_types": ["action.redated"]}, {}, True),
        ({"event_types": ["referral.routed"]}, {}, False),
        ({"forums": ["MATAC"]}, {"forums": ("MATAC", "MARAC")}, True),
        ({"forums": ["MATAC"]}, {"forums": ("MARAC",)}, False),
        ({"forums": ["MATAC"]}, {"forums": ()}, True),
        ({"areas": ["ANYTOWN"]}, {}, True),
        ({"areas": ["ELSEWHERE"]}, {}, False),
        ({"own_actions_only": True}, {"owner_agency": "PARTNER"}, True),
        ({"own_actions_only": True}, {"owner_agency": "OTHER"}, False),
        ({"own_actions_only": True}, {"owner_agency": None}, False),
        ({"own_actions_only": True}, {"subject_type": "referral", "type": EventType.REFERRAL_ROUTED}, True),
        ({"status": "paused"}, {}, True),
        ({"status": "unverified"}, {}, True),
        ({"agency": "OTHER"}, {}, False),
    ],
)
def test_filter_of_an_endpoint_decides_whether_a_delivery_is_owed(
    endpoint: dict[str, Any], event: dict[str, Any], told: bool, setup: DeliverySetup
) -> None:
    setup.an_endpoint(URL, **endpoint)

    setup.an_event("PARTNER", **event)

    assert len(setup.deliveries()) == told


def test_each_of_several_endpoints_gets_its_own_delivery(setup: DeliverySetup) -> None:
    wanted = {setup.an_endpoint(URL, agency) for agency in ("PARTNER", "PARTNER", "OTHER")}
    setup.an_endpoint(URL, "HOUSING")

    setup.an_event("PARTNER", "OTHER")

    assert {row.endpoint_id for row in setup.deliveries()} == wanted


def test_endpoint_made_after_the_event_is_owed_nothing_by_it(setup: DeliverySetup) -> None:
    setup.an_event()

    setup.an_endpoint(URL)

    assert setup.deliveries() == []


def test_saying_the_same_thing_twice_owes_one_delivery(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL)
    news = EventDraft(EventType.ACTION_REDATED, "action", "act_1", "ANYTOWN", ("PARTNER",), dedupe_key="once")

    said = setup.in_system(lambda session: record_event(session, news, setup.now()))
    again = setup.in_system(lambda session: record_event(session, news, setup.now()))

    assert said is not None
    assert again is None
    assert len(setup.deliveries()) == 1


def test_fan_out_sees_every_subscriber_whoever_makes_the_change(setup: DeliverySetup) -> None:
    setup.an_endpoint(URL, "OTHER")

    with setup.sessions.begin() as session:
        open_row_scope(session.connection(), "agency", "PARTNER", "ANYTOWN")
        an_event(session, ("PARTNER", "OTHER"), setup.now(), {})

    assert [row.agency for row in setup.deliveries()] == ["OTHER"]


def test_event_that_is_too_large_is_refused_when_it_is_written(setup: DeliverySetup) -> None:
    with pytest.raises(ServiceError, match="limit is 2048"):
        setup.an_event(details={"duty": "x" * 3000})


def test_urgent_events_are_sent_first_and_equals_in_the_order_they_happened(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    setup.an_endpoint(receiver.url, max_in_flight=1)
    usual = [setup.an_event() for _ in range(3)]
    urgent = setup.an_event(priority=1)

    setup.tick()

    assert receiver.ids == [urgent, *usual]
