"""Endpoints and deliveries as the API shows them to the agency that owns them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.webhooks.delivery_repository import DeliveryLine
from app.webhooks.models import Attempt, Delivery, Endpoint
from app.webhooks.repository import valid_secrets
from app.webhooks.schemas import AttemptOut, DeliveryHistoryOut, DeliveryOut, EndpointOut, KeyOut
from app.webhooks.subscriptions.explanations import explanation, shown_state, why_held
from app.webhooks.vocabulary import DeliveryState

_COMPUTED = {"held", "failing_since", "next_probe_at", "keys"}
_SHOWN_AS_STORED = (
    "id",
    "event_id",
    "endpoint_id",
    "subject_id",
    "tries",
    "last_attempt_at",
    "last_status",
    "created_at",
    "replay_of",
    "requested_by",
)


def endpoints_out(session: Session, endpoints: Sequence[Endpoint], now: datetime) -> list[EndpointOut]:
    """Returns the endpoints with the keys that sign for them, never with a secret."""
    keys = valid_secrets(session, [endpoint.id for endpoint in endpoints], now)
    return [
        EndpointOut(
            **{name: getattr(one, name) for name in EndpointOut.model_fields if name not in _COMPUTED},
            held=why_held(one),
            failing_since=one.first_failure_at,
            next_probe_at=one.probe_at,
            keys=[KeyOut.model_validate(key) for key in keys if key.endpoint_id == one.id],
        )
        for one in endpoints
    ]


def delivery_out(line: DeliveryLine) -> DeliveryOut:
    """Returns one line of the delivery log."""
    return DeliveryOut(**_delivery_fields(*line))


def delivery_history_out(line: DeliveryLine, attempts: Sequence[Attempt]) -> DeliveryHistoryOut:
    """Returns one delivery with every attempt."""
    return DeliveryHistoryOut(**_delivery_fields(*line), attempts=[AttemptOut.model_validate(one) for one in attempts])


def _delivery_fields(delivery: Delivery, endpoint: Endpoint, event_type: str) -> dict[str, object]:
    return {name: getattr(delivery, name) for name in _SHOWN_AS_STORED} | {
        "event_type": event_type,
        "state": shown_state(delivery, endpoint),
        "explanation": explanation(delivery, endpoint),
        "next_attempt_at": delivery.due_at if delivery.state == DeliveryState.PENDING else None,
    }
