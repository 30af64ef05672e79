"""Signing in with an API key, and signing out. An identity provider can replace the key here."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.access import service
from app.foundation.errors import Unauthenticated
from app.pages import repository
from app.pages.rendering.cookies import Visit, forget_visit, keep_visit, read_visit, refuse_forged
from app.pages.rendering.templates import page
from app.pages.sign_in.page_calls import Visiting

router = APIRouter()
_OWN_PAGE = re.compile(r"/board(/statistics|/decisions/[a-z]{2,5}_[0-9a-f]{32})?")
REASONS = {
    "idle": "You were signed out because no page was opened for 30 minutes.",
    "long": "You were signed out because a session ends after 8 hours.",
    "out": "You have signed out.",
}
FormField = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class SignInForm:
    """The fields of the sign-in form. `then` is the page to open afterwards."""

    form_token: FormField = ""
    key: FormField = ""
    then: FormField = ""


@router.get("/sign-in", operation_id="showSignIn")
def show_sign_in(
    request: Request,
    because: Annotated[str, Query(max_length=20)] = "",
    then: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Shows the sign-in form; `because` says why a viewer was signed out."""
    return page(request, "sign_in.html", why=REASONS.get(because, ""), then=_own_page(then), fault="")


@router.post("/sign-in", operation_id="signIn")
def sign_in(call: Visiting, form: Annotated[SignInForm, Depends()]) -> Response:
    """Begins a visit and opens the page that was asked for; an unknown key gets the form again."""
    # Before the key is looked at: no other site may sign this browser in with a key of its own choice.
    refuse_forged(call.request, form.form_token)
    then, key = _own_page(form.then), form.key.strip()
    try:
        client = service.authenticate(call.session, f"Bearer {key}")
    except Unauthenticated:
        fault = "Enter an API key that is in use" if key else "Enter your API key"
        return page(call.request, "sign_in.html", status=422, why="", then=then, fault=fault)
    response = RedirectResponse(then, 303)
    visit_id = repository.begin_visit(call.session, client, call.now)
    keep_visit(call.request, response, Visit(visit_id, call.now, call.now))
    return response


@router.post("/sign-out", operation_id="signOut")
def sign_out(call: Visiting, form_token: FormField = "") -> Response:
    """Ends the visit for every copy of its cookie and clears this browser's data of the service."""
    refuse_forged(call.request, form_token)
    with suppress(Unauthenticated):
        repository.end_visit(call.session, read_visit(call.request, call.now).id, call.now)
    response = RedirectResponse("/sign-in?because=out", 303)
    forget_visit(call.request, response)
    return response


def _own_page(path: str) -> str:
    """Returns `path` when it is a page of this service that needs a sign-in, otherwise the board.

    A link may come from anywhere, and signing in must never lead to another site.
    """
    return path if _OWN_PAGE.fullmatch(path) else "/board"
