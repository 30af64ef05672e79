"""Signing in at the identity provider, or in development by choosing a person, and signing out. No key is asked for."""

import re
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.access import service
from app.access.models import Account
from app.access.repository import agency_codes
from app.accounts.linking import link_account
from app.foundation.errors import NotFound, Unauthenticated
from app.foundation.storage.transaction import Transaction
from app.pages import repository
from app.pages.rendering import cookies
from app.pages.rendering.cookies import (
    ProvedPerson,
    SignInAttempt,
    Visit,
    forget_visit,
    keep_visit,
    read_visit,
    refuse_forged,
)
from app.pages.rendering.labels import role_words
from app.pages.rendering.templates import page
from app.pages.sign_in.forms import FormField, LinkForm, ProvidersAnswer, SignInForm, SignInPage
from app.pages.sign_in.page_calls import (
    AnonymousCall,
    SigningIn,
    Visiting,
    account_in_scope,
    account_of_visit,
    caller_of,
)
from app.pages.sign_in.provider import IdentityProvider, NotProvedError
from app.pages.sign_in.trail import record_refusal, record_sign_in, record_sign_out

router = APIRouter()
_OWN_PAGE = re.compile(r"/board(/statistics|/decisions/[a-z]{2,5}_[0-9a-f]{32})?")
REASONS = {
    "idle": "You were signed out because no page was opened for 30 minutes.",
    "long": "You were signed out because a session ends after 8 hours.",
    "out": "You have signed out.",
}
# One sentence for every cause: it says nothing of who exists.
REFUSED = "You could not be signed in. Try again, or ask your agency's administrator for an account."
MOST_PEOPLE = 500


