"""The pages over HTTP: the board and a decision here, the open pages beside them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BeforeValidator

from app.access.dependencies import DatabaseSession, TheClock, cursor_key
from app.actions.list_repository import ActionFilter
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.pagination import DEFAULT_LIMIT, page_of
from app.foundation.web.schema import CivilDate
from app.pages import public_pages
from app.pages.rendering.labels import forum_words
from app.pages.rendering.templates import page
from app.pages.sign_in import sign_in
from app.pages.sign_in.viewer import TheViewer
from app.pages.views.board import rest_of_week, show_board
from app.pages.views.decision import show_decision
from app.pages.views.statistics import show_figures
from app.referrals.repository import decision_by_id
from app.vocabulary import Forum

router = APIRouter(include_in_schema=False)
router.include_router(sign_in.router)
router.include_router(public_pages.router)


def _unless_blank(value: object) -> object:
    """A form sends every field it has; one left empty asks for nothing."""
    return value or None


BlankIsNone = BeforeValidator(_unless_blank)
FORUMS = {forum.value: forum_words(forum) for forum in Forum}


@router.get("/", operation_id="showHome")
def show_home() -> RedirectResponse:
    return RedirectResponse("/board", 303)


def wanted_actions(
    clock: TheClock,
    overdue: Annotated[bool | None, BlankIsNone] = None,
    unreviewed: Annotated[bool | None, BlankIsNone] = None,
    due_this_week: Annotated[bool | None, BlankIsNone] = None,
    owner_agency: Annotated[str, Query(max_length=64)] = "",
    forum: Annotated[Forum | None, BlankIsNone] = None,
) -> ActionFilter:
    """Which actions the form or a counter asks for."""
    due_after, due_before = rest_of_week(clock.now()) if due_this_week else (None, None)
    return ActionFilter(
        overdue=overdue,
        unreviewed=unreviewed,
        owner_agency=owner_agency or None,
        forum=forum,
        due_before=due_before,
        due_after=due_after,
    )


@router.get("/board", operation_id="showBoard")
def show_open_actions(
    request: Request,
    viewer: TheViewer,
    session: DatabaseSession,
    clock: TheClock,
    wanted: Annotated[ActionFilter, Depends(wanted_actions)],
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """The open actions, the most overdue first; above them what came back and what nobody has reviewed."""
    now = clock.now()
    chosen = _chosen(request.query_params)
    key = cursor_key(request, viewer.caller, f"board {sorted(chosen.items())}")
    after = _position(key.read(cursor)) if cursor else None
    board = show_board(session, viewer, wanted, after, DEFAULT_LIMIT, now)
    record_act(session, viewer.caller, Category.CONSULTATION, "action", "list", now)
    path = f"/board?{urlencode(chosen)}&" if chosen else "/board?"
    links = page_of(
        board.actions, DEFAULT_LIMIT, key, lambda row: (row.sort_at.isoformat(), row.id), path
    ).links
    return page(
        request,
        "board.html",
        visit=viewer.visit,
        board=board,
        chosen=chosen,
        forums=FORUMS,
        next_page=links.get("next"),
        is_first_page=cursor is None,
        now=now,
    )


def _position(parts: list[str]) -> tuple[datetime, str]:
    return datetime.fromisoformat(parts[0]), parts[1]


def _chosen(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value and name != "cursor"}


@router.get("/board/figures", operation_id="showFigures")
def show_report_of_figures(
    request: Request,
    viewer: TheViewer,
    session: DatabaseSession,
    clock: TheClock,
    area: Annotated[str | None, BlankIsNone, Query(max_length=64)] = None,
    forum: Annotated[Forum | None, BlankIsNone] = None,
    first: Annotated[CivilDate | None, BlankIsNone, Query(alias="from")] = None,
    last: Annotated[CivilDate | None, BlankIsNone, Query(alias="to")] = None,
) -> HTMLResponse:
    """What came of the referrals of a period, forum by forum: counts only."""
    told = show_figures(session, viewer, area, first, last, forum, clock.now())
    record_act(session, viewer.caller, Category.CONSULTATION, "figures", told.area, clock.now())
    return page(
        request,
        "figures.html",
        status=422 if told.fault else 200,
        visit=viewer.visit,
        told=told,
        forums=FORUMS,
        chosen=forum,
        now=clock.now(),
    )


@router.get("/board/decisions/{decision_id}", operation_id="showDecision")
def show_one_decision(
    decision_id: str, request: Request, viewer: TheViewer, session: DatabaseSession, clock: TheClock
) -> HTMLResponse:
    """Why it went there and who owns what, in the sentences of the stored decision."""
    stored = decision_by_id(session, decision_id)
    if stored is None:
        raise NotFound("there is no such decision, or it is not yours to see")
    record_act(session, viewer.caller, Category.CONSULTATION, "decision", stored.id, clock.now())
    told = show_decision(session, stored)
    return page(request, "decision.html", visit=viewer.visit, told=told, now=clock.now())
