"""For those who are not called, over HTTP: the feed, the event catalogue, and the list of what a person must see to."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, cursor_key
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid, NotFound
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, PageInfo, page_of
from app.vocabulary import EventType
from app.webhooks import repository
from app.webhooks.catalogue import CATALOGUE
from app.webhooks.delivery import feed
from app.webhooks.schemas import (
    EnvelopeOut,
    EventTypeOut,
    WorkItemOut,
)
from app.webhooks.subscriptions import service

router = APIRouter()

Limit = Annotated[int, Query(ge=1)]
Cursor = Annotated[str | None, Query(max_length=500)]


@router.get("/events", operation_id="listEvents", summary="The feed: the same events as the calls")
def list_events(
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    after: Annotated[
        str | None, Query(max_length=64, description="The id of the last event you have")
    ] = None,
    type: Annotated[list[EventType] | None, Query(max_length=20)] = None,  # noqa: A002 - the parameter's name
    limit: Limit = DEFAULT_LIMIT,
) -> Page[EnvelopeOut]:
    """Events of the last thirty days, oldest first, none ever missed by a reader that goes on from its last id."""
    limit, types = min(limit, MOST_ITEMS), type or []
    feed.place_new(session)
    start = feed.position_of(session, after) if after else 0
    if start is None:
        raise Invalid("`after` is not the id of an event in your feed; start again without it")
    rows = feed.read_feed(session, start, types, limit + 1, clock.now())
    record_act(session, caller, Category.CONSULTATION, "event", "list", clock.now())
    items = [EnvelopeOut.model_validate_json(row.body) for row in rows[:limit]]
    chosen = "".join(f"&type={kind}" for kind in types)
    following = {"next": f"/v1/events?after={items[-1].id}&limit={limit}{chosen}"} if items else {}
    return Page(items=items, page=PageInfo(limit=limit, has_more=len(rows) > limit), links=following)


@router.get("/webhook-event-types", operation_id="listEventTypes", summary="The event catalogue")
def list_event_types(
    caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> Page[EventTypeOut]:
    """Every kind of event with what it means."""
    record_act(session, caller, Category.CONSULTATION, "event", "catalogue", clock.now())
    items = [EventTypeOut(type=kind, means=means) for kind, means in CATALOGUE.items()]
    return Page(items=items, page=PageInfo(limit=len(items), has_more=False))


@router.get("/work-items", operation_id="listWorkItems", summary="What a person must see to")
def list_work_items(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[WorkItemOut]:
    """Open items, the longest waiting first: reminders nobody received, receivers that were paused."""
    limit = min(limit, MOST_ITEMS)
    key = cursor_key(request, caller, "work-items")
    after = _moment(key.read(cursor)) if cursor else None
    rows = repository.open_work(session, after, limit + 1)
    record_act(session, caller, Category.CONSULTATION, "work_item", "list", clock.now())
    page = page_of(
        rows, limit, key, lambda row: (row.opened_at.isoformat(), row.id), f"/v1/work-items?limit={limit}&"
    )
    items = [WorkItemOut.model_validate(row) for row in page.items]
    return Page(items=items, page=page.page, links=page.links)


@router.post(
    "/work-items/{item_id}/closures",
    operation_id="closeWorkItem",
    status_code=201,
    response_model=WorkItemOut,
    summary="Say that a person has seen to it",
)
def close_work_item(
    item_id: str,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    now = clock.now()

    def act() -> OperationResult:
        item = repository.work_item_for_change(session, item_id)
        if item is None:
            raise NotFound("there is no such item, or it is not yours to see")
        service.close_work_item(caller, item, now)
        record_act(session, caller, Category.ALTERATION, "work_item", item.id, now)
        return OperationResult(status=201, body=WorkItemOut.model_validate(item).model_dump(mode="json"))

    return once(session, request, caller.client_id, key, None, now, act)


def _moment(parts: list[str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(parts[0]), parts[1]
