"""Enumerations of this room: statuses, states, outcomes, kinds. No behaviour."""

from enum import StrEnum


class EndpointStatus(StrEnum):
    """Whether events are sent. Whatever the status, they are kept: what waits is held, never dropped."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    PAUSED = "paused"


class DeliveryState(StrEnum):
    """Where one delivery stands.

    "Held" is not a state: a pending delivery of an endpoint that may not be called is held.
    """

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    EXHAUSTED = "exhausted"
    POISON = "poison"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How one attempt ended. `RECEIVED` means received: it never means that a person has looked."""

    RECEIVED = "received"
    REDIRECTED = "redirected"
    GONE = "gone"
    THROTTLED = "throttled"
    REFUSED = "refused"
    SERVER_ERROR = "server_error"
    TIMED_OUT = "timed_out"
    NAME_NOT_FOUND = "name_not_found"
    NOT_CONNECTED = "not_connected"
    CERTIFICATE_WRONG = "certificate_wrong"
    BROKEN_OFF = "broken_off"
    CHALLENGE_NOT_ECHOED = "challenge_not_echoed"
    WILL_NOT_SEND = "will_not_send"
    NOT_SIGNED = "not_signed"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


OUTCOMES_WITHOUT_A_CALL = frozenset({Outcome.WITHDRAWN, Outcome.SUPERSEDED})  # no call went out, so none is on record


class WorkKind(StrEnum):
    """Why a person must deal with it: each kind is a place where an event could otherwise get lost in silence."""

    NO_LIVE_ENDPOINT = "no_live_endpoint"
    UNDELIVERED = "undelivered"
    EXHAUSTED = "exhausted"
    POISON = "poison"
    ENDPOINT_PAUSED = "endpoint_paused"
    RECEIVER_REFUSES = "receiver_refuses"
    CANNOT_SIGN = "cannot_sign"


class SecretKind(StrEnum):
    """How a call is signed: with a shared secret (`v1`), or a key pair whose public half the receiver holds (`v1a`)."""

    V1 = "v1"
    V1A = "v1a"
