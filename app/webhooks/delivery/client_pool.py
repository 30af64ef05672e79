"""Who sends: the few connections of each revision of an endpoint, closed when the revision has passed.

A kept-alive connection outlives the check it was opened under: a new address, secret or allow-list means new ones.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from app.foundation.settings import Settings
from app.vocabulary import EventType
from app.webhooks.delivery.queue import Claimed
from app.webhooks.delivery.sending import TOTAL_SECONDS, CallResult, WebhookCall, post
from app.webhooks.delivery.signing import hmcts_headers, signed_headers
from app.webhooks.delivery.targets import Target
from app.webhooks.egress.addresses import LOOPBACK, networks
from app.webhooks.egress.callback_url import UrlRules, why_refused
from app.webhooks.egress.connection_pool import ConnectionPool
from app.webhooks.egress.guard import HTTPS_PORTS, Guard, Resolve, resolve_name
from app.webhooks.vocabulary import Outcome, SecretKind

AGENT = "referral-routing"


@dataclass(frozen=True, slots=True)
class Transport:
    """How calls leave this machine. Tests give their own resolver, certificate store and patience."""

    loopback_http: bool = False
    resolve: Resolve = resolve_name
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    total_seconds: float = TOTAL_SECONDS


def transport_for(settings: Settings) -> Transport:
    """The wire of a deployment. Loopback is open in development only, and only when the setting says so."""
    return Transport(loopback_http=settings.allow_loopback_http and settings.environment == "development")


@dataclass(slots=True)
class EndpointClient:
    """One revision's lines, the room on them, and how many calls use them or wait for room."""

    target: Target
    lines: ConnectionPool
    wire: Transport
    room: asyncio.Semaphore
    users: int = 0

    async def send(self, claimed: Claimed, now: datetime) -> CallResult:
        """The outcome of one call. The URL's form is checked again: what was allowed on save may not be now."""
        rules = UrlRules(self.target.hosts, self.wire.loopback_http)
        if why_refused(self.target.url, rules):
            return CallResult(Outcome.WILL_NOT_SEND, 0)
        if not any(key.kind is SecretKind.V1 for key in self.target.keys):
            return CallResult(Outcome.NOT_SIGNED, 0)
        return await post(self.lines, call_for(self.target, claimed, now), self.wire.total_seconds)


def call_for(target: Target, claimed: Claimed, now: datetime) -> WebhookCall:
    """The signed call: the stored bytes as they are, a fresh timestamp, the event's own id in every copy."""
    headers = signed_headers(claimed.event_id, claimed.body, target.keys, now) | {"user-agent": AGENT}
    if target.hmcts_headers:
        newest = next(key for key in target.keys if key.kind is SecretKind.V1)
        headers |= hmcts_headers(target.endpoint_id, claimed.body, newest)
    challenge = None
    if claimed.type == EventType.ENDPOINT_VERIFY:
        challenge = str(json.loads(claimed.body)["data"]["challenge"])
    return WebhookCall(headers, claimed.body, challenge)


@dataclass(slots=True)
class ClientPool:
    """Every sender by endpoint. Belongs to one event loop."""

    wire: Transport
    _open: dict[str, EndpointClient] = field(default_factory=dict)
    _passed: list[EndpointClient] = field(default_factory=list)
    _tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def sender_for(self, target: Target) -> AsyncIterator[EndpointClient]:
        """The sender of this very target, with room for one call; a sender of another revision is set aside."""
        sender = self._open.get(target.endpoint_id)
        if sender is None or sender.target != target:
            if sender:
                self._passed.append(sender)
            sender = EndpointClient(
                target, self._new_lines(target), self.wire, asyncio.Semaphore(target.max_in_flight)
            )
            self._open[target.endpoint_id] = sender
        sender.users += 1
        try:
            async with sender.room:
                yield sender
        finally:
            sender.users -= 1
            await self._close_quiet()

    async def close(self) -> None:
        """No connection is left open."""
        for sender in (*self._open.values(), *self._passed):
            await sender.lines.aclose()
        self._open.clear()
        self._passed.clear()

    async def _close_quiet(self) -> None:
        """Taken from the list before anything is waited for: several calls may end at the same moment."""
        quiet = [one for one in self._passed if not one.users]
        self._passed = [one for one in self._passed if one.users]
        for sender in quiet:
            await sender.lines.aclose()

    def _new_lines(self, target: Target) -> ConnectionPool:
        self._tls = self._tls or self.wire.tls()
        allowed = target.allow_networks + (LOOPBACK if self.wire.loopback_http else ())
        ports = None if self.wire.loopback_http else HTTPS_PORTS
        guard = Guard(networks(allowed), ports, self.wire.resolve)
        return ConnectionPool(target.url, guard, self._tls)
