"""Research requests and returns over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import as_system
from app.audit.service import Category, record_act
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.meetings import agenda_repository, research
from app.meetings.finding import find_research
from app.meetings.research_schemas import (
    ResearchList,
    ResearchOut,
    ResearchState,
    ReturnOut,
    ReturnRequest,
)
from app.meetings.sheets import show_research

router = APIRouter(tags=["meetings"])


@router.get(
    "/research-requests",
    operation_id="listResearchRequests",
    summary="Research asked of agencies, the earliest due first, with what was not returned",
)
def list_research_requests(
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    state: ResearchState | None = None,
    agency: Annotated[str | None, Query(max_length=64)] = None,
) -> ResearchList:
    """An agency sees what it was asked; the co-ordinator sees everyone's silence (`state=NOT_RETURNED`)."""
    record_act(session, caller, Category.CONSULTATION, "research-request", "list", clock.now())
    shown = show_research(session, agenda_repository.research_asked_of(session, agency), clock.now())
    return ResearchList(items=[one for one in shown if state in {None, one.state}])


@router.get(
    "/research-requests/{request_id}",
    operation_id="getResearchRequest",
    summary="One research request and how it stands",
)
def get_research_request(
    request_id: str, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> ResearchOut:
    found = find_research(session, request_id)
    record_act(session, caller, Category.CONSULTATION, "research-request", found.id, clock.now())
    return show_research(session, [found], clock.now())[0]


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
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """A supervising service fills every part and has it countersigned; what contradicts itself is answered in `warnings`."""

    def act() -> Answer:
        found = find_research(session, request_id)
        with as_system(session, caller, rows_of(request)):
            made = research.file_return(session, caller, found, sent, clock.now())
        record_act(session, caller, Category.COLLECTION, "case", found.case_id, clock.now())
        own = {name: getattr(made, name) for name in ReturnOut.model_fields if name != "warnings"}
        shown = ReturnOut(**own, warnings=research.contradictions(sent.supervision))
        return Answer(status=201, body=shown.model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)
