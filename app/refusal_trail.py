"""Puts refused calls on the audit trail, and locks out an address that fails to prove who calls.

A refused call's own transaction is rolled back, so this is one of its own, after it.
"""

from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from sqlalchemy.orm import Session

from app.access.admission import address_of, nobody_known
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.errors import Forbidden, ServiceError, TooManyCalls, Unauthenticated
from app.foundation.storage.transaction import Transaction
from app.foundation.web.problems import on_database_error, on_no_free_connection, on_service_error
from app.throttle.limits import failure_limit
from app.throttle.service import count_call, failures_at, locked_out, refusals_at


def install_refusal_trail(app: FastAPI) -> None:
    """Registers the handler of refusals. Call it after `install_problem_handlers`, whose handler it goes before."""
    app.add_exception_handler(ServiceError, on_refusal)


def on_refusal(request: Request, error: Exception) -> Response:
    """Answers a refusal, once it is on record. When it cannot be recorded the answer is 503."""
    if not isinstance(error, (Unauthenticated, Forbidden, TooManyCalls)):
        return on_service_error(request, error)
    now: datetime = request.app.state.clock.now()
    try:
        with request.app.state.sessions.begin() as session:
            refusal = _counted(session, request, error, now)
            if _is_recorded(session, request, refusal, now):
                tx = Transaction(session, _refused_caller(request), now)
                record_act(tx, Category.REFUSAL, "call", refusal.code)
    except DBAPIError as away:
        return on_database_error(request, away)
    except NoFreeConnectionError as away:
        return on_no_free_connection(request, away)
    return on_service_error(request, refusal)


def _counted(session: Session, request: Request, error: ServiceError, now: datetime) -> ServiceError:
    """Returns the refusal itself, or the lock-out that the address has come to by it."""
    if not isinstance(error, Unauthenticated):
        return error
    # Who proves who they are is answered at a locked address too: keys have 256 random bits and are not guessed, and a
    # broken system must not keep the other systems behind its address from sending a referral.
    limit = failure_limit(request.app.state.settings)
    [use] = count_call(session, {failures_at(address_of(request)): limit}, now)
    return locked_out(use, now) if use.spent else error


def _is_recorded(session: Session, request: Request, refusal: ServiceError, now: datetime) -> bool:
    """Returns whether the refusal goes on record: a stranger writes no more than an address may fail."""
    if isinstance(refusal, TooManyCalls):
        return refusal.is_first
    if isinstance(refusal, Unauthenticated) or getattr(request.state, "caller", None) is not None:
        return True
    limit = failure_limit(request.app.state.settings)
    return not count_call(session, {refusals_at(address_of(request)): limit}, now)[0].spent


def _refused_caller(request: Request) -> Caller:
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller or nobody_known(request)
