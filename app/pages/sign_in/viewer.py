"""Who is looking: the signed-in client, authorised for this very page, on the page's own transaction."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.access import service
from app.access.dependencies import DatabaseSession, TheClock
from app.access.matrix import Rows
from app.foundation.caller import Caller
from app.foundation.errors import Unauthenticated
from app.pages import repository
from app.pages.rendering.cookies import Visit, read_visit


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller as every room knows it, the rows the matrix shows it here, and its visit."""

    caller: Caller
    rows: Rows
    visit: Visit


def signed_in_viewer(request: Request, session: DatabaseSession, clock: TheClock) -> Viewer:
    """The viewer, and from here on a transaction that shows only the viewer's rows."""
    visit = read_visit(request, clock.now())
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
        on_behalf_of=None,
        trace_id=request.state.trace_id,
        route=operation or "",
    )
    service.scope_rows(session, caller, rows)
    return Viewer(caller, rows, visit)


TheViewer = Annotated[Viewer, Depends(signed_in_viewer, scope="function")]
