"""Subscriptions over HTTP: register, read, move. All of one's own agency only; the room's other operations join here."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, cursor_key
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.webhooks import repository
from app.webhooks.api.care_endpoints import router as care
from app.webhooks.api.dependencies import TheSeal, TheWire
from app.webhooks.api.feed_endpoints import router as feed_and_work
from app.webhooks.api.log_endpoints import router as log
from app.webhooks.api.responses import ENDPOINTS, ONE_ENDPOINT, changed, found, with_secret
from app.webhooks.schemas import (
    AddressRequest,
    EndpointOut,
    EndpointRequest,
    EndpointWithSecretOut,
)
from app.webhooks.subscriptions import service
from app.webhooks.subscriptions.presenters import show_endpoints

router = APIRouter(prefix="/v1", tags=["webhooks"])


@router.post(
    ENDPOINTS,
    operation_id="createWebhookEndpoint",
    status_code=201,
    response_model=EndpointWithSecretOut,
    summary="Register where your agency wants to be told",
)
def create_webhook_endpoint(
    sent: EndpointRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    seal: TheSeal,
    wire: TheWire,
    key: IdempotencyKey = None,
) -> Response:
    """The answer shows the signing secret this once. A verification is sent at once; answer it with its challenge."""
    now, shown = clock.now(), list[str]()

    def act() -> OperationResult:
        endpoint, secret = service.register(session, caller, sent, seal, wire, now)
        shown.append(secret)
        return changed(session, caller, endpoint, now)

    return with_secret(once(session, request, caller.client_id, key, sent, now, act), shown)


@router.get(ENDPOINTS, operation_id="listWebhookEndpoints", summary="Your agency's endpoints")
def list_webhook_endpoints(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[EndpointOut]:
    """A page of endpoints with their status, why their events wait if they do, and the keys that sign for them."""
    limit = min(limit, MOST_ITEMS)
    key = cursor_key(request, caller, "webhook-endpoints")
    after = key.read(cursor)[0] if cursor else ""
    rows = repository.list_endpoints(session, after, limit + 1)
    record_act(session, caller, Category.CONSULTATION, "endpoint", "list", clock.now())
    page = page_of(rows, limit, key, lambda row: (row.id,), f"/v1{ENDPOINTS}?limit={limit}&")
    return Page(items=show_endpoints(session, page.items, clock.now()), page=page.page, links=page.links)


@router.get(ONE_ENDPOINT, operation_id="getWebhookEndpoint", summary="One endpoint as it stands")
def get_webhook_endpoint(
    endpoint_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> EndpointOut:
    endpoint = found(repository.endpoint_by_id(session, endpoint_id))
    record_act(session, caller, Category.CONSULTATION, "endpoint", endpoint.id, clock.now())
    return show_endpoints(session, [endpoint], clock.now())[0]


@router.post(
    ONE_ENDPOINT + "/addresses",
    operation_id="changeWebhookAddress",
    status_code=201,
    response_model=EndpointOut,
    summary="Move an endpoint to another address",
)
def change_webhook_address(
    endpoint_id: str,
    sent: AddressRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    wire: TheWire,
    key: IdempotencyKey = None,
) -> Response:
    """The new address must answer a verification; until it does, events are kept."""
    now = clock.now()

    def act() -> OperationResult:
        endpoint = found(repository.endpoint_for_change(session, endpoint_id))
        service.change_address(session, caller, endpoint, sent.url, wire, now)
        return changed(session, caller, endpoint, now)

    return once(session, request, caller.client_id, key, sent, now, act)


for part in (care, log, feed_and_work):
    router.include_router(part)
