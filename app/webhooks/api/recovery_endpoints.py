"""Recoveries over HTTP: have every event of a range sent again, and see how far that has come."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.webhooks.api.responses import ENDPOINTS, ONE_ENDPOINT
from app.webhooks.lookup import find_endpoint, find_recovery
from app.webhooks.schemas import RecoveryOut, RecoveryRequest
from app.webhooks.subscriptions.recoveries import start_recovery

router = APIRouter()


@router.post(
    ONE_ENDPOINT + "/recoveries",
    operation_id="recoverWebhookEvents",
    status_code=202,
    response_model=RecoveryOut,
    summary="Send a range of events again",
)
def recover_webhook_events(endpoint_id: str, sent: RecoveryRequest, call: Writing) -> Response:
    """Sends every event of the range that the endpoint asks for, to the last, under its own `webhook-id`."""

    def act() -> OperationResult:
        endpoint = find_endpoint(call.session, endpoint_id)
        recovery = start_recovery(call.tx, endpoint, sent.since, sent.until or call.now)
        record_act(call.tx, Category.ALTERATION, "endpoint", endpoint.id)
        body = RecoveryOut.model_validate(recovery).model_dump(mode="json")
        location = f"/v1{ENDPOINTS}/{endpoint.id}/recoveries/{recovery.id}"
        return OperationResult(status=202, body=body, headers={"Location": location})

    return call.once(sent, act)


@router.get(
    ONE_ENDPOINT + "/recoveries/{recovery_id}",
    operation_id="getRecovery",
    summary="How far a recovery has come",
)
def get_recovery(endpoint_id: str, recovery_id: str, call: Reading) -> RecoveryOut:
    recovery = find_recovery(call.session, endpoint_id, recovery_id)
    record_act(call.tx, Category.CONSULTATION, "endpoint", endpoint_id)
    return RecoveryOut.model_validate(recovery)
