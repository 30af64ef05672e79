"""The pages over HTTP. This router includes signing in and the public pages."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.pagination import DEFAULT_LIMIT, page_of
from app.inbox.positions import inbox_cursor, position_text, read_position
from app.pages import public_pages
from app.pages.rendering.labels import KINDS, SECTIONS, forum_words, role_words
from app.pages.rendering.templates import page
from app.pages.sign_in import endpoints as sign_in
from app.pages.sign_in.page_calls import Viewing
from app.pages.views.board import read_board
from app.pages.views.decision import decision_page
from app.pages.views.page_queries import BoardQuery, StatisticsQuery
from app.pages.views.statistics import statistics_page
from app.referrals.before_contact.perpetrators_side import reads_for_perpetrator
from app.referrals.lookup import NO_DECISION
from app.referrals.repositories.decision_repository import decision_by_id
from app.vocabulary import Forum, Role

router = APIRouter(include_in_schema=False)
router.include_router(sign_in.router)
router.include_router(public_pages.router)


FORUMS = {forum.value: forum_words(forum) for forum in Forum}
ROLES = {role.value: role_words(role) for role in Role}


@router.get("/", operation_id="showHome")
def show_home() -> RedirectResponse:
    return RedirectResponse("/board", 303)


@router.get("/board", operation_id="showBoard")
def show_board(
    viewer: Viewing,
    wanted: Annotated[BoardQuery, Depends()],
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Shows what is asked of the viewer's posts: danger, what came back, what is late, today, next."""
    call = viewer.call
    chosen, inbox = _chosen(call.request.query_params), wanted.wanted()
    key = inbox_cursor(call, inbox)
    board = read_board(call, inbox, read_position(key, cursor), DEFAULT_LIMIT)
    record_act(call.tx, Category.CONSULTATION, "inbox", "list")
    path, read = f"/board?{urlencode(chosen)}&" if chosen else "/board?", board.read
    links = page_of(read.items, DEFAULT_LIMIT, key, lambda item: position_text(read.as_of, item), path).links
    return page(
        call.request,
        "board.html",
        visit=viewer.visit,
        board=board,
        chosen=chosen,
        words={"kind": KINDS, "section": SECTIONS, "role": ROLES},
        next_page=links.get("next"),
        is_first_page=cursor is None,
        now=call.now,
    )


def _chosen(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value and name != "cursor"}


@router.get("/board/statistics", operation_id="showStatistics")
def show_statistics(viewer: Viewing, wanted: Annotated[StatisticsQuery, Depends()]) -> HTMLResponse:
    """Shows what happened to the referrals of a period, forum by forum: counts only."""
    call = viewer.call
    report = statistics_page(call, wanted)
    record_act(call.tx, Category.CONSULTATION, "statistics", report.area)
    return page(
        call.request,
        "statistics.html",
        status=422 if report.fault else 200,
        visit=viewer.visit,
        report=report,
        forums=FORUMS,
        chosen=wanted.forum,
        now=call.now,
    )


@router.get("/board/decisions/{decision_id}", operation_id="showDecision")
def show_decision(decision_id: str, viewer: Viewing) -> HTMLResponse:
    """Shows why the referral went there and who owns what, in the sentences of the stored decision."""
    call = viewer.call
    stored = decision_by_id(call.session, decision_id)
    if stored is None or reads_for_perpetrator(call, stored.referral_id):
        raise NotFound(NO_DECISION)
    record_act(call.tx, Category.CONSULTATION, "decision", stored.id)
    decision = decision_page(call.session, stored)
    return page(call.request, "decision.html", visit=viewer.visit, decision=decision, now=call.now)
