"""One call against receivers that misbehave."""

import asyncio
import socket
import ssl
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.webhooks.delivery.sending import MOST_RESPONSE_BYTES, CallResult, WebhookCall, post
from app.webhooks.egress.addresses import LOOPBACK, parse_networks
from app.webhooks.egress.connection_pool import ConnectionPool
from app.webhooks.egress.guard import Guard
from app.webhooks.vocabulary import Outcome
from tests.webhooks.certificates import a_certificate
from tests.webhooks.measurements import save_measurement
from tests.webhooks.receiver import Receiver, Reply, a_receiver

BODY = b'{"type":"endpoint.test"}'


def call(url: str, times: int = 1, seconds: float = 5.0, challenge: str | None = None) -> list[CallResult]:
    """What came of posting `times` times over one pool."""

    async def run() -> list[CallResult]:
        lines = ConnectionPool(url, Guard(parse_networks(LOOPBACK), None), ssl.create_default_context())
        sent = [await post(lines, WebhookCall({"webhook-id": "evt_1"}, BODY, challenge), seconds) for _ in range(times)]
        await lines.aclose()
        return sent

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.RECEIVED), (202, Outcome.RECEIVED), (204, Outcome.RECEIVED), (301, Outcome.REDIRECTED),
        (304, Outcome.REDIRECTED), (307, Outcome.REDIRECTED), (400, Outcome.REFUSED), (401, Outcome.REFUSED),
        (404, Outcome.REFUSED), (410, Outcome.GONE), (422, Outcome.REFUSED), (429, Outcome.THROTTLED),
        (500, Outcome.SERVER_ERROR), (503, Outcome.SERVER_ERROR),
    ],
)  # fmt: skip
def test_status_of_the_receiver_says_what_became_of_the_call(status: int, outcome: Outcome, receiver: Receiver) -> None:
    receiver.answer_in_turn(Reply(status, {"location": receiver.url, "retry-after": "7"}))

    (sent,) = call(receiver.url)

    assert (sent.outcome, sent.http_status, sent.retry_after) == (outcome, status, "7")
    assert sent.peer_address == "127.0.0.1"


def test_redirect_to_the_metadata_service_is_never_followed(receiver: Receiver) -> None:
    with a_receiver() as elsewhere:
        receiver.answer_in_turn(Reply(302, {"location": elsewhere.url}))

        (sent,) = call(receiver.url)

        assert sent.outcome is Outcome.REDIRECTED
        assert (len(receiver.receipts), elsewhere.receipts) == (1, [])


