"""Clients and their keys as they are sent and shown over HTTP."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt

from app.access.service import DAYS_OF_A_KEY
from app.access.vocabulary import CallerRole, ClientKeyKind
from app.clients.vocabulary import ClientChangeKind, KeyState
from app.foundation.web.schema import Explained, Instant, Line, Shown, Strict

MOST_DAYS = 2 * DAYS_OF_A_KEY
USUAL_OVERLAP_HOURS, MOST_OVERLAP_HOURS = 24, 7 * 24
"""How long the key that is replaced still holds, unless the request says otherwise, and at most [I]."""

Days = Annotated[StrictInt, Field(ge=1, le=MOST_DAYS, description="After how many days the key ends")]


class ClientReasonRequest(Strict):
    """Why a client or a key is suspended or resumed."""

    reason: Explained


def _plain(name: str) -> str:
    # `isprintable` is false for tabs, line ends, other control characters, and those that turn the writing around.
    if not name.isprintable() or name != name.strip() or not name:
        raise ValueError("give the client a name of printable characters, without a tab, or a space at either end")
    return name


class ClientName(Strict):
    """What people call the client: one line, so that a list of clients can be read and split."""

    name: Annotated[Line, AfterValidator(_plain)]


class ClientKeyRequest(ClientReasonRequest):
    """A further key of the client: an API key that is sent with each call, or a secret that is given for a token."""

    kind: Literal[ClientKeyKind.API_KEY, ClientKeyKind.CLIENT_SECRET]
    expires_in_days: Days = DAYS_OF_A_KEY


PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def _public_half(sent: object) -> object:
    if isinstance(sent, dict) and PRIVATE_MEMBERS & set(sent):
        raise ValueError("this is a private key: take it out of use, make another one, and send its public half only")
    return sent


KeyMember = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[A-Za-z0-9_.:~-]+$")]


class PublicJwk(Strict):
    """A public key as RFC 7517 writes it: EC, Ed25519 or RSA. Without a `kid` it gets its thumbprint (RFC 7638)."""

    kty: Literal["EC", "OKP", "RSA"]
    crv: KeyMember | None = None
    x: KeyMember | None = None
    y: KeyMember | None = None
    n: KeyMember | None = None
    e: KeyMember | None = None
    kid: Annotated[KeyMember, Field(max_length=200)] | None = None
    use: Literal["sig"] | None = None
    alg: KeyMember | None = None


class PublicKeyRequest(ClientReasonRequest):
    """A public key of the client. It signs with the private half, which never leaves it (`private_key_jwt`)."""

    jwk: Annotated[PublicJwk, BeforeValidator(_public_half)]
    expires_in_days: Days = DAYS_OF_A_KEY


class KeyRotationRequest(ClientReasonRequest):
    """How long the key that is replaced still holds beside the new one, and how long the new one lasts."""

    overlap_hours: Annotated[StrictInt, Field(ge=0, le=MOST_OVERLAP_HOURS)] = USUAL_OVERLAP_HOURS
    expires_in_days: Days = DAYS_OF_A_KEY


class ClientKeyOut(Shown):
    """A key as it is listed: never the key itself.

    `shown` is what it begins with, or the `kid` of a public key. `last_used_at` is known to the hour. `ENDS_SOON` means
    within 30 days.
    """

    id: str
    kind: ClientKeyKind
    shown: str
    state: KeyState
    made_at: Instant
    expires_at: Instant
    last_used_at: Instant | None
    suspended_at: Instant | None
    replaced_by: str | None


class ClientKeyShownOnceOut(ClientKeyOut):
    """A new key or secret. `key` is in the first answer only: no list and no repeated request shows it again."""

    key: str | None = None


class ClientChangeOut(Shown):
    """What happened to a client, or to the key that is named."""

    kind: ClientChangeKind
    key_id: str | None
    reason: str
    changed_by: str
    changed_at: Instant


class ClientOut(Shown):
    """A system of your agency with its keys, and with all that happened to both, the oldest first."""

    id: str
    name: str
    agency: str
    role: CallerRole
    areas: list[str]
    speaks_for_people: bool
    created_at: Instant
    suspended_at: Instant | None
    keys: list[ClientKeyOut]
    changes: list[ClientChangeOut]
