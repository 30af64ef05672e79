"""A case's timeline over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.intake.timeline.service import TimelineItem, timeline_of
from app.meetings.repositories.case_repository import is_case_visible

router = APIRouter(prefix="/v1", tags=["cases"])


@router.get(
    "/cases/{case_id}/timeline",
    operation_id="getTimeline",
    summary="Everything that happened in a case across forums, the newest first, each with who was told",
)
def get_timeline(
    case_id: str,
    call: Reading,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[TimelineItem]:
    """A partner sees what names its agency, and nothing else. New items come on top: a cursor never skips or repeats."""
    if not is_case_visible(call.session, case_id):
        raise NotFound("there is no such case, or it is not yours to see")
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key(f"timeline {case_id}")
    after = _position(key.read(cursor)) if cursor else None
    items = timeline_of(call.session, case_id, after, limit + 1)
    record_act(call.session, call.caller, Category.CONSULTATION, "case", case_id, call.now)
    path = f"/v1/cases/{case_id}/timeline?limit={limit}&"
    return page_of(items, limit, key, lambda item: (item.at.isoformat(), item.id), path)


def _position(parts: list[str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(parts[0]), parts[1]
