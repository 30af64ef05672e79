"""What an administrator may open, one at a time: a host for one agency, a private network for one endpoint."""

import re
from ipaddress import ip_network

from app.audit.service import Category, record_act
from app.foundation.errors import Invalid
from app.foundation.storage.transaction import Transaction
from app.webhooks.lookup import find_endpoint_for_change
from app.webhooks.models import AllowedHost
from app.webhooks.repository import add_allowed_host, delete_allowed_host

_HOST = re.compile(r"\.?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def allow_host(tx: Transaction, agency: str, host: str) -> None:
    """Lets the agency register endpoints at this host; with a leading dot, at any host below it."""
    if not _HOST.fullmatch(host):
        raise Invalid("a host is a lower-case name of two or more labels; a leading dot makes it a suffix")
    allowed = AllowedHost(agency=agency, host=host, added_by=tx.caller.client_id, added_at=tx.now)
    add_allowed_host(tx.session, allowed)
    _record_host(tx, agency, host)


def withdraw_host(tx: Transaction, agency: str, host: str) -> None:
    """Ends calls to the agency's endpoints at this host, from the next call on. Their events are kept."""
    delete_allowed_host(tx.session, agency, host)
    _record_host(tx, agency, host)


def allow_network(tx: Transaction, endpoint_id: str, cidr: str) -> None:
    """Lets one endpoint be called in a network that is not public, such as a police network."""
    endpoint = find_endpoint_for_change(tx.session, endpoint_id)
    try:
        network = str(ip_network(cidr))
    except ValueError:
        raise Invalid("a network is written as 10.20.0.0/16, with no bit set beyond its prefix") from None
    endpoint.allow_networks = sorted({*endpoint.allow_networks, network})
    # A new revision closes the connections that were opened under the old rules.
    endpoint.revision += 1
    record_act(tx, Category.ALTERATION, "endpoint", endpoint.id)


def _record_host(tx: Transaction, agency: str, host: str) -> None:
    record_act(tx, Category.ALTERATION, "webhook_host", host, recipient=agency)
