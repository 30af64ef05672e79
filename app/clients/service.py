"""An agency's administrator adds, replaces, suspends and resumes the keys of its systems, and suspends a system.

Each change is on record with its reason, and on the audit trail. What a client may do is no key's: role and areas are
given by whoever runs the service.
"""

from datetime import timedelta

from app.access.key_format import new_key
from app.access.key_models import ClientKey
from app.access.models import Client
from app.access.service import add_key as store_new_key
from app.access.service import refuse_unless_administers, refuse_unless_may_resume, store_key
from app.access.vocabulary import ClientKeyKind
from app.audit.service import Category, record_act
from app.clients import repository
from app.clients.models import ClientChange
from app.clients.public_keys import read_public_key
from app.clients.schemas import ClientKeyRequest, KeyRotationRequest, PublicKeyRequest
from app.clients.vocabulary import ClientChangeKind
from app.foundation.errors import Conflict, NotFound
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction

MOST_LIVE_KEYS = 10
"""So many keys of one client may hold at once [I]: a key that nobody uses any more is suspended first."""


def add_key(tx: Transaction, client: Client, sent: ClientKeyRequest, word: str) -> tuple[ClientKey, str]:
    """Adds a key beside those the client has, and returns it with what is shown this once."""
    _refuse_one_key_more(tx, client)
    key = new_key(sent.kind, word)
    until = tx.now + timedelta(days=sent.expires_in_days)
    added = store_new_key(tx.session, client.id, sent.kind, key, (tx.now, until))
    record_change(tx, client, ClientChangeKind.KEY_ADDED, sent.reason, added)
    return added, key


def register_public_key(tx: Transaction, client: Client, sent: PublicKeyRequest) -> ClientKey:
    """Registers a public key of the client, known by its `kid`.

    Raises `Invalid` for a key that is refused, and `Conflict` for a `kid` that the client has used before.
    """
    _refuse_one_key_more(tx, client)
    jwk = sent.jwk.model_dump(exclude_none=True)
    public_key = read_public_key(jwk)
    kid = sent.jwk.kid or public_key.thumbprint()
    if repository.has_kid(tx.session, client.id, kid):
        raise Conflict("this client has registered a key of this `kid` before; give the new one another")
    added = ClientKey(
        id=new_id("key"),
        client_id=client.id,
        kind=ClientKeyKind.PUBLIC_KEY,
        shown=kid,
        key_hash=None,
        public_jwk=jwk,
        made_at=tx.now,
        expires_at=tx.now + timedelta(days=sent.expires_in_days),
        suspended_at=None,
        tokens_ended_at=None,
        replaced_by=None,
    )
    store_key(tx.session, added)
    record_change(tx, client, ClientChangeKind.KEY_ADDED, sent.reason, added)
    return added


def rotate_key(
    tx: Transaction, client: Client, key_id: str, sent: KeyRotationRequest, word: str
) -> tuple[ClientKey, str]:
    """Puts a new key in the place of this one, which holds on until the overlap ends, and returns the new one.

    Raises `Conflict` for a key that is suspended, has ended, or was replaced before, and for a public key.
    """
    key = _key_of(tx, client, key_id)
    if key.kind is ClientKeyKind.PUBLIC_KEY:
        raise Conflict("register the new public key, use it, and suspend this one")
    if key.suspended_at is not None or key.expires_at <= tx.now or key.replaced_by is not None:
        raise Conflict("this key is suspended, has ended or was replaced before; add a key instead")
    asked = ClientKeyRequest(kind=key.kind, expires_in_days=sent.expires_in_days, reason=sent.reason)
    added, shown = add_key(tx, client, asked, word)
    key.replaced_by = added.id
    key.expires_at = min(key.expires_at, tx.now + timedelta(hours=sent.overlap_hours))
    record_change(tx, client, ClientChangeKind.KEY_ROTATED, sent.reason, key)
    return added, shown


def suspend_key(tx: Transaction, client: Client, key_id: str, reason: str) -> ClientKey:
    """Ends what the key proves, and what was gained with it, from the first call after the commit."""
    key = _key_of(tx, client, key_id)
    if key.suspended_at is not None:
        raise Conflict("this key is suspended already")
    key.suspended_at = key.tokens_ended_at = tx.now
    record_change(tx, client, ClientChangeKind.KEY_SUSPENDED, reason, key)
    return key


def resume_key(tx: Transaction, client: Client, key_id: str, reason: str) -> ClientKey:
    """Lets a suspended key prove its client again, until the end that it had.

    Raises `Conflict` for a key that is not suspended, and for one more than a client may have, and `Forbidden` for an
    administrator where whoever runs the service suspended it.
    """
    key = _key_of(tx, client, key_id)
    if key.suspended_at is None:
        raise Conflict("this key is not suspended")
    refuse_unless_may_resume(tx.caller, repository.suspended_by(tx.session, client.id, key.id))
    _refuse_one_key_more(tx, client)
    key.suspended_at = None
    record_change(tx, client, ClientChangeKind.KEY_RESUMED, reason, key)
    return key


def suspend_client(tx: Transaction, client: Client, reason: str) -> Client:
    """Refuses every key and token of the client, from the first call after the commit."""
    if client.suspended_at is not None:
        raise Conflict("this client is suspended already")
    client.suspended_at = client.tokens_ended_at = tx.now
    record_change(tx, client, ClientChangeKind.CLIENT_SUSPENDED, reason)
    return client


def resume_client(tx: Transaction, client: Client, reason: str) -> Client:
    """Lets the client call again, with those of its keys that are not suspended themselves.

    Raises `Forbidden` for an administrator where whoever runs the service suspended it.
    """
    if client.suspended_at is None:
        raise Conflict("this client is not suspended")
    refuse_unless_may_resume(tx.caller, repository.suspended_by(tx.session, client.id, None))
    client.suspended_at = None
    record_change(tx, client, ClientChangeKind.CLIENT_RESUMED, reason)
    return client


def client_to_change(tx: Transaction, agency: str, client_id: str) -> Client:
    """Locks the agency's client until this transaction ends, and returns it. Raises `NotFound`."""
    client = repository.client_for_change(tx.session, agency, client_id)
    if client is None:
        raise NotFound("there is no such client, or it is not yours to see")
    refuse_unless_administers(tx.caller, client.areas)
    return client


def record_change(
    tx: Transaction, client: Client, kind: ClientChangeKind, reason: str, key: ClientKey | None = None
) -> None:
    """Records what happened to the client or its key, and puts it on the audit trail."""
    tx.session.add(
        ClientChange(
            id=new_id("ccg"),
            client_id=client.id,
            key_id=key.id if key else None,
            agency=client.agency,
            kind=kind,
            reason=reason,
            changed_by=tx.by,
            changed_at=tx.now,
        )
    )
    tx.session.flush()
    record_act(tx, Category.ALTERATION, "client-key" if key else "client", key.id if key else client.id)


def _key_of(tx: Transaction, client: Client, key_id: str) -> ClientKey:
    key = repository.key_of_client(tx.session, client.id, key_id)
    if key is None:
        raise NotFound("this client has no such key")
    return key


def _refuse_one_key_more(tx: Transaction, client: Client) -> None:
    if repository.live_keys(tx.session, client.id, tx.now) >= MOST_LIVE_KEYS:
        raise Conflict(f"a client has {MOST_LIVE_KEYS} keys at most; suspend one that nobody uses")
