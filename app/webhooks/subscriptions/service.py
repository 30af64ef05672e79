"""The use cases of subscribers: register an endpoint, verify it, rotate its secret, test, pause and resume it."""

import secrets
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.outbox.service import URGENT, EventDraft, record_event
from app.vocabulary import EventType, SubjectType
from app.webhooks.delivery.client_pool import Transport
from app.webhooks.delivery.endpoint_health import health_after_resume
from app.webhooks.delivery.recording import HEALTH_COLUMNS
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.signing import SECRET_BYTES, public_half, shown_secret
from app.webhooks.delivery.targets import seal_label
from app.webhooks.delivery_repository import make_waiting_due, wake_workers
from app.webhooks.models import Endpoint, Secret, WorkItem
from app.webhooks.repository import allowed_hosts, valid_secrets
from app.webhooks.schemas import EndpointRequest
from app.webhooks.subscriptions.address_check import refuse_unless_callable
from app.webhooks.vocabulary import EndpointStatus, SecretKind
from app.webhooks.work_item_repository import close_items_of_endpoint

MOST_PREVIOUS_SECRETS = 2


def register(tx: Transaction, sent: EndpointRequest, seal: Seal, transport: Transport) -> tuple[Endpoint, str]:
    """Stores the endpoint, unverified, and returns it with its secret. From this commit on its events are kept.

    Raises `Invalid` for an area that is not the caller's and for an address that may not be called.
    """
    if strangers := set(sent.areas) - tx.caller.areas:
        fault = RequestFault("/areas", "not_yours", "an area here is not one of your API key's")
        raise Invalid(f"{len(strangers)} of `areas` are not areas of your API key", faults=[fault])
    refuse_unless_callable(sent.url, _hosts_of_caller(tx), (), transport)
    endpoint = _new_endpoint(tx, sent)
    tx.session.add(endpoint)
    tx.session.flush()
    if sent.key_pair:
        _add_secret(tx, endpoint, SecretKind.V1A, seal)
    shown = _add_secret(tx, endpoint, SecretKind.V1, seal)
    send_verification(tx, endpoint)
    return endpoint, shown


def change_address(tx: Transaction, endpoint: Endpoint, url: str, transport: Transport) -> None:
    """Moves the endpoint to another address, where it must be verified again. Its events are kept meanwhile."""
    # Networks that an administrator opened stay open for this endpoint, wherever its agency moves it.
    refuse_unless_callable(url, _hosts_of_caller(tx), endpoint.allow_networks, transport)
    endpoint.url, endpoint.revision = url, endpoint.revision + 1
    _set_status(tx, endpoint, EndpointStatus.UNVERIFIED, "the address was changed")
    tx.session.flush()
    send_verification(tx, endpoint)


def send_verification(tx: Transaction, endpoint: Endpoint) -> str:
    """Records an event with a fresh challenge and returns its id. The endpoint is active once it has echoed it."""
    if endpoint.status != EndpointStatus.UNVERIFIED:
        raise Conflict(f"this endpoint is {endpoint.status}; only an unverified one is verified")
    return _record_direct_event(tx, endpoint, EventType.ENDPOINT_VERIFY, challenge=secrets.token_urlsafe(32))


def send_test_event(tx: Transaction, endpoint: Endpoint) -> str:
    """Records a test event and returns its id. It goes out whatever the endpoint's status."""
    return _record_direct_event(tx, endpoint, EventType.ENDPOINT_TEST)


def rotate_secret(tx: Transaction, endpoint: Endpoint, overlap_hours: int, seal: Seal) -> str:
    """Adds a new secret, which signs first, and returns it.

    The old ones sign beside it until the overlap ends, two at most.
    """
    # Both sign meanwhile, so a receiver changes its secret when it likes and no call fails to verify.
    ends = tx.now + timedelta(hours=overlap_hours)
    shared = [key for key in valid_secrets(tx.session, [endpoint.id], tx.now) if key.kind == SecretKind.V1]
    # A rotation never prolongs a secret: one that already ends earlier still does.
    for place, key in enumerate(shared):
        wanted = ends if place < MOST_PREVIOUS_SECRETS else tx.now
        key.expires_at = min(key.expires_at or wanted, wanted)
    # A new revision makes every worker read the secrets anew.
    endpoint.revision += 1
    return _add_secret(tx, endpoint, SecretKind.V1, seal)


