"""Research requests and returns over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings import agenda_repository
from app.meetings.api.lookup import find_research
from app.meetings.lists import research
from app.meetings.lists.listing_view import show_research
from app.meetings.research_schemas import (
    ResearchList,
    ResearchOut,
    ResearchState,
    ReturnOut,
    ReturnRequest,
)

router = APIRouter(tags=["meetings"])


@router.get(
    "/research-requests",
    operation_id="listResearchRequests",
    summary="Research asked of agencies, the earliest due first, with what was not returned",
)
def list_research_requests(
    call: Reading,
    state: ResearchState | None = None,
    agency: Annotated[str | None, Query(max_length=64)] = None,
) -> ResearchList:
    """An agency sees what it was asked; the co-ordinator sees everyone's silence (`state=NOT_RETURNED`)."""
    record_act(call.session, call.caller, Category.CONSULTATION, "research-request", "list", call.now)
    shown = show_research(call.session, agenda_repository.research_asked_of(call.session, agency), call.now)
    return ResearchList(items=[one for one in shown if state in {None, one.state}])


@router.get(
    "/research-requests/{request_id}",
    operation_id="getResearchRequest",
    summary="One research request and how it stands",
)
def get_research_request(request_id: str, call: Reading) -> ResearchOut:
    found = find_research(call.session, request_id)
    record_act(call.session, call.caller, Category.CONSULTATION, "research-request", found.id, call.now)
    return show_research(call.session, [found], call.now)[0]


@router.post(
    "/research-requests/{request_id}/returns",
    operation_id="fileReturn",
    status_code=201,
    response_model=ReturnOut,
    summary="Return what your agency holds on a listed case",
)
def file_return(
    request_id: str,
    sent: ReturnRequest,
    call: Writing,
) -> Response:
    """A supervising service fills every part and has it countersigned; what contradicts itself is answered in `warnings`."""

    def act() -> OperationResult:
        found = find_research(call.session, request_id)
        with call.as_system():
            made = research.file_return(call.session, call.caller, found, sent, call.now)
        record_act(call.session, call.caller, Category.COLLECTION, "case", found.case_id, call.now)
        own = {name: getattr(made, name) for name in ReturnOut.model_fields if name != "warnings"}
        shown = ReturnOut(**own, warnings=research.contradictions(sent.supervision))
        return OperationResult(status=201, body=shown.model_dump(mode="json"))

    return call.once(sent, act)
