"""Signing in with an API key, and signing out. The first form: an identity provider comes later on this seam."""

import re
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.access import service
from app.access.dependencies import DatabaseSession, TheClock
from app.foundation.errors import Unauthenticated
from app.pages import repository
from app.pages.rendering.cookies import Visit, forget_visit, keep_visit, read_visit, refuse_forged
from app.pages.rendering.templates import page

router = APIRouter()
_OWN_PAGE = re.compile(r"/board(/figures|/decisions/[a-z]{2,5}_[0-9a-f]{32})?")
WHY = {
    "idle": "You were signed out because no page was opened for 30 minutes.",
    "long": "You were signed out because a session ends after 8 hours.",
    "out": "You have signed out.",
}
Token = Annotated[str, Form(max_length=200)]


@router.get("/sign-in", operation_id="showSignIn")
def show_sign_in(
    request: Request,
    because: Annotated[str, Query(max_length=20)] = "",
    then: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The form; `because` says why somebody who was signed in no longer is."""
    return page(request, "sign_in.html", why=WHY.get(because, ""), then=_own_page(then), fault="")


@router.post("/sign-in", operation_id="signIn")
def sign_in(
    request: Request,
    session: DatabaseSession,
    clock: TheClock,
    form_token: Token = "",
    key: Annotated[str, Form(max_length=200)] = "",
    then: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The browser holds a visit and is sent to the page it asked for; an unknown key gets the form again."""
    refuse_forged(request, form_token)
    try:
        client = service.authenticate(session, f"Bearer {key.strip()}")
    except Unauthenticated:
        fault = "Enter an API key that is in use" if key.strip() else "Enter your API key"
        return page(request, "sign_in.html", status=422, why="", then=_own_page(then), fault=fault)
    response = RedirectResponse(_own_page(then), 303)
    visit_id = repository.begin_visit(session, client, clock.now())
    keep_visit(request, response, Visit(visit_id, clock.now(), clock.now()))
    return response


@router.post("/sign-out", operation_id="signOut")
def sign_out(request: Request, session: DatabaseSession, clock: TheClock, form_token: Token = "") -> Response:
    """The visit has ended, here and for whoever else carries its cookie; the browser has forgotten it."""
    refuse_forged(request, form_token)
    with suppress(Unauthenticated):
        repository.end_visit(session, read_visit(request, clock.now()).id, clock.now())
    response = RedirectResponse("/sign-in?because=out", 303)
    forget_visit(request, response)
    return response


def _own_page(path: str) -> str:
    """`path` when it is a page of ours that one signs in for, otherwise the board: never somewhere else."""
    return path if _OWN_PAGE.fullmatch(path) else "/board"
