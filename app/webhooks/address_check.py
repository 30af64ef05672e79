"""Whether an address may be registered: its form, and where its name leads now. Every call checks both again."""

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.foundation.errors import Fault, Invalid
from app.webhooks.addresses import LOOPBACK, networks
from app.webhooks.callback_url import UrlRules, why_refused
from app.webhooks.guard import HTTPS_PORTS, AddressRefused, Guard, NameNotFound
from app.webhooks.senders import Wire


def refuse_unless_callable(url: str, hosts: Sequence[str], allow_networks: Sequence[str], wire: Wire) -> None:
    """Nothing, or `Invalid` with the reason and without a word of the address."""
    reason = why_refused(url, UrlRules(hosts, wire.loopback_http)) or _why_unreachable(
        url, allow_networks, wire
    )
    if reason:
        raise Invalid(
            f"`url` cannot be called: {reason}",
            code="address-refused",
            faults=[Fault("/url", "address_refused", reason)],
        )


def _why_unreachable(url: str, allow_networks: Sequence[str], wire: Wire) -> str | None:
    parts = urlsplit(url)
    allowed = (*allow_networks, *(LOOPBACK if wire.loopback_http else ()))
    guard = Guard(networks(allowed), None if wire.loopback_http else HTTPS_PORTS, wire.resolve)
    try:
        asyncio.run(guard.addresses_of(parts.hostname or "", parts.port or 443))
    except (AddressRefused, NameNotFound) as refusal:
        return str(refusal)
    return None
