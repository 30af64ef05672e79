"""Subscriptions over HTTP: register, read, move an endpoint of one's own agency. The room's other routers join here."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult, with_secret
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.webhooks import repository
from app.webhooks.api.delivery_log_endpoints import router as delivery_log
from app.webhooks.api.dependencies import Cursor, Limit, TheSeal, TheTransport
from app.webhooks.api.feed_endpoints import router as feed
from app.webhooks.api.maintenance_endpoints import router as maintenance
from app.webhooks.api.recovery_endpoints import router as recoveries
from app.webhooks.api.responses import ENDPOINTS, ONE_ENDPOINT, endpoint_changed
from app.webhooks.api.work_item_endpoints import router as work_items
from app.webhooks.lookup import find_endpoint, find_endpoint_for_change
from app.webhooks.schemas import (
    AddressRequest,
    EndpointOut,
    EndpointRequest,
    EndpointWithSecretOut,
)
from app.webhooks.subscriptions import service
from app.webhooks.subscriptions.presenters import endpoints_out

router = APIRouter(prefix="/v1", tags=["webhooks"])


@router.post(
    ENDPOINTS,
    operation_id="createWebhookEndpoint",
    status_code=201,
    response_model=EndpointWithSecretOut,
    summary="Register the address that your agency receives webhooks at",
)
def create_webhook_endpoint(sent: EndpointRequest, call: Writing, seal: TheSeal, transport: TheTransport) -> Response:
    """Registers the endpoint, shows its secret this once, and sends a verification: answer it with its challenge."""
    shown = list[str]()

    def act() -> OperationResult:
        endpoint, secret = service.register(call.tx, sent, seal, transport)
        shown.append(secret)
        return endpoint_changed(call, endpoint)

    return with_secret(call.once(sent, act), shown)


@router.get(ENDPOINTS, operation_id="listWebhookEndpoints", summary="Your agency's endpoints")
def list_webhook_endpoints(call: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[EndpointOut]:
    """Lists endpoints with their status, why their events wait if they do, and the keys that sign for them."""
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key("webhook-endpoints")
    after = key.read(cursor)[0] if cursor else ""
    rows = repository.list_endpoints(call.session, after, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "endpoint", "list")
    page = page_of(rows, limit, key, lambda row: (row.id,), f"/v1{ENDPOINTS}?limit={limit}&")
    return Page(items=endpoints_out(call.session, page.items, call.now), page=page.page, links=page.links)


@router.get(ONE_ENDPOINT, operation_id="getWebhookEndpoint", summary="One endpoint as it stands")
def get_webhook_endpoint(endpoint_id: str, call: Reading) -> EndpointOut:
    endpoint = find_endpoint(call.session, endpoint_id)
    record_act(call.tx, Category.CONSULTATION, "endpoint", endpoint.id)
    return endpoints_out(call.session, [endpoint], call.now)[0]


@router.post(
    ONE_ENDPOINT + "/addresses",
    operation_id="changeWebhookAddress",
    status_code=201,
    response_model=EndpointOut,
    summary="Move an endpoint to another address",
)
def change_webhook_address(endpoint_id: str, sent: AddressRequest, call: Writing, transport: TheTransport) -> Response:
    """Changes the address and sends a verification; until the new address answers it, events are kept."""

    def act() -> OperationResult:
        endpoint = find_endpoint_for_change(call.session, endpoint_id)
        service.change_address(call.tx, endpoint, sent.url, transport)
        return endpoint_changed(call, endpoint)

    return call.once(sent, act)


for part in (maintenance, delivery_log, recoveries, feed, work_items):
    router.include_router(part)
