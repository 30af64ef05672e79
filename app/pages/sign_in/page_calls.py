"""One page request as an endpoint receives it, from a signed-in viewer or from anybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.access import service
from app.access.calls import Call
from app.access.dependencies import DatabaseSession, TheClock
from app.foundation.caller import Caller
from app.foundation.errors import Unauthenticated
from app.pages import repository
from app.pages.rendering.cookies import Visit, read_visit


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
    """Authorises the signed-in client for this page and scopes the transaction to the client's rows.

    Raises `Unauthenticated` when the visit ended, `Forbidden` when the role may not see the page.
    """
    now = clock.now()
    visit = read_visit(request, now)
    # The database is asked on every page, so that signing out or suspending a key ends every copy of the cookie.
    client = repository.visiting_client(session, visit.id)
    if client is None:
        raise Unauthenticated("this visit was signed out, or its key is no longer in use", because="nobody")
    operation = getattr(request.scope.get("route"), "operation_id", None)
    rows = service.authorise(client, operation)
    caller = Caller(
        client_id=client.id,
        agency=client.agency,
        role=client.role,
        areas=frozenset(client.areas),
        # A key says which system and not which person: a page never passes for a named person's act.
        on_behalf_of=None,
        trace_id=request.state.trace_id,
        route=operation or "",
    )
    service.scope_rows(session, caller, rows)
    request.state.rows = rows
    return ViewerCall(Call(request, caller, session, now), visit)


Visiting = Annotated[AnonymousCall, Depends(_anonymous_call, scope="function")]
Viewing = Annotated[ViewerCall, Depends(_viewer_call, scope="function")]
