"""The delivery log over HTTP: what became of each event, and sending one again."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.vocabulary import EventType
from app.webhooks import delivery_repository
from app.webhooks.api.dependencies import Cursor, Limit
from app.webhooks.api.responses import DELIVERIES, delivery_queued
from app.webhooks.delivery_repository import DeliveryFilter
from app.webhooks.lookup import find_delivery_line
from app.webhooks.schemas import DeliveryHistoryOut, DeliveryOut
from app.webhooks.subscriptions.presenters import delivery_history_out, delivery_out
from app.webhooks.subscriptions.recoveries import replay_delivery
from app.webhooks.vocabulary import DeliveryState

router = APIRouter()

Id = Annotated[str | None, Query(max_length=64)]


@router.get(DELIVERIES, operation_id="listWebhookDeliveries", summary="The delivery log, the newest first")
def list_webhook_deliveries(
    call: Reading,
    endpoint_id: Id = None,
    event_type: EventType | None = None,
    event_id: Id = None,
    subject_id: Id = None,
    state: DeliveryState | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[DeliveryOut]:
    """Lists deliveries, the newest first, each with a sentence that says why it has not arrived, or that it has."""
    limit = min(limit, MOST_ITEMS)
    wanted = DeliveryFilter(endpoint_id, event_type, event_id, subject_id, state)
    key = call.cursor_key(f"webhook-deliveries {wanted}")
    before = int(key.read(cursor)[0]) if cursor else None
    lines = delivery_repository.list_deliveries(call.session, wanted, before, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "delivery", "list")
    path = f"/v1{DELIVERIES}?{call.query_without_cursor()}"
    page = page_of(lines, limit, key, lambda line: (str(line[0].number),), path)
    return Page(items=[delivery_out(line) for line in page.items], page=page.page, links=page.links)


@router.get(
    DELIVERIES + "/{delivery_id}",
    operation_id="getWebhookDelivery",
    summary="One delivery with every attempt",
)
def get_webhook_delivery(delivery_id: str, call: Reading) -> DeliveryHistoryOut:
    line = find_delivery_line(call.session, delivery_id)
    record_act(call.tx, Category.CONSULTATION, "delivery", delivery_id)
    return delivery_history_out(line, delivery_repository.attempts_of(call.session, delivery_id))


@router.post(
    DELIVERIES + "/{delivery_id}/replays",
    operation_id="replayWebhookDelivery",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send one event again",
)
def replay_webhook_delivery(delivery_id: str, call: Writing) -> Response:
    """Sends the event again under the same `webhook-id`, and records who asked. Every replay is sent."""

    def act() -> OperationResult:
        again = replay_delivery(call.tx, find_delivery_line(call.session, delivery_id)[0])
        record_act(call.tx, Category.ALTERATION, "delivery", again.id)
        return delivery_queued(find_delivery_line(call.session, again.id))

    return call.once(None, act)
