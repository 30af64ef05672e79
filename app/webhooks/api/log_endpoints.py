"""What became of events, over HTTP: the delivery log, and telling again."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, cursor_key
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid, NotFound
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.vocabulary import EventType
from app.webhooks import repository
from app.webhooks.api.responses import ENDPOINTS, ONE_ENDPOINT, found
from app.webhooks.repository import LogFilter, LogLine
from app.webhooks.schemas import DeliveryHistoryOut, DeliveryOut, RecoveryOut, RecoveryRequest
from app.webhooks.subscriptions import service
from app.webhooks.subscriptions.presenters import show_delivery, show_history
from app.webhooks.subscriptions.recoveries import replay_one, start_recovery
from app.webhooks.vocabulary import DeliveryState

router = APIRouter()

Word = Annotated[str | None, Query(max_length=64)]
Limit = Annotated[int, Query(ge=1)]
Cursor = Annotated[str | None, Query(max_length=500)]


@router.get(
    "/webhook-deliveries", operation_id="listWebhookDeliveries", summary="The delivery log, the newest first"
)
def list_webhook_deliveries(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    endpoint_id: Word = None,
    event_type: EventType | None = None,
    event_id: Word = None,
    subject_id: Word = None,
    state: DeliveryState | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[DeliveryOut]:
    """A page of owed calls, each with a sentence that says why it has not arrived, or that it has."""
    limit = min(limit, MOST_ITEMS)
    wanted = LogFilter(endpoint_id, event_type, event_id, subject_id, state)
    key = cursor_key(request, caller, f"webhook-deliveries {wanted}")
    before = int(key.read(cursor)[0]) if cursor else None
    lines = repository.list_deliveries(session, wanted, before, limit + 1)
    record_act(session, caller, Category.CONSULTATION, "delivery", "list", clock.now())
    query = "&".join(f"{k}={v}" for k, v in request.query_params.multi_items() if k != "cursor")
    page = page_of(lines, limit, key, lambda line: (str(line[0].number),), f"/v1/webhook-deliveries?{query}&")
    return Page(items=[show_delivery(line) for line in page.items], page=page.page, links=page.links)


@router.get(
    "/webhook-deliveries/{delivery_id}",
    operation_id="getWebhookDelivery",
    summary="One owed call with every attempt",
)
def get_webhook_delivery(
    delivery_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> DeliveryHistoryOut:
    line = _line(repository.delivery_line(session, delivery_id))
    record_act(session, caller, Category.CONSULTATION, "delivery", delivery_id, clock.now())
    return show_history(line, repository.attempts_of(session, delivery_id))


@router.post(
    "/webhook-deliveries/{delivery_id}/replays",
    operation_id="replayWebhookDelivery",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send one event again",
)
def replay_webhook_delivery(
    delivery_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """A delivery of its own, with who asked, under the same `webhook-id`. Each replay is new; none is swallowed."""
    now = clock.now()

    def act() -> OperationResult:
        delivery = _line(repository.delivery_line(session, delivery_id))[0]
        service.refuse_direct_replay(delivery)
        again = replay_one(session, delivery, caller.answerable, now)
        record_act(session, caller, Category.ALTERATION, "delivery", again.id, now)
        line = _line(repository.delivery_line(session, again.id))
        headers = {"Location": f"/v1/webhook-deliveries/{again.id}"}
        return OperationResult(status=202, body=show_delivery(line).model_dump(mode="json"), headers=headers)

    return once(session, request, caller.client_id, key, None, now, act)


@router.post(
    ONE_ENDPOINT + "/recoveries",
    operation_id="recoverWebhookEvents",
    status_code=202,
    response_model=RecoveryOut,
    summary="Send a range of events again",
)
def recover_webhook_events(
    endpoint_id: str,
    sent: RecoveryRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Every event of the range that the endpoint asks for, to the last, under its own `webhook-id`."""
    now = clock.now()
    until = sent.until or now

    def act() -> OperationResult:
        endpoint = found(repository.endpoint_by_id(session, endpoint_id))
        if sent.since >= until:
            raise Invalid("`since` must lie before `until`")
        made = start_recovery(session, endpoint, sent.since, until, caller.answerable, now)
        record_act(session, caller, Category.ALTERATION, "endpoint", endpoint.id, now)
        body = RecoveryOut.model_validate(made).model_dump(mode="json")
        return OperationResult(
            status=202, body=body, headers={"Location": f"/v1{ENDPOINTS}/{endpoint.id}/recoveries/{made.id}"}
        )

    return once(session, request, caller.client_id, key, sent, now, act)


@router.get(
    ONE_ENDPOINT + "/recoveries/{recovery_id}",
    operation_id="getRecovery",
    summary="How far a recovery has come",
)
def get_recovery(
    endpoint_id: str, recovery_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> RecoveryOut:
    recovery = repository.recovery_by_id(session, endpoint_id, recovery_id)
    if recovery is None:
        raise NotFound("there is no such recovery, or it is not yours to see")
    record_act(session, caller, Category.CONSULTATION, "endpoint", endpoint_id, clock.now())
    return RecoveryOut.model_validate(recovery)


def _line(line: LogLine | None) -> LogLine:
    if line is None:
        raise NotFound("there is no such delivery, or it is not yours to see")
    return line
