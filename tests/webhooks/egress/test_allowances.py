"""What an administrator allows, for whom, and how it is withdrawn."""

import pytest
from sqlalchemy.orm import Session

from app.foundation.errors import Invalid, NotFound
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.repository import allowed_hosts
from app.webhooks.subscriptions.allowances import allow_host, allow_network, withdraw_host
from tests.webhooks.builders import SECRET, DeliverySetup
from tests.webhooks.receiver import Receiver

HOST = "hooks.charity.example"


def test_host_is_opened_for_one_agency_and_closed_again_on_the_trail(setup: DeliverySetup) -> None:
    def hosts(session: Session) -> tuple[bool, bool]:
        found = allowed_hosts(session, {"PARTNER", "OTHER"})
        return HOST in found["PARTNER"], HOST in found["OTHER"]

    setup.transact(lambda tx: allow_host(tx, "PARTNER", HOST))
    opened = setup.in_system(hosts)
    setup.transact(lambda tx: withdraw_host(tx, "PARTNER", HOST))
    closed = setup.in_system(hosts)

    assert (opened, closed) == ((True, False), (False, False))
    assert [(row["subject_id"], row["recipient"]) for row in setup.rows("audit_entry")] == [(HOST, "PARTNER")] * 2


@pytest.mark.parametrize(
    "host", ["", "uk", ".", "..uk", "*.example", "HOOKS.EXAMPLE", "a b.example", "https://x.example"]
)
def test_host_that_is_no_name_of_two_labels_cannot_be_opened(host: str, setup: DeliverySetup) -> None:
    with pytest.raises(Invalid):
        setup.transact(lambda tx: allow_host(tx, "PARTNER", host))


def test_private_network_is_opened_for_the_one_endpoint_it_was_named_for(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    opened = setup.an_endpoint("https://hooks.a.gov.uk/")
    shut = setup.an_endpoint("https://hooks.b.gov.uk/")
    setup.transact(lambda tx: allow_network(tx, opened, "127.0.0.0/8"))
    setup.an_event()

    setup.tick(transport=Transport(resolve=inside))

    outcomes = {row["endpoint_id"]: row["outcome"] for row in setup.rows("attempt")}
    assert outcomes == {opened: "not_connected", shut: "will_not_send"}
    assert setup.endpoint(opened).revision == 2
    assert receiver.receipts == []


@pytest.mark.parametrize("cidr", ["", "10.0.0.1/8", "everything", "10.0.0.0/33"])
def test_network_that_is_badly_written_cannot_be_opened(cidr: str, setup: DeliverySetup) -> None:
    endpoint_id = setup.an_endpoint("https://hooks.a.gov.uk/")

    with pytest.raises(Invalid):
        setup.transact(lambda tx: allow_network(tx, endpoint_id, cidr))


def test_network_cannot_be_opened_for_an_endpoint_that_is_not_there(setup: DeliverySetup) -> None:
    with pytest.raises(NotFound):
        setup.transact(lambda tx: allow_network(tx, "whe_x", "10.0.0.0/8"))


def test_secret_that_cannot_be_opened_stops_its_own_calls_only_and_alarms_a_person(
    setup: DeliverySetup, receiver: Receiver
) -> None:
    broken = setup.an_endpoint(receiver.url, "OTHER")
    setup.an_endpoint(receiver.url, "PARTNER")
    with setup.owner.begin() as owner:
        owner.exec_driver_sql(
            "UPDATE webhook_secret SET sealed = %s WHERE endpoint_id = %s", (b"\0" * 12 + SECRET, broken)
        )
    setup.an_event("OTHER", "PARTNER")

    setup.tick()

    outcomes = {row["agency"]: row["outcome"] for row in setup.rows("attempt")}
    assert outcomes == {"OTHER": "not_signed", "PARTNER": "received"}
    assert [row["kind"] for row in setup.rows("work_item")] == ["cannot_sign"]
