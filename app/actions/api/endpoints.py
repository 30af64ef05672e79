"""Actions over HTTP: list, read, report, review, reassign."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.access.calls import Reading, Writing
from app.access.victims_area import refuse_area_asked
from app.actions import list_repository
from app.actions.api import notice_endpoints, several_endpoints
from app.actions.api.changing import change_action
from app.actions.api.lookup import find_action
from app.actions.api.presenters import action_history_out, action_out, etag
from app.actions.api.scheme import refuse_scheme, without_scheme
from app.actions.changes import OwnerPost
from app.actions.cover import endpoints as cover_endpoints
from app.actions.list_repository import ActionFilter
from app.actions.models import Action
from app.actions.outcomes import reassignment, reporting, reviewing
from app.actions.response_schemas import ActionHistoryOut, ActionOut
from app.actions.schemas import ActionQuery, OutcomeRequest, ReassignmentRequest, ReviewRequest
from app.audit.service import Category, record_act
from app.foundation.web.pagination import MOST_ITEMS, Page, page_of
from app.referrals.before_contact.service import notes_before_contact

router = APIRouter(prefix="/v1", tags=["actions"])
router.include_router(cover_endpoints.router)
router.include_router(notice_endpoints.router)
router.include_router(several_endpoints.router)
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=64)]


@router.get("/actions", operation_id="listActions", summary="Open actions, the most overdue first")
def list_actions(call: Reading, query: Annotated[ActionQuery, Query()]) -> Page[ActionOut]:
    """Lists unfinished actions, or those in `state`. An action meets every filter that is given."""
    refuse_area_asked(call.caller, query.area)
    limit = min(query.limit, MOST_ITEMS)
    wanted = ActionFilter(**query.model_dump(exclude={"limit", "cursor"}))
    key = call.cursor_key(f"actions {wanted}")
    after = key.read_instant(query.cursor) if query.cursor else None
    rows = list_repository.list_actions(call.session, wanted, after, limit + 1, call.now)
    record_act(call.tx, Category.CONSULTATION, "action", "list")
    here = f"/v1/actions?{call.query_without_cursor()}"
    page = page_of(rows, limit, key, lambda row: (row.sort_at.isoformat(), row.id), here)
    items = [action_out(row, call.now, call.caller) for row in without_scheme(call, page.items)]
    return Page(items=items, page=page.page, links=page.links)


@router.get("/actions/{action_id}", operation_id="getAction", summary="One action with its whole history")
def get_action(action_id: str, call: Reading, response: Response) -> ActionHistoryOut:
    action = find_action(call.session, action_id)
    refuse_scheme(call, action)
    record_act(call.tx, Category.CONSULTATION, "action", action.id)
    response.headers["ETag"] = etag(action)
    history = action_history_out(call.session, action, call.now, call.caller)
    if not action.reaches_victim:
        return history
    covering = action.cover.cover_agency if action.cover else None
    notes = notes_before_contact(call, action.case_id, {action.owner_agency, covering} - {None})
    return history.model_copy(update={"before_contact": notes})


@router.post(
    "/actions/{action_id}/outcomes",
    operation_id="reportOutcome",
    status_code=201,
    response_model=ActionHistoryOut,
    summary="Report what became of an action",
)
def report_outcome(action_id: str, sent: OutcomeRequest, call: Writing, if_match: IfMatch = None) -> Response:
    """`COMPLETED` ends an ordinary duty; what a meeting agreed, what protects a life and all that was not done waits.

    It waits for a second person's review; `DECLINED_BY_RECIPIENT` goes back to the chair.
    """

    def report(action: Action) -> None:
        reporting.report_outcome(call.tx, action, sent)

    return change_action(action_id, sent, call, if_match, report)


@router.post(
    "/actions/{action_id}/reviews",
    operation_id="reviewAction",
    status_code=201,
    response_model=ActionHistoryOut,
    summary="Review an action as a second person",
)
def review_action(action_id: str, sent: ReviewRequest, call: Writing, if_match: IfMatch = None) -> Response:
    """`ACCEPTED` ends the action; `RETURNED` and `CONTINUES` keep it open with a new deadline."""

    def review(action: Action) -> None:
        reviewing.review_action(call.tx, action, sent)

    return change_action(action_id, sent, call, if_match, review)


@router.post(
    "/actions/{action_id}/reassignments",
    operation_id="reassignAction",
    status_code=201,
    response_model=ActionHistoryOut,
    summary="Give an action to another owner",
)
def reassign_action(action_id: str, sent: ReassignmentRequest, call: Writing, if_match: IfMatch = None) -> Response:
    """Gives the action to the new owner. It stays open, and the new owner's reminders begin in the same commit."""

    def reassign(action: Action) -> None:
        owner = OwnerPost(sent.owner_agency, sent.owner_role)
        reassignment.reassign_action(call.tx, action, owner, sent.reason, sent.due_on)

    return change_action(action_id, sent, call, if_match, reassign)
