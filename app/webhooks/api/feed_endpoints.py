"""The event feed and the event catalogue over HTTP, for partners who are not called and for nightly checks."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Call, Reading
from app.actions.outcomes.notice_receipt import receive_carried
from app.audit.service import Category, record_act
from app.foundation.errors import Invalid
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, PageInfo
from app.vocabulary import EventType
from app.webhooks import feed_repository
from app.webhooks.api.dependencies import Limit
from app.webhooks.catalogue import CATALOGUE
from app.webhooks.schemas import EnvelopeOut, EventTypeOut

router = APIRouter()


@router.get("/events", operation_id="listEvents", summary="The feed: the same events as the calls")
def list_events(
    call: Reading,
    after: Annotated[str | None, Query(max_length=64, description="The id of the last event you have")] = None,
    type: Annotated[list[EventType] | None, Query(max_length=20)] = None,  # noqa: A002 - the parameter's name
    limit: Limit = DEFAULT_LIMIT,
) -> Page[EnvelopeOut]:
    """Lists events of the last thirty days, oldest first. A reader that goes on from its last id misses none."""
    limit, types = min(limit, MOST_ITEMS), type or []
    # The worker places events every second; a reader who asks at once must not be told that there is nothing.
    feed_repository.place_new_events(call.session)
    start = feed_repository.position_of(call.session, after) if after else 0
    # The same refusal for another agency's event and for none: row security hides both.
    if start is None:
        raise Invalid("`after` is not the id of an event in your feed; start again without it")
    rows = feed_repository.read_feed(call.session, start, types, limit + 1, call.now)
    record_act(call.tx, Category.CONSULTATION, "event", "list")
    items = [EnvelopeOut.model_validate_json(row.body) for row in rows[:limit]]
    _receive(call, items)
    chosen = "".join(f"&type={kind}" for kind in types)
    following = {"next": f"/v1/events?after={items[-1].id}&limit={limit}{chosen}"} if items else {}
    return Page(items=items, page=PageInfo(limit=limit, has_more=len(rows) > limit), links=following)


def _receive(call: Call, items: Sequence[EnvelopeOut]) -> None:
    """Records that the caller's agency has the work that these events name: the feed is a way of receiving."""
    work = {(one.id, call.caller.agency) for one in items if one.type == EventType.WORK_ASSIGNED}
    with call.as_system():
        receive_carried(call.tx, work, call.tx.by)


@router.get("/webhook-event-types", operation_id="listEventTypes", summary="The event catalogue")
def list_event_types(call: Reading) -> Page[EventTypeOut]:
    """Lists every type of event with what it means."""
    record_act(call.tx, Category.CONSULTATION, "event", "catalogue")
    items = [EventTypeOut(type=kind, means=means) for kind, means in CATALOGUE.items()]
    return Page(items=items, page=PageInfo(limit=len(items), has_more=False))
