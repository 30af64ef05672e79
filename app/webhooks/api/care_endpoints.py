"""Looking after an endpoint over HTTP: rotate its secret, verify, test, pause, resume."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
from app.webhooks import repository
from app.webhooks.api.dependencies import TheSeal
from app.webhooks.api.responses import ONE_ENDPOINT, changed, found, with_secret
from app.webhooks.models import Endpoint
from app.webhooks.schemas import (
    DeliveryOut,
    EndpointOut,
    EndpointWithSecretOut,
    PauseRequest,
    RotationRequest,
)
from app.webhooks.subscriptions import service
from app.webhooks.subscriptions.presenters import show_delivery

router = APIRouter()


@router.post(
    ONE_ENDPOINT + "/secret-rotations",
    operation_id="rotateWebhookSecret",
    status_code=201,
    response_model=EndpointWithSecretOut,
    summary="Replace the signing secret, with an overlap",
)
def rotate_webhook_secret(
    endpoint_id: str,
    sent: RotationRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    seal: TheSeal,
    key: IdempotencyKey = None,
) -> Response:
    """Every call carries both signatures until the overlap ends, so no call fails to verify on either side."""
    now, shown = clock.now(), list[str]()

    def act() -> OperationResult:
        endpoint = found(repository.endpoint_for_change(session, endpoint_id))
        shown.append(service.rotate_secret(session, endpoint, sent.overlap_hours, seal, now))
        return changed(session, caller, endpoint, now)

    return with_secret(once(session, request, caller.client_id, key, sent, now, act), shown)


@router.post(
    ONE_ENDPOINT + "/verifications",
    operation_id="verifyWebhookEndpoint",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send the verification again",
)
def verify_webhook_endpoint(
    endpoint_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """A fresh challenge is on its way; the earlier ones still count."""
    return _direct_call(request, caller, session, clock.now(), key, endpoint_id, service.ask_for_proof)


@router.post(
    ONE_ENDPOINT + "/test-events",
    operation_id="sendWebhookTest",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send a test event",
)
def send_webhook_test(
    endpoint_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """A signed event of type `endpoint.test` is on its way, whatever the endpoint's status; the log shows what came of it."""
    return _direct_call(request, caller, session, clock.now(), key, endpoint_id, service.send_test)


@router.post(
    ONE_ENDPOINT + "/pauses",
    operation_id="pauseWebhookEndpoint",
    status_code=201,
    response_model=EndpointOut,
    summary="Stop calls; events are kept",
)
def pause_webhook_endpoint(
    endpoint_id: str,
    sent: PauseRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Nothing is dropped. Reminders that wait two hours go to the co-ordinator's list."""
    now = clock.now()

    def act() -> OperationResult:
        endpoint = found(repository.endpoint_for_change(session, endpoint_id))
        service.pause(endpoint, sent.reason, now)
        return changed(session, caller, endpoint, now)

    return once(session, request, caller.client_id, key, sent, now, act)


@router.post(
    ONE_ENDPOINT + "/resumptions",
    operation_id="resumeWebhookEndpoint",
    status_code=201,
    response_model=EndpointOut,
    summary="Go on with calls, the most urgent first",
)
def resume_webhook_endpoint(
    endpoint_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Everything that was kept is sent."""
    now = clock.now()

    def act() -> OperationResult:
        endpoint = found(repository.endpoint_for_change(session, endpoint_id))
        service.resume(session, caller, endpoint, now)
        return changed(session, caller, endpoint, now)

    return once(session, request, caller.client_id, key, None, now, act)


def _direct_call(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    now: datetime,
    key: str | None,
    endpoint_id: str,
    send: Callable[[DatabaseSession, Endpoint, datetime], str],
) -> Response:
    def act() -> OperationResult:
        endpoint = found(repository.endpoint_for_change(session, endpoint_id))
        line = repository.delivery_of_event(session, send(session, endpoint, now))
        record_act(session, caller, Category.ALTERATION, "endpoint", endpoint.id, now)
        headers = {"Location": f"/v1/webhook-deliveries/{line[0].id}"}
        return OperationResult(status=202, body=show_delivery(line).model_dump(mode="json"), headers=headers)

    return once(session, request, caller.client_id, key, None, now, act)