def pause(tx: Transaction, endpoint: Endpoint, reason: str) -> None:
    """Stops calls. Events are kept."""
    if endpoint.status != EndpointStatus.ACTIVE:
        raise Conflict(f"this endpoint is {endpoint.status}; only an active one can be paused")
    _set_status(tx, endpoint, EndpointStatus.PAUSED, reason)


def resume(tx: Transaction, endpoint: Endpoint) -> None:
    """Starts calls again with everything that was kept, the most urgent first."""
    if endpoint.status != EndpointStatus.PAUSED:
        raise Conflict(f"this endpoint is {endpoint.status}; only a paused one can be resumed")
    if endpoint.verified_at is None:
        raise Conflict("this endpoint has never been verified; ask for a verification instead")
    health = health_after_resume(tx.now)
    for name in HEALTH_COLUMNS:
        setattr(endpoint, name, getattr(health, name))
    tx.session.flush()
    make_waiting_due(tx.session, endpoint.id, tx.now)
    close_items_of_endpoint(tx.session, endpoint.id, tx.by, tx.now)
    wake_workers(tx.session)


def close_work_item(tx: Transaction, item: WorkItem) -> None:
    """Records that a person has dealt with the item."""
    if item.closed_at is not None:
        raise Conflict("this item is closed already")
    item.closed_at, item.closed_by = tx.now, tx.by


def _hosts_of_caller(tx: Transaction) -> tuple[str, ...]:
    agency = tx.caller.agency
    return allowed_hosts(tx.session, {agency})[agency]


def _new_endpoint(tx: Transaction, sent: EndpointRequest) -> Endpoint:
    return Endpoint(
        **sent.model_dump(exclude={"key_pair", "event_types", "forums", "areas"}),
        id=new_id("whe"),
        agency=tx.caller.agency,
        event_types=list(sent.event_types),
        forums=list(sent.forums),
        areas=list(sent.areas),
        alarm_areas=sorted(sent.areas or tx.caller.areas),
        revision=1,
        status=EndpointStatus.UNVERIFIED,
        status_reason="not verified yet",
        status_since=tx.now,
        allow_networks=[],
        consecutive_failures=0,
        breaker_step=0,
        created_at=tx.now,
        created_by=tx.by,
    )


def _set_status(tx: Transaction, endpoint: Endpoint, status: EndpointStatus, reason: str) -> None:
    endpoint.status, endpoint.status_reason, endpoint.status_since = status, reason, tx.now


def _add_secret(tx: Transaction, endpoint: Endpoint, kind: SecretKind, seal: Seal) -> str:
    """Stores a new secret, sealed, and returns what its owner is shown: a shared secret, or a pair's public half."""
    is_pair = kind is SecretKind.V1A
    raw = Ed25519PrivateKey.generate().private_bytes_raw() if is_pair else secrets.token_bytes(SECRET_BYTES)
    public = public_half(raw) if is_pair else None
    tx.session.add(
        Secret(
            id=new_id("whs"),
            endpoint_id=endpoint.id,
            agency=endpoint.agency,
            kind=kind,
            sealed=seal.close(raw, seal_label(endpoint.id, kind)),
            public_key=public,
            created_at=tx.now,
        )
    )
    tx.session.flush()
    return public or shown_secret(raw)


def _record_direct_event(tx: Transaction, endpoint: Endpoint, kind: EventType, **details: str) -> str:
    draft = EventDraft(
        type=kind,
        subject_type=SubjectType.ENDPOINT,
        subject_id=endpoint.id,
        area=next(iter(endpoint.alarm_areas), ""),
        agencies=(endpoint.agency,),
        details=dict(details),
        priority=URGENT,
    )
    event_id = record_event(tx.session, draft, tx.now)
    assert event_id is not None  # noqa: S101 - an event without a dedupe key is always new
    return event_id
