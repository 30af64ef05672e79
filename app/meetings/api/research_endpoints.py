"""Research requests and returns over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.meetings.lists import countersigning, research_returns
from app.meetings.lookup import find_research_request
from app.meetings.presenters.research import research_out, return_out
from app.meetings.repositories import research_repository
from app.meetings.research_schemas import ResearchList, ResearchOut, ReturnOut, ReturnRequest
from app.meetings.vocabulary import ResearchState

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
    """An agency sees what it was asked. The co-ordinator sees who has not answered (`state=NOT_RETURNED`)."""
    record_act(call.tx, Category.CONSULTATION, "research-request", "list")
    requests = research_repository.list_research_requests(call.session, agency)
    with call.as_system() as session:  # a bar reaches every agency that is asked, though not the return that made it
        items = research_out(session, requests, call.now)
    return ResearchList(items=[one for one in items if state in {None, one.state}])


@router.get(
    "/research-requests/{request_id}",
    operation_id="getResearchRequest",
    summary="One research request and how it stands",
)
def get_research_request(request_id: str, call: Reading) -> ResearchOut:
    found = find_research_request(call.session, request_id)
    record_act(call.tx, Category.CONSULTATION, "research-request", found.id)
    with call.as_system() as session:
        return research_out(session, [found], call.now)[0]


@router.post(
    "/research-requests/{request_id}/returns",
    operation_id="fileReturn",
    status_code=201,
    response_model=ReturnOut,
    summary="Return what your agency holds on a listed case",
)
def file_return(request_id: str, sent: ReturnRequest, call: Writing) -> Response:
    """A supervising service fills every part; what it holds counts once a second person of it has countersigned.

    `warnings` lists each contradiction in it.
    """

    def act() -> OperationResult:
        found = find_research_request(call.session, request_id)
        with call.as_system():
            made = research_returns.file_return(call.tx, found, sent)
        record_act(call.tx, Category.COLLECTION, "case", found.case_id)
        return OperationResult(status=201, body=return_out(call.session, made).model_dump(mode="json"))

    return call.once(sent, act)


@router.get(
    "/research-returns/{return_id}",
    operation_id="getReturn",
    summary="What your agency returned and whether it counts",
)
def get_return(return_id: str, call: Reading) -> ReturnOut:
    """Read it before you countersign it."""
    made = countersigning.find_return(call.tx, return_id)
    record_act(call.tx, Category.CONSULTATION, "case", made.case_id)
    return return_out(call.session, made)


@router.post(
    "/research-returns/{return_id}/countersignatures",
    operation_id="countersignReturn",
    status_code=201,
    response_model=ReturnOut,
    summary="Countersign, as a second named person, what your agency returned",
)
def countersign_return(return_id: str, call: Writing) -> Response:
    """Until then a supervision return counts as if it had not been made. Nobody signs in another's name."""

    def act() -> OperationResult:
        made = countersigning.find_return(call.tx, return_id)
        with call.as_system():
            countersigning.countersign(call.tx, made)
        record_act(call.tx, Category.ALTERATION, "case", made.case_id)
        return OperationResult(status=201, body=return_out(call.session, made).model_dump(mode="json"))

    return call.once(None, act)
