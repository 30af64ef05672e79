"""Work items over HTTP: what a person must deal with because delivery cannot."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.webhooks import work_item_repository
from app.webhooks.api.dependencies import Cursor, Limit
from app.webhooks.lookup import find_work_item_for_change
from app.webhooks.schemas import WorkItemOut
from app.webhooks.subscriptions import service

router = APIRouter()


@router.get("/work-items", operation_id="listWorkItems", summary="What a person must deal with")
def list_work_items(call: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[WorkItemOut]:
    """Lists open items, the longest waiting first: reminders that no receiver has taken, receivers that were paused."""
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key("work-items")
    after = key.read_instant(cursor) if cursor else None
    rows = work_item_repository.open_work_items(call.session, after, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "work_item", "list")
    page = page_of(rows, limit, key, lambda row: (row.opened_at.isoformat(), row.id), f"/v1/work-items?limit={limit}&")
    items = [WorkItemOut.model_validate(row) for row in page.items]
    return Page(items=items, page=page.page, links=page.links)


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
