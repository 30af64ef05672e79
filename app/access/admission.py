"""Admits a call: finds out which client calls and counts the call, in a transaction that ends before the call's own.

So a call that is refused, or fails, is counted as well.
"""

from collections.abc import Mapping
from datetime import datetime

from fastapi import Request

from app.access.authentication import authenticate
from app.access.matrix import access_matrix
from app.access.models import Client
from app.access.tokens import issuer_of
from app.foundation.caller import Caller, normal_form
from app.foundation.settings import Settings
from app.throttle.limits import Limit, LimitUse, client_limit, limit_headers, person_limit, search_limit
from app.throttle.service import count_call, refuse_when_spent, subject_of


def admit(request: Request, on_behalf_of: str | None, now: datetime) -> Client:
    """Returns the client that the `Authorization` header proves, with its call counted.

    It is the caller of the request from then on. Raises `Unauthenticated`, and `TooManyCalls` when a limit of the
    client or of the person is spent.
    """
    # A session of its own: its connection is free again before the call takes one.
    with request.app.state.sessions.begin() as session:
        issuer = issuer_of(request.app.state.settings)
        client = authenticate(session, request.headers.getlist("authorization"), issuer, now)
        limits = _limits_of(request, client, normal_form(on_behalf_of or ""))
        uses = count_call(session, limits, now)
    # Set before anything is refused: the audit trail says who was.
    request.state.caller = caller_of_client(request, client)
    show_limits(request, uses, now)
    refuse_when_spent(uses, now)
    return client


def person_subject(agency: str, name: str) -> str:
    """Returns under what a person's calls are counted, whether a system speaks for them or they open pages."""
    return subject_of("person", f"{agency}/{name}")


def show_limits(request: Request, uses: list[LimitUse], now: datetime) -> None:
    """Lets the answer say what is left of the limits."""
    request.state.limits = limit_headers(uses, now)


def address_of(request: Request) -> str:
    """Returns where the call comes from: behind a proxy that the web process trusts, what that proxy says."""
    return request.client.host if request.client else "unknown"


def operation_of(request: Request) -> str:
    """Returns the id of the operation that is called."""
    return getattr(request.scope.get("route"), "operation_id", None) or ""


def caller_of_client(request: Request, client: Client) -> Caller:
    """Returns the caller that this client is, before it is known for whom it speaks."""
    return Caller(
        client_id=client.id,
        agency=client.agency,
        role=client.role,
        areas=frozenset(client.areas),
        on_behalf_of=None,
        trace_id=request.state.trace_id,
        route=operation_of(request),
        address=address_of(request),
    )


def nobody_known(request: Request) -> Caller:
    """Returns the caller of a request that has proved nobody, for the audit trail."""
    asked = (request.state.trace_id, operation_of(request), address_of(request))
    return Caller("NOBODY", "NOBODY", "NOBODY", frozenset(), None, *asked)


def _limits_of(request: Request, client: Client, name: str) -> Mapping[str, Limit]:
    settings: Settings = request.app.state.settings
    limits = {subject_of("client", client.id): client_limit(settings)}
    # Only from a client that may speak for people: no feed spends what a person may do, or learns how much is left.
    if name and client.speaks_for_people:
        limits[person_subject(client.agency, name)] = person_limit(settings)
    grant = access_matrix().get(operation_of(request))
    if grant and grant.limit:
        limits[subject_of(grant.limit, client.id)] = search_limit(settings)
    return limits