def test_proxy_variables_of_the_environment_are_not_read(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    (sent,) = call(receiver.url)

    assert sent.outcome is Outcome.RECEIVED


def test_endless_answer_is_cut_long_before_it_ends(receiver: Receiver) -> None:
    receiver.answer_in_turn(Reply(200, endless=True))

    (sent,) = call(receiver.url)
    time.sleep(0.2)

    assert sent.outcome is Outcome.RECEIVED
    assert MOST_RESPONSE_BYTES < receiver.written < 16 * 1024 * 1024
    save_measurement(
        "endless_answer",
        1,
        kept_kib=MOST_RESPONSE_BYTES // 1024,
        offered_mib=64,
        written_kib=receiver.written // 1024,
    )


@pytest.mark.parametrize("reply", [Reply(200, drip=True), Reply(200, hang_seconds=2)])
def test_slow_answer_is_cut_when_its_time_is_over(reply: Reply, receiver: Receiver) -> None:
    receiver.answer_in_turn(reply)

    (sent,) = call(receiver.url, seconds=0.4)

    assert sent.outcome is Outcome.TIMED_OUT
    assert 350 <= sent.total_ms < 1500


def test_kept_connection_is_used_again_for_the_next_call(receiver: Receiver) -> None:
    ports: set[int] = set()
    receiver.answer_in_turn(Reply(200, body=b"ok"))
    original = receiver.server.process_request

    def counting(request: object, address: tuple[str, int]) -> None:
        ports.add(address[1])
        original(request, address)

    receiver.server.process_request = counting

    sent = call(receiver.url, times=5)

    assert [one.outcome for one in sent] == [Outcome.RECEIVED] * 5
    assert len(ports) == 1


def connections_to(receiver: Receiver) -> int:
    """How many connections of this process to the receiver are still open."""
    port = receiver.server.server_address[1]
    mine = psutil.Process().net_connections("tcp")
    return len([one for one in mine if one.raddr and one.raddr.port == port and one.status == "ESTABLISHED"])


@pytest.mark.parametrize("reply", [Reply(200, drip=True), Reply(200, hang_seconds=1)])
def test_call_that_is_cut_in_the_middle_of_its_exchange_leaves_no_connection_open(
    reply: Reply, receiver: Receiver
) -> None:
    receiver.answer_in_turn(Reply(204), reply)
    open_after: list[int] = []

    async def run() -> None:
        lines = ConnectionPool(receiver.url, Guard(parse_networks(LOOPBACK), None), ssl.create_default_context())
        for seconds in (5.0, 0.3):
            await post(lines, WebhookCall({"webhook-id": "evt_1"}, BODY), seconds)
            open_after.append(connections_to(receiver))
        await lines.aclose()

    asyncio.run(run())

    assert open_after == [1, 0]


def test_lines_that_were_closed_during_an_exchange_keep_no_connection_after_it(receiver: Receiver) -> None:
    async def run() -> tuple[CallResult, int]:
        arrived, loop = asyncio.Event(), asyncio.get_running_loop()
        receiver.answer_in_turn(Reply(200, hang_seconds=0.3, before=lambda: loop.call_soon_threadsafe(arrived.set)))
        lines = ConnectionPool(receiver.url, Guard(parse_networks(LOOPBACK), None), ssl.create_default_context())
        calling = asyncio.create_task(post(lines, WebhookCall({"webhook-id": "evt_1"}, BODY)))
        await arrived.wait()
        await lines.aclose()
        return await calling, connections_to(receiver)

    sent, still_open = asyncio.run(run())

    assert sent.outcome is Outcome.RECEIVED
    assert still_open == 0


def test_kept_connection_dropped_at_the_other_end_is_replaced_at_once(receiver: Receiver) -> None:
    receiver.answer_in_turn(Reply(204), Reply(break_off=True), Reply(204))

    sent = call(receiver.url, times=2)

    assert [one.outcome for one in sent] == [Outcome.RECEIVED] * 2
    assert len(receiver.receipts) == 3


def test_fresh_connection_that_is_broken_off_is_a_failure_after_one_call(receiver: Receiver) -> None:
    receiver.answer_in_turn(Reply(break_off=True))

    (sent,) = call(receiver.url)

    assert sent.outcome is Outcome.BROKEN_OFF
    assert len(receiver.receipts) == 1


def test_receiver_that_is_not_there_is_not_connected() -> None:
    with a_receiver() as gone:
        url = gone.url

    (sent,) = call(url)

    assert sent.outcome is Outcome.NOT_CONNECTED


def test_receiver_that_does_not_speak_http_is_broken_off() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def chatter() -> None:
        peer, _ = listener.accept()
        peer.recv(65536)
        peer.sendall(b"\x00\x01 not http \r\n\r\n")
        peer.close()

    thread = threading.Thread(target=chatter, daemon=True)
    thread.start()

    (sent,) = call(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    thread.join(timeout=5)
    listener.close()

    assert sent.outcome is Outcome.BROKEN_OFF


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b'{"challenge": "c-1"}', Outcome.RECEIVED),
        (b"c-1\n", Outcome.RECEIVED),
        (b'{"data": {"challenge": "c-1"}}', Outcome.CHALLENGE_NOT_ECHOED),
        (b'{"challenge": "c-2"}', Outcome.CHALLENGE_NOT_ECHOED),
        (b"[" * 10_000, Outcome.CHALLENGE_NOT_ECHOED),
        (b"\xff\xfe", Outcome.CHALLENGE_NOT_ECHOED),
        (b"", Outcome.CHALLENGE_NOT_ECHOED),
    ],
)
def test_verification_needs_the_challenge_itself_not_the_request_sent_back(
    answer: bytes, outcome: Outcome, receiver: Receiver
) -> None:
    receiver.answer_in_turn(Reply(200, body=answer))

    (sent,) = call(receiver.url, challenge="c-1")

    assert sent.outcome is outcome


@pytest.mark.parametrize(
    ("certified", "outcome"),
    [("hooks.a.gov.uk", Outcome.RECEIVED), ("other.a.gov.uk", Outcome.CERTIFICATE_WRONG)],
)
def test_certificate_must_be_for_the_name_although_the_address_is_connected_to(
    certified: str, outcome: Outcome, tmp_path: Path
) -> None:
    chain, authority = a_certificate(certified, tmp_path)
    with a_receiver() as receiver:
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(chain)
        names: list[str] = []
        serving.sni_callback = lambda _socket, name, _context: names.append(name)
        receiver.server.socket = serving.wrap_socket(receiver.server.socket, server_side=True)
        port = receiver.server.server_address[1]

        async def loopback(_host: str, _port: int) -> list[str]:
            return ["127.0.0.1"]

        async def run() -> CallResult:
            tls = ssl.create_default_context(cafile=str(authority))
            url = f"https://hooks.a.gov.uk:{port}/"
            lines = ConnectionPool(url, Guard(parse_networks(LOOPBACK), frozenset({port}), loopback), tls)
            sent = await post(lines, WebhookCall({"webhook-id": "evt_1"}, BODY))
            await lines.aclose()
            return sent

        sent = asyncio.run(run())

        assert sent.outcome is outcome
        assert set(names) == {"hooks.a.gov.uk"}
