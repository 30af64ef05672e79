"""Makes one call and returns its outcome. Whatever happens is an outcome; nothing here raises.

httpcore is used directly: it follows no redirect, reads no proxy variable, keeps no cookie and decodes no body, so
none of these has to be switched off.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from app.webhooks.egress.connection_pool import ConnectionPool
from app.webhooks.egress.guard import CONNECT_SECONDS, AddressRefused, NameNotFound
from app.webhooks.vocabulary import Outcome

TOTAL_SECONDS = 15
MOST_RESPONSE_BYTES = 16 * 1024
# Each limits one step, and a receiver that sends a byte now and then passes them all: the outer timer ends the call.
_TIMEOUTS = {
    "timeout": {
        "connect": CONNECT_SECONDS,
        "read": TOTAL_SECONDS,
        "write": TOTAL_SECONDS,
        "pool": TOTAL_SECONDS,
    }
}
_GONE, _THROTTLED = 410, 429


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """What is sent. `challenge` is what a verification must echo; None for every other call."""

    headers: Mapping[str, str]
    body: bytes
    challenge: str | None = None


@dataclass(frozen=True, slots=True)
class CallResult:
    """What came back. Durations in milliseconds of a monotonic clock."""

    outcome: Outcome
    total_ms: int
    http_status: int | None = None
    retry_after: str | None = None
    peer_address: str | None = None

    @property
    def failed(self) -> bool:
        return self.outcome is not Outcome.RECEIVED


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    retry_after: str | None
    peer_address: str | None
    body: bytes


async def post(connections: ConnectionPool, call: WebhookCall, total_seconds: float = TOTAL_SECONDS) -> CallResult:
    """Makes one signed POST within `total_seconds`, from resolving the name to the last byte; returns its outcome."""
    started = time.monotonic_ns()
    try:
        async with asyncio.timeout(total_seconds):
            response = await _exchange_with_retry(connections, _request(connections.url, call))
    except (TimeoutError, httpcore.TimeoutException):
        return CallResult(Outcome.TIMED_OUT, _ms_since(started))
    except AddressRefused:
        return CallResult(Outcome.WILL_NOT_SEND, _ms_since(started))
    except NameNotFound:
        return CallResult(Outcome.NAME_NOT_FOUND, _ms_since(started))
    except (httpcore.ConnectError, OSError) as error:
        return CallResult(_why_not_connected(error), _ms_since(started))
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol):
        return CallResult(Outcome.BROKEN_OFF, _ms_since(started))
    outcome = outcome_of(response.status)
    if outcome is Outcome.RECEIVED and call.challenge and not echoes(response.body, call.challenge):
        outcome = Outcome.CHALLENGE_NOT_ECHOED
    return CallResult(outcome, _ms_since(started), response.status, response.retry_after, response.peer_address)


def outcome_of(status: int) -> Outcome:
    """Returns what an HTTP status means for a delivery. Only 2xx is received; a redirect is never followed."""
    named = {_GONE: Outcome.GONE, _THROTTLED: Outcome.THROTTLED}
    by_class = {2: Outcome.RECEIVED, 3: Outcome.REDIRECTED, 4: Outcome.REFUSED, 5: Outcome.SERVER_ERROR}
    return named.get(status) or by_class.get(status // 100, Outcome.BROKEN_OFF)


def echoes(body: bytes, challenge: str) -> bool:
    """Returns whether the response has the challenge, alone or as `challenge` in JSON: the receiver reads our calls.

    A service that merely sends requests back does neither.
    """
    if body.strip() == challenge.encode():
        return True
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    # A plain comparison: the receiver was sent the challenge, so its timing gives nothing away.
    return isinstance(answer, dict) and answer.get("challenge") == challenge


def _request(url: httpcore.URL, call: WebhookCall) -> httpcore.Request:
    port = "" if url.port in {None, 443} else f":{url.port}"
    headers = [
        ("host", url.host.decode("ascii") + port),
        ("content-length", str(len(call.body))),
        ("content-type", "application/json"),
        ("accept-encoding", "identity"),  # httpcore decompresses nothing, and an echoed challenge is read
        *call.headers.items(),
    ]
    return httpcore.Request("POST", url, headers=headers, content=call.body, extensions=_TIMEOUTS)


async def _exchange_with_retry(connections: ConnectionPool, request: httpcore.Request) -> _Response:
    """Retries once on a stale keep-alive connection. The event id is the same, so the receiver recognises a copy."""
    async with connections.connection() as (connection, was_kept):
        try:
            return await _exchange(connection, request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            if not was_kept:
                raise
    async with connections.connection(fresh=True) as (connection, _):
        return await _exchange(connection, request)


async def _exchange(connection: httpcore.AsyncHTTPConnection, request: httpcore.Request) -> _Response:
    response = await connection.handle_async_request(request)
    try:
        peer = response.extensions["network_stream"].get_extra_info("server_addr")
        body = b""
        async for part in response.aiter_stream():
            body += part
            # An endless response must not fill the memory; the call counts as answered by its status.
            if len(body) > MOST_RESPONSE_BYTES:
                break
    finally:
        await response.aclose()
    waits = [value.decode("latin-1") for name, value in response.headers if name.lower() == b"retry-after"]
    return _Response(
        response.status, waits[0] if waits else None, peer[0] if peer else None, body[:MOST_RESPONSE_BYTES]
    )


def _why_not_connected(error: BaseException) -> Outcome:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Outcome.CERTIFICATE_WRONG
        cause = cause.__cause__ or cause.__context__
    return Outcome.NOT_CONNECTED


def _ms_since(started: int) -> int:
    return (time.monotonic_ns() - started) // 1_000_000
