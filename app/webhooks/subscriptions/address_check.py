"""Checks whether an address may be registered: its form, and where its name leads now. Every call checks both again."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.foundation.errors import Invalid, RequestFault
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.egress.addresses import LOOPBACK, parse_networks
from app.webhooks.egress.callback_url import UrlRules, why_refused
from app.webhooks.egress.guard import HTTPS_PORTS, AddressRefused, Guard, NameNotFound


def refuse_unless_callable(url: str, hosts: Sequence[str], allow_networks: Sequence[str], transport: Transport) -> None:
    """Raises `Invalid` (address-refused) with the reason. The message repeats nothing of the address."""
    reason = why_refused(url, UrlRules(hosts, transport.loopback_http)) or _why_unreachable(
        url, allow_networks, transport
    )
    if reason:
        raise Invalid(
            f"`url` cannot be called: {reason}",
            code="address-refused",
            faults=[RequestFault("/url", "address_refused", reason)],
        )


def _why_unreachable(url: str, allow_networks: Sequence[str], transport: Transport) -> str | None:
    parts = urlsplit(url)
    allowed = (*allow_networks, *(LOOPBACK if transport.loopback_http else ()))
    ports = None if transport.loopback_http else HTTPS_PORTS
    guard = Guard(parse_networks(allowed), ports, transport.resolve)
    try:
        # The endpoint runs in a thread of its own, without an event loop, so it may start one.
        asyncio.run(guard.addresses_of(parts.hostname or "", parts.port or 443))
    except (AddressRefused, NameNotFound) as refusal:
        return str(refusal)
    return None
