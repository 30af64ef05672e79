"""Where a call goes and how it is signed, as the database says at the moment of the claim."""

import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.signing import SigningKey
from app.webhooks.egress.callback_url import PUBLIC_SUFFIXES
from app.webhooks.models import AllowedHost, Endpoint, Secret
from app.webhooks.vocabulary import SecretKind

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """One revision of an endpoint, with its secrets open. Never stored, never logged."""

    endpoint_id: str
    revision: int
    url: str
    hosts: tuple[str, ...]
    allow_networks: tuple[str, ...]
    max_in_flight: int
    hmcts_headers: bool
    keys: tuple[SigningKey, ...]


def targets_of(
    session: Session, endpoint_ids: Collection[str], seal: Seal, now: datetime
) -> dict[str, Target]:
    """The targets by endpoint id."""
    endpoints = session.scalars(select(Endpoint).where(Endpoint.id.in_(endpoint_ids))).all()
    hosts = hosts_of(session, {endpoint.agency for endpoint in endpoints})
    keys = _keys_of(session, endpoint_ids, seal, now)
    return {
        endpoint.id: Target(
            endpoint.id,
            endpoint.revision,
            endpoint.url,
            hosts[endpoint.agency],
            tuple(endpoint.allow_networks),
            endpoint.max_in_flight,
            endpoint.hmcts_headers,
            tuple(keys[endpoint.id]),
        )
        for endpoint in endpoints
    }


def hosts_of(session: Session, agencies: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The hosts and suffixes each agency may receive at: the public sector's, and what an administrator added."""
    rows = session.scalars(select(AllowedHost).where(AllowedHost.agency.in_(agencies))).all()
    own: dict[str, list[str]] = {agency: [] for agency in agencies}
    for row in rows:
        own[row.agency].append(row.host)
    return {agency: (*PUBLIC_SUFFIXES, *sorted(added)) for agency, added in own.items()}


def sealed_for(endpoint_id: str, kind: str) -> str:
    """What ties a sealed secret to its place."""
    return f"{endpoint_id}:{kind}"


def _keys_of(
    session: Session, endpoint_ids: Collection[str], seal: Seal, now: datetime
) -> dict[str, list[SigningKey]]:
    rows = session.scalars(
        select(Secret)
        .where(
            Secret.endpoint_id.in_(endpoint_ids), or_(Secret.expires_at.is_(None), Secret.expires_at > now)
        )
        .order_by(Secret.expires_at.desc().nulls_first(), Secret.kind)
    )
    found: dict[str, list[SigningKey]] = defaultdict(list)
    for row in rows:
        try:
            raw = seal.open(row.sealed, sealed_for(row.endpoint_id, row.kind))
        except (
            ServiceError
        ):  # one secret that stays shut must not stop the others' calls; its own are not signed
            _log.exception("a webhook secret cannot be opened")
            continue
        found[row.endpoint_id].append(SigningKey(SecretKind(row.kind), raw, row.expires_at))
    return found
