"""What calls and pages are built from: the session, the clock, and the caller authorised for this operation."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy.orm import Session

from app.access import service
from app.access.admission import admit
from app.foundation.caller import Caller
from app.foundation.clock import Clock
from app.foundation.errors import Malformed
from app.foundation.storage.database import get_session

# By FastAPI's default the commit would come after the answer: a 201 for what a failed commit has lost.
DatabaseSession = Annotated[Session, Depends(get_session, scope="function")]


async def get_clock(request: Request) -> Clock:
    """Returns the application's clock. It is asynchronous only so that it takes no thread."""
    clock: Clock = request.app.state.clock
    return clock


TheClock = Annotated[Clock, Depends(get_clock)]


def authorised_caller(
    request: Request,
    session: DatabaseSession,
    clock: TheClock,
    # The name of an account of the client's agency: it is recorded with the act and widens no row scope.
    x_on_behalf_of: Annotated[str | None, Header(max_length=200)] = None,
) -> Caller:
    """Authenticates and authorises the caller, and looks up the person it speaks for.

    From here on the transaction shows only the caller's rows.
    """
    if len(request.headers.getlist("x-on-behalf-of")) > 1:
        # What stands before this service and the service itself could each read another one.
        raise Malformed("send X-On-Behalf-Of once")
    written = _as_written(x_on_behalf_of)
    client = admit(request, written, clock.now())
    caller: Caller = request.state.caller
    rows = service.authorise(client.role, caller.route)
    caller = replace(caller, on_behalf_of=service.person_spoken_for(session, client, written))
    request.state.caller = caller
    service.scope_rows(session, caller, rows)
    request.state.rows = rows
    return caller


def _as_written(header: str | None) -> str | None:
    """Returns the text of a header that was sent as UTF-8 and read as Latin-1, or as it is when it was not UTF-8."""
    # As Latin-1 the second byte of some letters is a space: names would be torn where spaces are collapsed.
    try:
        return header.encode("latin-1").decode("utf-8") if header is not None else None
    except UnicodeError:
        return header


AuthorisedCaller = Annotated[Caller, Depends(authorised_caller)]
