"""One page request as an endpoint receives it, from a signed-in viewer or from anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.access import service
from app.access.admission import address_of, operation_of, person_subject, show_limits
from app.access.calls import Call
from app.access.dependencies import DatabaseSession, TheClock
from app.access.directory import place_of_person
from app.access.models import Account
from app.foundation.caller import Caller
from app.foundation.errors import Forbidden, Unauthenticated
from app.pages import repository
from app.pages.rendering.cookies import Visit, read_visit
from app.pages.repository import AccountFound
from app.throttle.limits import failure_limit, person_limit, sign_in_limit
from app.throttle.service import count_call, failed_sign_ins_at, lock_out_of, refuse_when_spent, sign_ins_at


@dataclass(frozen=True, slots=True)
class AnonymousCall:
    """The request of a browser that need not be signed in."""

    request: Request
    session: Session
    now: datetime


@dataclass(frozen=True, slots=True)
class ViewerCall:
    """The request of a signed-in browser: a call that shows only the viewer's rows, and the visit that made it."""

    call: Call
    visit: Visit


async def _anonymous_call(request: Request, session: DatabaseSession, clock: TheClock) -> AnonymousCall:
    """Makes a call of nobody in particular. Asynchronous only so that it costs no thread."""
    return AnonymousCall(request, session, clock.now())


def _viewer_call(request: Request, session: DatabaseSession, clock: TheClock) -> ViewerCall:
    """Authorises the signed-in person for this page and scopes the transaction to the person's rows.

    Raises `Unauthenticated` when the visit ended, `Forbidden` when the post may not see the page, and `TooManyCalls`.
    """
    now = clock.now()
    visit = read_visit(request, now)
    caller = _admitted_caller(request, visit, now)
    rows = service.authorise(caller.role, caller.route)
    service.scope_rows(session, caller, rows)
    request.state.rows = rows
    return ViewerCall(Call(request, caller, session, now), visit)


def _admitted_caller(request: Request, visit: Visit, now: datetime) -> Caller:
    """Returns the person of the visit with the page counted, in a transaction that ends before the page's own."""
    with request.app.state.sessions.begin() as session:
        # Asked on every page, so that signing out or suspending an account ends every copy of the cookie.
        account = account_of_visit(session, visit)
        if account is None:
            raise Unauthenticated("this visit was signed out, or its account is suspended", because="nobody")
        subject = person_subject(account.agency, account.name)
        uses = count_call(session, {subject: person_limit(request.app.state.settings)}, now)
        caller = request.state.caller = caller_of(request, session, account)
    show_limits(request, uses, now)
    refuse_when_spent(uses, now)
    return caller


def _signing_in(request: Request, session: DatabaseSession, clock: TheClock) -> AnonymousCall:
    """Makes the call of somebody who signs in, counted at their address.

    Raises `Forbidden` for what a page of another site loads by itself, and `TooManyCalls` when that is spent, or when
    the address failed so often that it is locked out.
    """
    # Before anything is counted: a picture on any page that one officer opens must not lock a station out.
    if request.headers.get("sec-fetch-dest", "document") != "document":
        raise Forbidden("a person signs in on a page of their own, and not inside another one", code="not-a-page")
    now, settings, address = clock.now(), request.app.state.settings, address_of(request)
    with request.app.state.sessions.begin() as counting:
        uses = count_call(counting, {sign_ins_at(address): sign_in_limit(settings)}, now)
        lock_out = lock_out_of(counting, failed_sign_ins_at(address), failure_limit(settings), now)
    if lock_out is not None:
        raise lock_out
    refuse_when_spent(uses, now)
    return AnonymousCall(request, session, now)


def account_of_visit(session: Session, visit: Visit) -> Account | None:
    """Returns the account whose visit goes on, or None. The session shows its agency's rows from then on."""
    return account_in_scope(session, repository.account_of_visit(session, visit.id))


def account_in_scope(session: Session, found: AccountFound | None) -> Account | None:
    """Returns the account that was found, read in the scope of its agency: a request of nobody opens no wider one."""
    if found is None:
        return None
    service.scope_to_agency(session, found.agency)
    return session.get_one(Account, found.account_id)


def caller_of(request: Request, session: Session, account: Account) -> Caller:
    """Returns the caller that this person is on the pages: in their areas, with the role of their post."""
    # The directory is asked on every page: a post that has passed to another agency shows its area no longer.
    role, areas = place_of_person(session, account)
    return Caller(
        # The pages are no client with a key: what a person does there is their account's.
        client_id=account.id,
        agency=account.agency,
        role=role,
        areas=areas,
        on_behalf_of=account.name,
        trace_id=request.state.trace_id,
        route=operation_of(request),
        address=address_of(request),
    )


Visiting = Annotated[AnonymousCall, Depends(_anonymous_call, scope="function")]
SigningIn = Annotated[AnonymousCall, Depends(_signing_in, scope="function")]
Viewing = Annotated[ViewerCall, Depends(_viewer_call, scope="function")]
