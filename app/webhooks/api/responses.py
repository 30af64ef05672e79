"""Answers that several operations of this room give."""

import json
from datetime import datetime

from fastapi import Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.webhooks.models import Endpoint
from app.webhooks.subscriptions.presenters import show_endpoints

ENDPOINTS = "/webhook-endpoints"
ONE_ENDPOINT = ENDPOINTS + "/{endpoint_id}"


def found(endpoint: Endpoint | None) -> Endpoint:
    """The endpoint, or `NotFound` for another agency's as for none."""
    if endpoint is None:
        raise NotFound("there is no such endpoint, or it is not yours to see")
    return endpoint


def changed(
    session: DatabaseSession, caller: AuthorisedCaller, endpoint: Endpoint, now: datetime
) -> OperationResult:
    """The endpoint as it stands after a change that is on the audit trail."""
    record_act(session, caller, Category.ALTERATION, "endpoint", endpoint.id, now)
    session.flush()
    body = show_endpoints(session, [endpoint], now)[0].model_dump(mode="json")
    return OperationResult(status=201, body=body, headers={"Location": f"/v1{ENDPOINTS}/{endpoint.id}"})


def with_secret(answer: Response, shown: list[str]) -> Response:
    """The secret is added to the first answer only: what is stored for repeated requests never holds it."""
    if not shown:
        return answer
    body = json.loads(bytes(answer.body)) | {"secret": shown[0]}
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in {"content-length", "content-type"}
    }
    return OperationResult(status=answer.status_code, body=body, headers=headers).to_response()
