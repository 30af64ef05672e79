"""The request and response bodies of webhooks."""

from typing import Annotated, TypeAlias

from pydantic import Field

from app.foundation.web.schema import Code, Instant, Line, Shown, Strict
from app.vocabulary import EventType, Forum, SubjectType
from app.webhooks.catalogue import SUBSCRIBABLE
from app.webhooks.vocabulary import EndpointStatus, SecretKind, WorkKind

Url = Annotated[str, Field(min_length=1, max_length=2048, examples=["https://hooks.example.gov.uk/referrals"])]
Email = Annotated[
    str,
    Field(max_length=254, pattern=r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}$"),
]
_known = [str(kind) for kind in SUBSCRIBABLE]
Wanted = Annotated[EventType, Field(json_schema_extra={"enum": _known})]


class EndpointRequest(Strict):
    """Where to call and which events to send. An empty filter lets through every event that names your agency."""

    url: Url
    event_types: Annotated[tuple[Wanted, ...], Field(max_length=40)] = ()
    forums: Annotated[tuple[Forum, ...], Field(max_length=20)] = ()
    areas: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    own_actions_only: bool = Field(False, description="Of actions, only those your agency owns")
    ordered: bool = Field(False, description="One call at a time per subject; one that fails holds its successors")
    max_in_flight: Annotated[int, Field(ge=1, le=8)] = 4
    rate_per_second: Annotated[int, Field(ge=1, le=50)] = 10
    key_pair: bool = Field(False, description="Sign with an ed25519 key pair (v1a) as well")
    hmcts_headers: bool = Field(False, description="Add X-Key-Id and X-Signature as HMCTS subscriptions have them")
    contact: Email | None = Field(None, description="A shared mailbox that hears of failures; no person's own")


class AddressRequest(Strict):
    """The endpoint's new address. It is verified again; events are kept meanwhile."""

    url: Url


class RotationRequest(Strict):
    """How many hours the old secret signs beside the new one. 0 ends it at once."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class PauseRequest(Strict):
    """Why calls stop. Events are kept."""

    reason: Line


class RecoveryRequest(Strict):
    """The range to send again: from `since` up to `until`, which is now when it is left out."""

    since: Instant
    until: Instant | None = None


class KeyOut(Shown):
    """A signing key without its secret. `expires_at` is null for the current one."""

    kind: SecretKind
    public_key: str | None
    created_at: Instant
    expires_at: Instant | None


class EndpointOut(Shown):
    """An endpoint as it stands. `held`, when present, says why its events wait."""

    id: str
    url: str
    status: EndpointStatus
    status_reason: str
    status_since: Instant
    verified_at: Instant | None
    held: str | None
    event_types: list[str]
    forums: list[str]
    areas: list[str]
    own_actions_only: bool
    ordered: bool
    max_in_flight: int
    rate_per_second: int
    hmcts_headers: bool
    contact: str | None
    failing_since: Instant | None
    next_probe_at: Instant | None
    keys: list[KeyOut]
    created_at: Instant


class EndpointWithSecretOut(EndpointOut):
    """The endpoint with its new secret, shown in this one answer only; a repeated request does not show it again."""

    secret: str | None = None


class DeliveryOut(Shown):
    """One event for one endpoint. `explanation` says why it has not arrived, or that it has."""

    id: str
    event_id: str
    event_type: str
    endpoint_id: str
    subject_id: str
    state: str
    explanation: str
    tries: int
    next_attempt_at: Instant | None
    last_attempt_at: Instant | None
    last_status: int | None
    created_at: Instant
    replay_of: str | None
    requested_by: str | None


class AttemptOut(Shown):
    """One attempt to deliver. `late`: the outcome came after the lease had ended, and changed nothing."""

    started_at: Instant
    outcome: str
    http_status: int | None
    total_ms: int
    peer_address: str | None
    late: bool


class DeliveryHistoryOut(DeliveryOut):
    """One delivery with every attempt."""

    attempts: list[AttemptOut]


class RecoveryOut(Shown):
    """How far a recovery has come. `finished_at` is null while it goes on."""

    id: str
    endpoint_id: str
    since: Instant
    until: Instant
    replayed: int
    requested_by: str
    requested_at: Instant
    finished_at: Instant | None


EventLineOut: TypeAlias = dict[str, str | int | list[str]]  # one line of a digest or of a danger call
PostDigestOut: TypeAlias = dict[str, str | int | EventLineOut | list[EventLineOut]]  # what a digest tells one post


class EnvelopeOut(Shown):
    """An event in the form that receivers get."""

    id: str
    type: str
    version: int
    timestamp: Instant
    data: dict[str, str | int | bool | EventLineOut | list[EventLineOut] | list[PostDigestOut] | None]


class EventTypeOut(Shown):
    """One type of event."""

    type: EventType
    means: str


class WorkItemOut(Shown):
    """Something a person must deal with because delivery cannot."""

    id: str
    kind: WorkKind
    area: str
    agencies: list[str]
    owner_role: str
    subject_type: SubjectType | None
    subject_id: str | None
    case_id: str | None
    event_id: str | None
    endpoint_id: str | None
    delivery_id: str | None
    opened_at: Instant
    closed_at: Instant | None
    closed_by: str | None
