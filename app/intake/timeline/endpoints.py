"""Shows a case's timeline over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.actions.api.scheme import scheme_not_shown
from app.actions.repository import actions_of_case
from app.audit.service import Category, record_act
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.intake.case_access import refuse_unless_named_in_case
from app.intake.timeline.schemas import TimelineItemOut
from app.intake.timeline.service import timeline_of

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
) -> Page[TimelineItemOut]:
    """A partner sees only what names its agency.

    New items appear at the top, so a cursor never skips or repeats one.
    """
    refuse_unless_named_in_case(call.session, case_id)
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key(f"timeline {case_id}")
    after = key.read_instant(cursor) if cursor else None
    items = timeline_of(call.session, case_id, after, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "case", case_id)
    path = f"/v1/cases/{case_id}/timeline?limit={limit}&"
    page = page_of(items, limit, key, lambda item: (item.at.isoformat(), item.id), path)
    hidden = scheme_not_shown(call, actions_of_case(call.session, case_id))
    shown = [TimelineItemOut.model_validate(item) for item in page.items if hidden.isdisjoint(item.subjects)]
    return Page(items=shown, page=page.page, links=page.links)
