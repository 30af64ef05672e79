"""Responses that several operations of this room give."""

from app.access.calls import Call
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.webhooks.delivery_repository import DeliveryLine
from app.webhooks.models import Endpoint
from app.webhooks.subscriptions.presenters import delivery_out, endpoints_out

ENDPOINTS = "/webhook-endpoints"
ONE_ENDPOINT = ENDPOINTS + "/{endpoint_id}"
DELIVERIES = "/webhook-deliveries"


def endpoint_changed(call: Call, endpoint: Endpoint) -> OperationResult:
    """Puts the change on the audit trail, and returns the endpoint after it."""
    record_act(call.tx, Category.ALTERATION, "endpoint", endpoint.id)
    call.session.flush()
    body = endpoints_out(call.session, [endpoint], call.now)[0].model_dump(mode="json")
    return OperationResult(status=201, body=body, headers={"Location": f"/v1{ENDPOINTS}/{endpoint.id}"})


def delivery_queued(line: DeliveryLine) -> OperationResult:
    """Returns a delivery that the worker will make, with where to look for what becomes of it."""
    headers = {"Location": f"/v1{DELIVERIES}/{line[0].id}"}
    return OperationResult(status=202, body=delivery_out(line).model_dump(mode="json"), headers=headers)
