"""The use cases of subscribers: register, verify, rotate, test, pause, resume, and look after the list of work."""

import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, record_event
from app.vocabulary import EventType
from app.webhooks import repository
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.delivery.endpoint_health import resumed
from app.webhooks.delivery.recording import HEALTH
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.signing import SECRET_BYTES, public_half, shown_secret
from app.webhooks.delivery.targets import hosts_of, sealed_for
from app.webhooks.models import Delivery, Endpoint, Secret, WorkItem
from app.webhooks.schemas import EndpointRequest
from app.webhooks.subscriptions.address_check import refuse_unless_callable
from app.webhooks.subscriptions.recoveries import wake_workers
from app.webhooks.vocabulary import EndpointStatus, SecretKind

MOST_PREVIOUS_SECRETS = 2


def register(
    session: Session, caller: Caller, sent: EndpointRequest, seal: Seal, wire: Transport, now: datetime
) -> tuple[Endpoint, str]:
    """The endpoint exists, unverified, with its secret; from this commit on its events are kept for it."""
    if strangers := set(sent.areas) - caller.areas:
        fault = RequestFault("/areas", "not_yours", "an area here is not one of your API key's")
        raise Invalid(f"{len(strangers)} of `areas` are not areas of your API key", faults=[fault])
    refuse_unless_callable(sent.url, hosts_of(session, {caller.agency})[caller.agency], (), wire)
    endpoint = Endpoint(
        **sent.model_dump(exclude={"key_pair", "event_types", "forums", "areas"}),
        id=new_id("whe"),
        agency=caller.agency,
        event_types=list(sent.event_types),
        forums=list(sent.forums),
        areas=list(sent.areas),
        alarm_areas=sorted(sent.areas or caller.areas),
        revision=1,
        status=EndpointStatus.UNVERIFIED,
        status_reason="not verified yet",
        status_since=now,
        allow_networks=[],
        consecutive_failures=0,
        breaker_step=0,
        created_at=now,
        created_by=caller.answerable,
    )
    session.add(endpoint)
    session.flush()
    if sent.key_pair:
        _add_secret(session, endpoint, SecretKind.V1A, seal, now)
    shown = _add_secret(session, endpoint, SecretKind.V1, seal, now)
    ask_for_proof(session, endpoint, now)
    return endpoint, shown


def change_address(
    session: Session, caller: Caller, endpoint: Endpoint, url: str, wire: Transport, now: datetime
) -> None:
    """The endpoint has another address and must prove itself again. Its events are kept meanwhile."""
    hosts = hosts_of(session, {caller.agency})[caller.agency]
    refuse_unless_callable(url, hosts, endpoint.allow_networks, wire)
    endpoint.url, endpoint.revision = url, endpoint.revision + 1
    _set_status(endpoint, EndpointStatus.UNVERIFIED, "the address was changed", now)
    session.flush()
    ask_for_proof(session, endpoint, now)


def ask_for_proof(session: Session, endpoint: Endpoint, now: datetime) -> str:
    """The id of the event that carries a fresh challenge. The endpoint is active once it has been echoed."""
    if endpoint.status != EndpointStatus.UNVERIFIED:
        raise Conflict(f"this endpoint is {endpoint.status}; only an unverified one is verified")
    return _direct(session, endpoint, EventType.ENDPOINT_VERIFY, now, challenge=secrets.token_urlsafe(32))


def send_test(session: Session, endpoint: Endpoint, now: datetime) -> str:
    """The id of a test event, which goes out whatever the endpoint's status."""
    return _direct(session, endpoint, EventType.ENDPOINT_TEST, now)


def rotate_secret(session: Session, endpoint: Endpoint, overlap_hours: int, seal: Seal, now: datetime) -> str:
    """A new secret signs first; the old ones sign beside it until the overlap ends, two at most."""
    ends = now + timedelta(hours=overlap_hours)
    shared = [key for key in repository.keys_of(session, [endpoint.id], now) if key.kind == SecretKind.V1]
    for place, key in enumerate(shared):
        wanted = ends if place < MOST_PREVIOUS_SECRETS else now
        key.expires_at = min(key.expires_at or wanted, wanted)
    endpoint.revision += 1
    return _add_secret(session, endpoint, SecretKind.V1, seal, now)


def pause(endpoint: Endpoint, reason: str, now: datetime) -> None:
    """Calls stop; events are kept."""
    if endpoint.status != EndpointStatus.ACTIVE:
        raise Conflict(f"this endpoint is {endpoint.status}; only an active one can be paused")
    _set_status(endpoint, EndpointStatus.PAUSED, reason, now)


def resume(session: Session, caller: Caller, endpoint: Endpoint, now: datetime) -> None:
    """Calls go on, the most urgent first, with everything that was kept."""
    if endpoint.status != EndpointStatus.PAUSED:
        raise Conflict(f"this endpoint is {endpoint.status}; only a paused one can be resumed")
    if endpoint.verified_at is None:
        raise Conflict("this endpoint has never been verified; ask for a verification instead")
    health = resumed(now)
    for name in HEALTH:
        setattr(endpoint, name, getattr(health, name))
    session.flush()
    repository.release_held(session, endpoint.id, now)
    repository.close_endpoint_work(session, endpoint.id, caller.answerable, now)
    wake_workers(session)


def close_work_item(caller: Caller, item: WorkItem, now: datetime) -> None:
    """A person has seen to it."""
    if item.closed_at is not None:
        raise Conflict("this item is closed already")
    item.closed_at, item.closed_by = now, caller.answerable


def refuse_direct_replay(delivery: Delivery) -> None:
    """A verification or test is asked for anew, never replayed: its challenge was for one moment."""
    if delivery.direct:
        raise Conflict("a verification or a test is not replayed; ask for a new one")


def _set_status(endpoint: Endpoint, status: EndpointStatus, reason: str, now: datetime) -> None:
    endpoint.status, endpoint.status_reason, endpoint.status_since = status, reason, now


def _add_secret(session: Session, endpoint: Endpoint, kind: SecretKind, seal: Seal, now: datetime) -> str:
    """What the owner is shown: the secret of a shared one, the public half of a pair."""
    is_pair = kind is SecretKind.V1A
    raw = Ed25519PrivateKey.generate().private_bytes_raw() if is_pair else secrets.token_bytes(SECRET_BYTES)
    public = public_half(raw) if is_pair else None
    session.add(
        Secret(
            id=new_id("whs"),
            endpoint_id=endpoint.id,
            agency=endpoint.agency,
            kind=kind,
            sealed=seal.close(raw, sealed_for(endpoint.id, kind)),
            public_key=public,
            created_at=now,
        )
    )
    session.flush()
    return public or shown_secret(raw)


def _direct(session: Session, endpoint: Endpoint, kind: EventType, now: datetime, **details: str) -> str:
    news = EventDraft(
        type=kind,
        subject_type="endpoint",
        subject_id=endpoint.id,
        area=next(iter(endpoint.alarm_areas), ""),
        agencies=(endpoint.agency,),
        details=dict(details),
        priority=URGENT,
    )
    event_id = record_event(session, news, now)
    assert event_id is not None  # noqa: S101 - an event without a dedupe key is always new
    return event_id
