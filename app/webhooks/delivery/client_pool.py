"""The HTTP clients that calls are made with: one for each revision of an endpoint, closed when the revision has passed.

A kept-alive connection outlives the check it was opened under, so a new address, secret or allow-list means new ones.
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
from app.webhooks.delivery.queue import ClaimedDelivery
from app.webhooks.delivery.sending import TOTAL_SECONDS, CallResult, WebhookCall, post
from app.webhooks.delivery.signing import hmcts_headers, signed_headers
from app.webhooks.delivery.targets import Target
from app.webhooks.egress.addresses import LOOPBACK, parse_networks
from app.webhooks.egress.callback_url import UrlRules, why_refused
from app.webhooks.egress.connection_pool import ConnectionPool
from app.webhooks.egress.guard import HTTPS_PORTS, Guard, Resolve, resolve_name
from app.webhooks.vocabulary import Outcome, SecretKind

AGENT = "referral-routing"


@dataclass(frozen=True, slots=True)
class Transport:
    """How calls leave this machine. Tests give their own resolver, certificate store and time limit (in seconds)."""

    loopback_http: bool = False
    resolve: Resolve = resolve_name
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    total_seconds: float = TOTAL_SECONDS


def transport_for(settings: Settings) -> Transport:
    """Returns the transport of a deployment.

    Loopback is open in development only, and only when the setting says so.
    """
    return Transport(loopback_http=settings.allow_loopback_http and settings.environment == "development")


@dataclass(slots=True)
class EndpointClient:
    """The client of one revision of an endpoint. `users` counts the calls that use it or wait for a free connection."""

    target: Target
    connections: ConnectionPool
    transport: Transport
    capacity: asyncio.Semaphore
    users: int = 0

    async def send(self, claimed: ClaimedDelivery, now: datetime) -> CallResult:
        """Refuses a URL that is no longer allowed and a call that nothing signs, else sends the call signed.

        The URL's form is checked again: what was allowed when the endpoint was saved may not be allowed now.
        """
        rules = UrlRules(self.target.hosts, self.transport.loopback_http)
        if why_refused(self.target.url, rules):
            return CallResult(Outcome.WILL_NOT_SEND, 0)
        # Every endpoint has a shared secret. Where it could not be opened, the receiver may verify nothing else.
        if not any(key.kind is SecretKind.V1 for key in self.target.keys):
            return CallResult(Outcome.NOT_SIGNED, 0)
        call = call_for(self.target, claimed, now)
        return await post(self.connections, call, self.transport.total_seconds)


def call_for(target: Target, claimed: ClaimedDelivery, now: datetime) -> WebhookCall:
    """Signs the call: the stored bytes unchanged, a fresh timestamp, and the event's own id in every copy."""
    headers = signed_headers(claimed.event_id, claimed.body, target.keys, now) | {"user-agent": AGENT}
    if target.hmcts_headers:
        # These headers hold one signature, so a rotation has no overlap here.
        newest = next(key for key in target.keys if key.kind is SecretKind.V1)
        headers |= hmcts_headers(target.endpoint_id, claimed.body, newest)
    challenge = None
    if claimed.type == EventType.ENDPOINT_VERIFY:
        challenge = str(json.loads(claimed.body)["data"]["challenge"])
    return WebhookCall(headers, claimed.body, challenge)


@dataclass(slots=True)
class ClientPool:
    """The clients by endpoint. Belongs to one event loop."""

    transport: Transport
    _current: dict[str, EndpointClient] = field(default_factory=dict)
    _superseded: list[EndpointClient] = field(default_factory=list)
    _tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def client_for(self, target: Target) -> AsyncIterator[EndpointClient]:
        """Returns the client of this very target, with capacity for one call; waits until there is some.

        A client of another revision is set aside and closed when its last call has ended.
        """
        client = self._current.get(target.endpoint_id)
        # Compared whole: a host that was withdrawn or a secret that has expired ends the connections too.
        if client is None or client.target != target:
            if client:
                self._superseded.append(client)
            client = self._new_client(target)
            self._current[target.endpoint_id] = client
        client.users += 1
        try:
            async with client.capacity:
                yield client
        finally:
            client.users -= 1
            await self._close_unused()

    async def close(self) -> None:
        """Closes every connection."""
        for client in (*self._current.values(), *self._superseded):
            await client.connections.aclose()
        self._current.clear()
        self._superseded.clear()

    async def _close_unused(self) -> None:
        # The list is changed before the first await: several calls may end at the same moment, and none may close
        # what another closes.
        unused = [one for one in self._superseded if not one.users]
        self._superseded = [one for one in self._superseded if one.users]
        for client in unused:
            await client.connections.aclose()

    def _new_client(self, target: Target) -> EndpointClient:
        self._tls = self._tls or self.transport.tls()
        loopback = self.transport.loopback_http
        allowed = target.allow_networks + (LOOPBACK if loopback else ())
        guard = Guard(parse_networks(allowed), None if loopback else HTTPS_PORTS, self.transport.resolve)
        connections = ConnectionPool(target.url, guard, self._tls)
        return EndpointClient(target, connections, self.transport, asyncio.Semaphore(target.max_in_flight))
