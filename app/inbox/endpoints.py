"""The inbox over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.access.victims_area import area_shown, refuse_area_asked
from app.audit.service import Category, record_act
from app.foundation.asked import section_of
from app.foundation.caller import Caller
from app.foundation.web.pagination import MOST_ITEMS, page_of
from app.inbox.items import InboxItem
from app.inbox.positions import inbox_cursor, position_text, read_position
from app.inbox.schemas import InboxCountsOut, InboxItemOut, InboxOut, InboxQuery
from app.inbox.service import InboxFilter, InboxReading, read_inbox

router = APIRouter(prefix="/v1", tags=["inbox"])


@router.get("/inbox", operation_id="getInbox", summary="What is asked of your posts, the most urgent first")
def get_inbox(call: Reading, query: Annotated[InboxQuery, Query()]) -> InboxOut:
    """One list of all that waits for your agency: each thing once, under the kind that says what ends it."""
    refuse_area_asked(call.caller, query.area)
    limit = min(query.limit, MOST_ITEMS)
    wanted = InboxFilter(tuple(query.kind), query.section, query.role, query.area)
    key = inbox_cursor(call, wanted)
    read = read_inbox(call, wanted, read_position(key, query.cursor), limit)
    record_act(call.tx, Category.CONSULTATION, "inbox", "list")
    here = f"/v1/inbox?{call.query_without_cursor()}"
    page = page_of(read.items, limit, key, lambda item: position_text(read.as_of, item), here)
    return InboxOut(
        as_of=read.as_of,
        items=[_item_out(read, item, call.caller) for item in page.items],
        counts=InboxCountsOut.model_validate(read.counts) if read.counts else None,
        page=page.page,
        links=page.links,
    )


def _item_out(read: InboxReading, item: InboxItem, reader: Caller) -> InboxItemOut:
    subject_type, subject_id = item.subject
    owner_role, owner_agency = item.post
    return InboxItemOut(
        kind=item.kind,
        section=section_of(item.urgency, read.as_of),
        subject_type=subject_type,
        subject_id=subject_id,
        case_id=item.case_id,
        case_reference=read.references.get(item.case_id or ""),
        # A meeting is of the reader's own area; what is asked about a case lies where the victim is.
        area=area_shown(reader, item.area) if item.case_id else item.area,
        what=item.what,
        owner_role=owner_role,
        owner_agency=owner_agency,
        due_on=item.due_on,
        due_at=item.due_at,
        late_from=item.urgency.late_from,
        links=item.links,
    )
