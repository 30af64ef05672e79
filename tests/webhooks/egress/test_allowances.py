"""What an administrator opens, for whom, and how it is closed again."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.caller import SYSTEM
from app.foundation.errors import Invalid, NotFound
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.delivery.targets import hosts_of
from app.webhooks.subscriptions.allowances import allow_host, allow_network, withdraw_host
from tests.webhooks.given import SECRET, Deliveries
from tests.webhooks.receiver import Receiver

HOST = "hooks.charity.example"


def test_host_is_opened_for_one_agency_and_closed_again_on_the_trail(house: Deliveries) -> None:
    def hosts(session: Session) -> tuple[bool, bool]:
        found = hosts_of(session, {"PARTNER", "OTHER"})
        return HOST in found["PARTNER"], HOST in found["OTHER"]

    house.in_system(lambda session: allow_host(session, SYSTEM, "PARTNER", HOST, house.now()))
    opened = house.in_system(hosts)
    house.in_system(lambda session: withdraw_host(session, SYSTEM, "PARTNER", HOST, house.now()))
    closed = house.in_system(hosts)

    assert (opened, closed) == ((True, False), (False, False))
    assert [(row["subject_id"], row["recipient"]) for row in house.rows("audit_entry")] == [
        (HOST, "PARTNER")
    ] * 2


@pytest.mark.parametrize(
    "host", ["", "uk", ".", "..uk", "*.example", "HOOKS.EXAMPLE", "a b.example", "https://x.example"]
)
def test_host_that_is_no_name_of_two_labels_cannot_be_opened(host: str, house: Deliveries) -> None:
    with pytest.raises(Invalid):
        house.in_system(lambda session: allow_host(session, SYSTEM, "PARTNER", host, house.now()))


def test_private_network_is_opened_for_the_one_endpoint_it_was_named_for(
    house: Deliveries, receiver: Receiver
) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    opened = house.an_endpoint("https://hooks.a.gov.uk/")
    shut = house.an_endpoint("https://hooks.b.gov.uk/")
    house.in_system(lambda session: allow_network(session, SYSTEM, opened, "127.0.0.0/8", house.now()))
    house.an_event()

    house.tick(wire=Transport(resolve=inside))

    outcomes = {row["endpoint_id"]: row["outcome"] for row in house.rows("attempt")}
    assert outcomes == {opened: "not_connected", shut: "will_not_send"}
    assert house.endpoint(opened).revision == 2
    assert receiver.receipts == []


@pytest.mark.parametrize("cidr", ["", "10.0.0.1/8", "everything", "10.0.0.0/33"])
def test_network_that_is_badly_written_cannot_be_opened(cidr: str, house: Deliveries) -> None:
    endpoint_id = house.an_endpoint("https://hooks.a.gov.uk/")

    with pytest.raises(Invalid):
        house.in_system(lambda session: allow_network(session, SYSTEM, endpoint_id, cidr, house.now()))


def test_network_cannot_be_opened_for_an_endpoint_that_is_not_there(house: Deliveries) -> None:
    with pytest.raises(NotFound):
        house.in_system(lambda session: allow_network(session, SYSTEM, "whe_x", "10.0.0.0/8", house.now()))


def test_secret_that_cannot_be_opened_stops_its_own_calls_only_and_alarms_a_person(
    house: Deliveries, receiver: Receiver
) -> None:
    broken = house.an_endpoint(receiver.url, "OTHER")
    house.an_endpoint(receiver.url, "PARTNER")
    with house.owner.begin() as owner:
        owner.exec_driver_sql(
            "UPDATE webhook_secret SET sealed = %s WHERE endpoint_id = %s", (b"\0" * 12 + SECRET, broken)
        )
    house.an_event("OTHER", "PARTNER")

    house.tick()

    outcomes = {row["agency"]: row["outcome"] for row in house.rows("attempt")}
    assert outcomes == {"OTHER": "not_signed", "PARTNER": "received"}
    assert [row["kind"] for row in house.rows("work_item")] == ["cannot_sign"]
