"""The queries for endpoints, their secrets, and the hosts an agency may receive at."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.webhooks.egress.callback_url import PUBLIC_SUFFIXES
from app.webhooks.models import AllowedHost, Endpoint, Secret


def endpoint_by_id(session: Session, endpoint_id: str) -> Endpoint | None:
    return session.scalar(select(Endpoint).where(Endpoint.id == endpoint_id))


def endpoints_by_id(session: Session, endpoint_ids: Collection[str]) -> Sequence[Endpoint]:
    return session.scalars(select(Endpoint).where(Endpoint.id.in_(endpoint_ids))).all()


def endpoint_for_change(session: Session, endpoint_id: str) -> Endpoint | None:
    """Locks the endpoint until this transaction ends, and returns it.

    `key_share` gives the weaker lock FOR NO KEY UPDATE: an insert of a delivery takes a key lock on its endpoint, and
    the commit of a referral must not wait for a person who changes an endpoint.
    """
    return session.scalar(select(Endpoint).where(Endpoint.id == endpoint_id).with_for_update(key_share=True))


def endpoints_for_change(session: Session, endpoint_ids: Collection[str]) -> Sequence[Endpoint]:
    """Locks the endpoints as `endpoint_for_change` does. One order for all workers, so that none deadlock."""
    if not endpoint_ids:
        return []
    return session.scalars(
        select(Endpoint).where(Endpoint.id.in_(endpoint_ids)).order_by(Endpoint.id).with_for_update(key_share=True)
    ).all()


def list_endpoints(session: Session, after: str, limit: int) -> Sequence[Endpoint]:
    return session.scalars(select(Endpoint).where(Endpoint.id > after).order_by(Endpoint.id).limit(limit)).all()


def valid_secrets(session: Session, endpoint_ids: Collection[str], now: datetime) -> Sequence[Secret]:
    """Returns the secrets that still sign at `now`, the current ones first: receivers read signatures from the left."""
    return session.scalars(
        select(Secret)
        .where(Secret.endpoint_id.in_(endpoint_ids), or_(Secret.expires_at.is_(None), Secret.expires_at > now))
        .order_by(Secret.expires_at.desc().nulls_first(), Secret.kind)
    ).all()


def allowed_hosts(session: Session, agencies: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Returns the hosts and suffixes each agency may receive at.

    The public sector's, and those an administrator added.
    """
    rows = session.scalars(select(AllowedHost).where(AllowedHost.agency.in_(agencies))).all()
    own: dict[str, list[str]] = {agency: [] for agency in agencies}
    for row in rows:
        own[row.agency].append(row.host)
    return {agency: (*PUBLIC_SUFFIXES, *sorted(added)) for agency, added in own.items()}


def add_allowed_host(session: Session, host: AllowedHost) -> None:
    """Stores the host; a host that the agency has already is left as it is."""
    row = {
        "agency": host.agency,
        "host": host.host,
        "added_by": host.added_by,
        "added_at": host.added_at,
    }
    session.execute(insert(AllowedHost).values(row).on_conflict_do_nothing())


def delete_allowed_host(session: Session, agency: str, host: str) -> None:
    session.execute(delete(AllowedHost).where(AllowedHost.agency == agency, AllowedHost.host == host))