@router.get("/sign-in", operation_id="showSignIn")
def show_sign_in(
    call: Visiting,
    because: Annotated[str, Query(max_length=20)] = "",
    then: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Shows how to sign in; `because` says why a viewer was signed out."""
    return _sign_in_page(call, SignInPage(_own_page(then), REASONS.get(because, "")))


@router.get("/sign-in/provider", operation_id="beginSignIn")
def begin_sign_in(call: SigningIn, then: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Sends the browser to the provider, and keeps in it what only the answer to this attempt may hold."""
    attempt = cookies.new_attempt(_own_page(then), call.now)
    response = RedirectResponse(_provider(call.request).address_to_sign_in(attempt), 303)
    cookies.keep_attempt(call.request, response, attempt)
    return response


@router.get("/sign-in/callback", operation_id="completeSignIn")
def complete_sign_in(call: SigningIn, answer: Annotated[ProvidersAnswer, Depends()]) -> Response:
    """Begins the visit of the account that the provider has proved; anything else is refused and recorded."""
    provider, attempt = _provider(call.request), cookies.read_attempt(call.request, call.now)
    try:
        # The provider is asked before the database: no transaction is open while another system answers.
        subject = _proved_subject(call, provider, attempt, answer)
    except NotProvedError:
        # What answers no attempt of this browser is no failure of its address: any site can lead a browser here.
        return _refused(call, "not-proved") if attempt else _refused(call, "no-attempt", counts=False)
    account = account_in_scope(call.session, repository.account_of_subject(call.session, subject))
    visit = _begun(call, account) if account else None
    if visit is None:
        proved = ProvedPerson(subject, attempt.then if attempt else "/board", call.now)
        # Whom the provider proved guesses nothing: a station's new people on their first day lock nobody out.
        return _refused(call, account.id if account else "no-account", proved=proved, counts=account is not None)
    # A page and not a redirect: the provider's site began this request, so the strict cookie would not go along.
    response = page(call.request, "signed_in.html", visit=visit, then=attempt.then if attempt else "/board")
    cookies.forget_attempt(call.request, response)
    return response


@router.post("/sign-in/link", operation_id="linkSignIn")
def link_sign_in(call: SigningIn, form: Annotated[LinkForm, Depends()]) -> Response:
    """Links whom the provider has just proved to the account of their code, and begins the visit."""
    refuse_forged(call.request, form.form_token)
    proved = cookies.read_proved(call.request, call.now)
    if proved is None:
        return _refused(call, "no-attempt", counts=False)
    account = account_in_scope(call.session, repository.account_of_linking_code(call.session, form.code, call.now))
    visit = _begun(call, account) if account and _is_linked(call, account, form.code, proved) else None
    if visit is None:
        return _refused(call, account.id if account else "no-code", proved=proved)
    response = RedirectResponse(proved.then, 303)
    keep_visit(call.request, response, visit)
    cookies.forget_proved(call.request, response)
    return response


@router.post("/sign-in/development", operation_id="signInForDevelopment")
def sign_in_for_development(call: SigningIn, form: Annotated[SignInForm, Depends()]) -> Response:
    """Begins a visit of the person who was chosen. There is nothing here unless the setting is on."""
    if not call.request.app.state.settings.development_sign_in:
        raise NotFound("there is nothing at this address")
    # Before anything is looked at: no other site may sign this browser in.
    refuse_forged(call.request, form.form_token)
    then = _own_page(form.then)
    account = next((one for one in _people(call) if one.id == form.account), None)
    visit = _begun(call, account) if account else None
    if visit is None:
        record_refusal(call, account.id if account else "no-account")
        return _sign_in_page(call, SignInPage(then, fault="Choose who you are"), 422)
    response = RedirectResponse(then, 303)
    keep_visit(call.request, response, visit)
    return response


@router.post("/sign-out", operation_id="signOut")
def sign_out(call: Visiting, form_token: FormField = "") -> Response:
    """Ends the visit for every copy of its cookie and clears this browser's data of the service."""
    refuse_forged(call.request, form_token)
    with suppress(Unauthenticated):
        visit = read_visit(call.request, call.now)
        account = account_of_visit(call.session, visit)
        repository.end_visit(call.session, visit.id, call.now)
        if account is not None:
            record_sign_out(call, account)
    response = RedirectResponse("/sign-in?because=out", 303)
    forget_visit(call.request, response)
    return response


def _proved_subject(
    call: AnonymousCall, provider: IdentityProvider, attempt: SignInAttempt | None, answer: ProvidersAnswer
) -> str:
    """Returns the subject that the provider proves, to the browser that asked, in answer to what it asked."""
    if attempt is None or not answer.code or answer.state != attempt.state:
        raise NotProvedError("this browser began no such attempt")
    if answer.iss not in {"", provider.issuer}:
        raise NotProvedError("another provider answers")
    return provider.subject_of(answer.code, attempt, call.now)


def _is_linked(call: AnonymousCall, account: Account, code: str, proved: ProvedPerson) -> bool:
    tx = Transaction(call.session, caller_of(call.request, call.session, account), call.now)
    return link_account(tx, account.id, code, proved.subject)


def _begun(call: AnonymousCall, account: Account) -> Visit | None:
    """Returns the visit of the account, which has begun; None when the account is suspended."""
    service.scope_to_agency(call.session, account.agency)
    visit_id = repository.begin_visit(call.session, account, call.now)
    if visit_id is None:
        return None
    record_sign_in(call, account)
    return Visit(visit_id, call.now, call.now)


def _refused(call: AnonymousCall, why: str, *, proved: ProvedPerson | None = None, counts: bool = True) -> Response:
    """Refuses in one sentence. Whom the provider proved may enter a linking code, whatever stands against them."""
    record_refusal(call, why, counts=counts)
    response = _sign_in_page(call, SignInPage(fault=REFUSED, linking=proved is not None), 403)
    cookies.forget_attempt(call.request, response)
    if proved is not None:
        cookies.keep_proved(call.request, response, proved)
    return response


def _sign_in_page(call: AnonymousCall, shown: SignInPage, status: int = 200) -> Response:
    people = _people(call) if call.request.app.state.settings.development_sign_in else []
    return page(
        call.request,
        "sign_in.html",
        status=status,
        why=shown.why,
        then=shown.then,
        fault=shown.fault,
        linking=shown.linking,
        by_provider=call.request.app.state.identity_provider is not None,
        people=[(one.id, f"{one.full_name}, {role_words(one.post)}, {one.agency}") for one in people],
    )


def _people(call: AnonymousCall) -> list[Account]:
    people: list[Account] = []
    for agency in agency_codes(call.session):
        service.scope_to_agency(call.session, agency)
        people += repository.active_accounts(call.session, MOST_PEOPLE - len(people))
    return people


def _provider(request: Request) -> IdentityProvider:
    provider: IdentityProvider | None = request.app.state.identity_provider
    if provider is None:
        raise NotFound("no identity provider is set")
    return provider


def _own_page(path: str) -> str:
    """Returns `path` when it is a page of this service that needs a sign-in, otherwise the board.

    A link may come from anywhere, and signing in must never lead to another site.
    """
    return path if _OWN_PAGE.fullmatch(path) else "/board"
