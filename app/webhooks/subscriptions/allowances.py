"""What an administrator may open, by name and never for all: a host for one agency, a private network for one endpoint."""

import re
from datetime import datetime
from ipaddress import ip_network

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.errors import Invalid, NotFound
from app.webhooks import repository
from app.webhooks.models import AllowedHost

_HOST = re.compile(r"\.?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def allow_host(session: Session, by: Caller, agency: str, host: str, now: datetime) -> None:
    """The agency may register endpoints at this host; with a leading dot, at any host below it."""
    if not _HOST.fullmatch(host):
        raise Invalid("a host is a lower-case name of two or more labels; a leading dot makes it a suffix")
    row = {"agency": agency, "host": host, "added_by": by.client_id, "added_at": now}
    session.execute(insert(AllowedHost).values(row).on_conflict_do_nothing())
    record_act(session, by, Category.ALTERATION, "webhook_host", host, now, recipient=agency)


def withdraw_host(session: Session, by: Caller, agency: str, host: str, now: datetime) -> None:
    """The agency's endpoints there are called no more, from the next call on; their events are kept."""
    session.execute(delete(AllowedHost).where(AllowedHost.agency == agency, AllowedHost.host == host))
    record_act(session, by, Category.ALTERATION, "webhook_host", host, now, recipient=agency)


def allow_network(session: Session, by: Caller, endpoint_id: str, cidr: str, now: datetime) -> None:
    """One endpoint may be called in a network that is not public, as on a police network."""
    endpoint = repository.endpoint_for_change(session, endpoint_id)
    if endpoint is None:
        raise NotFound("there is no such endpoint")
    try:
        network = str(ip_network(cidr))
    except ValueError:
        raise Invalid("a network is written as 10.20.0.0/16, with no bit set beyond its prefix") from None
    endpoint.allow_networks = sorted({*endpoint.allow_networks, network})
    endpoint.revision += 1
    record_act(session, by, Category.ALTERATION, "endpoint", endpoint.id, now)
