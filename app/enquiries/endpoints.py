"""Enquiries over HTTP, to read. Answers decide a case anew and are posted through `intake`."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.audit.service import Category, record_act
from app.enquiries import repository
from app.enquiries.lookup import find_enquiry
from app.enquiries.presenters import enquiries_out
from app.enquiries.schemas import EnquiryOut, EnquiryQuery
from app.foundation.web.pagination import MOST_ITEMS, Page, page_of

router = APIRouter(prefix="/v1", tags=["enquiries"])


@router.get("/enquiries", operation_id="listEnquiries", summary="What is asked about cases, the oldest first")
def list_enquiries(call: Reading, query: Annotated[EnquiryQuery, Query()]) -> Page[EnquiryOut]:
    """A page of the enquiries with an open question, or of those without one. One enquiry is what one post is asked."""
    limit = min(query.limit, MOST_ITEMS)
    wanted = repository.EnquiryFilter(query.case_id, call.caller.agency if query.mine else None, query.open)
    key = call.cursor_key(f"enquiries {wanted}")
    after = key.read_instant(query.cursor) if query.cursor else None
    rows = repository.list_enquiries(call.session, wanted, after, limit + 1)
    record_act(call.tx, Category.CONSULTATION, "enquiry", "list")
    here = f"/v1/enquiries?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.asked_at.isoformat(), row.id), here)
    return Page(items=enquiries_out(call.session, page.items, call.caller), page=page.page, links=page.links)


@router.get("/enquiries/{enquiry_id}", operation_id="getEnquiry", summary="One enquiry with its questions and answers")
def get_enquiry(enquiry_id: str, call: Reading) -> EnquiryOut:
    enquiry = find_enquiry(call.session, enquiry_id)
    record_act(call.tx, Category.CONSULTATION, "enquiry", enquiry.id)
    return enquiries_out(call.session, [enquiry], call.caller)[0]
