"""Maintaining an endpoint over HTTP: rotate its secret, verify, test, pause, resume."""

from collections.abc import Callable

from fastapi import APIRouter, Response

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.storage.transaction import Transaction
from app.foundation.web.idempotency import OperationResult, with_secret
from app.webhooks.api.dependencies import TheSeal
from app.webhooks.api.responses import ONE_ENDPOINT, delivery_queued, endpoint_changed
from app.webhooks.delivery_repository import delivery_of_event
from app.webhooks.lookup import find_endpoint_for_change
from app.webhooks.models import Endpoint
from app.webhooks.schemas import (
    DeliveryOut,
    EndpointOut,
    EndpointWithSecretOut,
    PauseRequest,
    RotationRequest,
)
from app.webhooks.subscriptions import service

router = APIRouter()


@router.post(
    ONE_ENDPOINT + "/secret-rotations",
    operation_id="rotateWebhookSecret",
    status_code=201,
    response_model=EndpointWithSecretOut,
    summary="Replace the signing secret, with an overlap",
)
def rotate_webhook_secret(endpoint_id: str, sent: RotationRequest, call: Writing, seal: TheSeal) -> Response:
    """Makes a new secret. Calls carry both signatures until the overlap ends, so none fails to verify."""
    shown = list[str]()

    def act() -> OperationResult:
        endpoint = find_endpoint_for_change(call.session, endpoint_id)
        shown.append(service.rotate_secret(call.tx, endpoint, sent.overlap_hours, seal))
        return endpoint_changed(call, endpoint)

    return with_secret(call.once(sent, act), shown)


@router.post(
    ONE_ENDPOINT + "/verifications",
    operation_id="verifyWebhookEndpoint",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send the verification again",
)
def verify_webhook_endpoint(endpoint_id: str, call: Writing) -> Response:
    """Sends a new challenge; an answer to an earlier one still verifies the address."""
    return _send_direct_event(call, endpoint_id, service.send_verification)


@router.post(
    ONE_ENDPOINT + "/test-events",
    operation_id="sendWebhookTest",
    status_code=202,
    response_model=DeliveryOut,
    summary="Send a test event",
)
def send_webhook_test(endpoint_id: str, call: Writing) -> Response:
    """Sends a signed event of type `endpoint.test`, whatever the endpoint's status; the log shows its outcome."""
    return _send_direct_event(call, endpoint_id, service.send_test_event)


@router.post(
    ONE_ENDPOINT + "/pauses",
    operation_id="pauseWebhookEndpoint",
    status_code=201,
    response_model=EndpointOut,
    summary="Stop calls; events are kept",
)
def pause_webhook_endpoint(endpoint_id: str, sent: PauseRequest, call: Writing) -> Response:
    """Keeps events until you resume; none is dropped. Reminders that wait two hours go to the co-ordinator's list."""

    def act() -> OperationResult:
        endpoint = find_endpoint_for_change(call.session, endpoint_id)
        service.pause(call.tx, endpoint, sent.reason)
        return endpoint_changed(call, endpoint)

    return call.once(sent, act)


@router.post(
    ONE_ENDPOINT + "/resumptions",
    operation_id="resumeWebhookEndpoint",
    status_code=201,
    response_model=EndpointOut,
    summary="Start calls again, the most urgent first",
)
def resume_webhook_endpoint(endpoint_id: str, call: Writing) -> Response:
    """Sends everything that was kept."""

    def act() -> OperationResult:
        endpoint = find_endpoint_for_change(call.session, endpoint_id)
        service.resume(call.tx, endpoint)
        return endpoint_changed(call, endpoint)

    return call.once(None, act)


def _send_direct_event(call: Call, endpoint_id: str, send: Callable[[Transaction, Endpoint], str]) -> Response:
    def act() -> OperationResult:
        endpoint = find_endpoint_for_change(call.session, endpoint_id)
        line = delivery_of_event(call.session, send(call.tx, endpoint))
        record_act(call.tx, Category.ALTERATION, "endpoint", endpoint.id)
        return delivery_queued(line)

    return call.once(None, act)
