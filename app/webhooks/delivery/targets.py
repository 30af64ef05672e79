"""Where a call goes and how it is signed, as the database says at the moment of the claim."""

import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.signing import SigningKey
from app.webhooks.repository import allowed_hosts, endpoints_by_id, valid_secrets

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


def targets_of(session: Session, endpoint_ids: Collection[str], seal: Seal, now: datetime) -> dict[str, Target]:
    """Returns the targets by endpoint id."""
    endpoints = endpoints_by_id(session, endpoint_ids)
    hosts = allowed_hosts(session, {endpoint.agency for endpoint in endpoints})
    keys = _signing_keys(session, endpoint_ids, seal, now)
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


def seal_label(endpoint_id: str, kind: str) -> str:
    """Returns the label that ties a sealed secret to its endpoint and kind.

    Copied to another row, it cannot be opened.
    """
    return f"{endpoint_id}:{kind}"


def _signing_keys(
    session: Session, endpoint_ids: Collection[str], seal: Seal, now: datetime
) -> dict[str, list[SigningKey]]:
    found: dict[str, list[SigningKey]] = defaultdict(list)
    for row in valid_secrets(session, endpoint_ids, now):
        try:
            raw = seal.open(row.sealed, seal_label(row.endpoint_id, row.kind))
        except ServiceError:
            # One secret that stays shut must not stop the other endpoints' calls; its own calls are not signed.
            _log.exception("a webhook secret cannot be opened")
            continue
        found[row.endpoint_id].append(SigningKey(row.kind, raw, row.expires_at))
    return found
