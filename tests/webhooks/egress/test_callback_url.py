"""Which addresses are called, and which never reach a socket."""

import asyncio
from typing import Literal

import httpcore
import pytest

from app.foundation.errors import Invalid
from app.foundation.settings import Settings
from app.webhooks.delivery.client_pool import Transport, transport_for
from app.webhooks.egress.addresses import is_callable_address, parse_networks
from app.webhooks.egress.callback_url import PUBLIC_SUFFIXES, UrlRules, why_refused
from app.webhooks.egress.guard import AddressRefused, Guard, NameNotFound, Resolve
from app.webhooks.subscriptions.address_check import refuse_unless_callable
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.hostile import ADDRESSES, PUBLIC, URLS, WITHOUT_A_HOST_LIST
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver

RULES = UrlRules(PUBLIC_SUFFIXES)
GOOD = [
    "https://hooks.a.gov.uk/", "https://hooks.a.gov.uk", "https://hooks.a.gov.uk:443/x?y=1", "https://a.police.uk/h",
    "https://x.nhs.uk/", "https://Hooks.A.gov.uk/",
]  # fmt: skip


def answering(*addresses: str) -> Resolve:
    """A resolver that always gives these addresses."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


async def never_asked(_host: str, _port: int) -> list[str]:
    raise AssertionError("an address of a bad form was looked up")


def test_lists_are_as_long_as_they_claim_to_be() -> None:
    assert len(set(URLS)) >= 68
    assert len(set(ADDRESSES)) >= 35
    save_measurement("hostile", len(URLS), urls=len(set(URLS)), addresses=len(set(ADDRESSES)))


@pytest.mark.parametrize("url", URLS)
def test_hostile_url_is_refused_by_its_form_alone(url: str) -> None:
    assert why_refused(url, RULES) is not None


@pytest.mark.parametrize("url", URLS)
def test_hostile_url_is_refused_when_saved_without_a_lookup(url: str) -> None:
    with pytest.raises(Invalid, match="cannot be called") as refusal:
        refuse_unless_callable(url, PUBLIC_SUFFIXES, (), Transport(resolve=never_asked))

    assert not url.strip() or url not in refusal.value.detail


@pytest.mark.parametrize("url", URLS)
def test_hostile_url_stays_refused_when_development_opens_loopback(url: str) -> None:
    assert why_refused(url, UrlRules(PUBLIC_SUFFIXES, loopback_http=True)) is not None


@pytest.mark.parametrize("url", GOOD)
def test_ordinary_public_sector_address_is_accepted(url: str) -> None:
    assert why_refused(url, RULES) is None


def test_named_exception_is_accepted_for_its_agency_only() -> None:
    url = "https://hooks.charity.example/"

    assert why_refused(url, UrlRules((*PUBLIC_SUFFIXES, "hooks.charity.example"))) is None
    assert why_refused(url, RULES) is not None
    assert why_refused("https://x.hooks.charity.example/", UrlRules(("hooks.charity.example",))) is not None


def test_loopback_is_open_only_under_the_development_setting() -> None:
    url = "http://127.0.0.1:8080/hooks"

    assert why_refused(url, UrlRules((), loopback_http=True)) is None
    assert why_refused(url, RULES) is not None


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_address_is_never_callable(address: str) -> None:
    assert not is_callable_address(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_callable(address: str) -> None:
    assert is_callable_address(address)


def test_private_network_is_callable_only_where_an_administrator_named_it() -> None:
    allowed = parse_networks(["10.20.0.0/16"])

    assert is_callable_address("10.20.3.4", allowed)
    assert not is_callable_address("10.21.3.4", allowed)
    assert not is_callable_address("::ffff:10.20.3.4", allowed)


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a])
def test_name_that_leads_to_a_hostile_address_never_reaches_a_socket(address: str) -> None:
    guard = Guard(resolve=answering(address))

    with pytest.raises(AddressRefused):
        asyncio.run(guard.connect_tcp("hooks.a.gov.uk", 443))


@pytest.mark.parametrize("bad", ["127.0.0.1", "::1", "169.254.169.254"])
def test_one_bad_answer_among_many_refuses_them_all(bad: str) -> None:
    guard = Guard(resolve=answering(*["8.8.8.8"] * 49, bad))

    with pytest.raises(AddressRefused):
        asyncio.run(guard.addresses_of("hooks.a.gov.uk", 443))


@pytest.mark.parametrize("url", WITHOUT_A_HOST_LIST)
def test_second_gate_stops_what_a_missing_host_list_lets_through(url: str) -> None:
    everything = UrlRules((".io", ".internal", ".uk", "evilgov.uk"))
    assert why_refused(url, everything) is None

    with pytest.raises(Invalid):
        refuse_unless_callable(url, everything.hosts, (), Transport(resolve=answering("127.0.0.1")))


@pytest.mark.parametrize("port", [22, 80, 6379, 8443])
def test_no_port_but_the_listed_one_is_connected_to(port: int) -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Guard(resolve=answering("8.8.8.8")).connect_tcp("hooks.a.gov.uk", port))


def test_socket_of_this_machine_is_never_connected_to() -> None:
    with pytest.raises(AddressRefused):
        asyncio.run(Guard().connect_unix_socket("/var/run/docker.sock"))


def test_name_without_an_address_is_not_found() -> None:
    with pytest.raises(NameNotFound):
        asyncio.run(Guard(resolve=answering()).addresses_of("hooks.a.gov.uk", 443))


def test_resolver_that_hangs_is_given_up_after_three_seconds() -> None:
    async def hang(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(NameNotFound, match="in time"):
        asyncio.run(Guard(resolve=hang).addresses_of("hooks.a.gov.uk", 443))


def test_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(receiver: Receiver) -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    guard = Guard(parse_networks(["127.0.0.0/8"]), None, rebinding)
    port = receiver.server.server_address[1]

    async def twice() -> None:
        pool = httpcore.AsyncConnectionPool(network_backend=guard)
        first = await pool.request("POST", f"http://hooks.a.gov.uk:{port}/", content=b'{"type":"x"}')
        await pool.aclose()
        assert first.status == 204
        again = httpcore.AsyncConnectionPool(network_backend=guard)
        with pytest.raises(AddressRefused):
            await again.request("POST", f"http://hooks.a.gov.uk:{port}/", content=b'{"type":"x"}')

    asyncio.run(twice())

    assert asked == ["hooks.a.gov.uk"] * 2
    assert [one.headers["host"] for one in receiver.receipts] == [f"hooks.a.gov.uk:{port}"]


def test_stored_hostile_urls_are_marked_as_not_sent_and_a_person_is_told(setup: DeliverySetup) -> None:
    storable = [url for url in URLS if "\x00" not in url]
    for number, url in enumerate(storable):
        setup.an_endpoint(url, event_types=["action.redated"], id=f"whe_{number:032x}")
    setup.an_event()

    setup.tick(transport=Transport(loopback_http=True, resolve=never_asked))

    outcomes = [row["outcome"] for row in setup.rows("attempt")]
    assert outcomes == ["will_not_send"] * len(storable)
    assert {row["kind"] for row in setup.rows("work_item")} == {"receiver_refuses"}
    assert len(setup.rows("work_item")) == len(storable)


@pytest.mark.parametrize(
    ("environment", "setting", "opened"),
    [("development", True, True), ("development", False, False), ("production", True, False)],
)
def test_loopback_is_never_called_in_production_whatever_the_setting_says(
    environment: Literal["development", "production"], setting: bool, opened: bool
) -> None:
    settings = Settings(environment=environment, allow_loopback_http=setting, secret_key="0" * 32)

    assert transport_for(settings).loopback_http is opened
