"""Work items over HTTP: a person has dealt with what delivery cannot. They are listed in the inbox."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.webhooks.lookup import find_work_item_for_change
from app.webhooks.schemas import WorkItemOut
from app.webhooks.subscriptions import service

router = APIRouter()


@router.post(
    "/work-items/{item_id}/closures",
    operation_id="closeWorkItem",
    status_code=201,
    response_model=WorkItemOut,
    summary="Record that a person has dealt with it",
)
def close_work_item(item_id: str, call: Writing) -> Response:
    def act() -> OperationResult:
        item = find_work_item_for_change(call.session, item_id)
        service.close_work_item(call.tx, item)
        record_act(call.tx, Category.ALTERATION, "work_item", item.id)
        return OperationResult(status=201, body=WorkItemOut.model_validate(item).model_dump(mode="json"))

    return call.once(None, act)
