"""Turns every failure, the framework's own too, into problem details that repeat no value of the request."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from starlette.exceptions import HTTPException

from app.foundation.errors import RequestFault, ServiceError, Unavailable
from app.foundation.web.not_held import why_not_held
from app.foundation.web.pointers import pointer_of

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_UNREADABLE = {"json_invalid", "json_type"}
# A caller may send the same request again: PostgreSQL rolled the transaction back.
_RETRYABLE = {"40001", "40P01", "55P03", "57014"}  # serialisation, deadlock, lock timeout, statement timeout


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """One refusal as RFC 9457 has it. `extra` adds members of the service's own."""

    status: int
    code: str
    title: str
    detail: str
    faults: Sequence[RequestFault] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_response(request: Request, problem: ProblemDetails) -> JSONResponse:
    """Returns the response."""
    body = _problem_body(problem, getattr(request.state, "trace_id", ""))
    headers = {**problem.headers, "X-Problem-Code": problem.code}
    return JSONResponse(body, problem.status, headers=headers, media_type=MEDIA_TYPE)


def problem_of_item(error: ServiceError, trace_id: str, place: str) -> dict[str, Any]:
    """Returns the refusal of one item of a call as problem details.

    `place` is the item's own JSON pointer: each fault is named by where it stands in the whole call.
    """
    faults = [replace(fault, pointer=place + fault.pointer) for fault in error.faults]
    return _problem_body(_details_of(error, faults), trace_id)


def _problem_body(problem: ProblemDetails, trace_id: str) -> dict[str, Any]:
    """Returns the members of the problem. `type` names a page of this service that explains the code."""
    body: dict[str, Any] = {
        "type": f"/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "trace_id": trace_id,
        **problem.extra,
    }
    if problem.faults:
        body["errors"] = [{"pointer": f.pointer, "code": f.code, "detail": f.detail} for f in problem.faults]
    return body


def _details_of(error: ServiceError, faults: Sequence[RequestFault]) -> ProblemDetails:
    return ProblemDetails(error.status, error.code, error.title, error.detail, faults, error.extra, error.headers)


def on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - FastAPI only sends what was registered
    return problem_response(request, _details_of(error, error.faults))


def on_validation_error(request: Request, error: Exception) -> Response:
    """Answers a body or parameter that breaks the schema: 400 when unreadable, otherwise 422, each fault by pointer."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [_fault(e, error.body) for e in error.errors()]
    unreadable = any(e["type"] in _UNREADABLE for e in error.errors())
    problem = ProblemDetails(
        status=400 if unreadable else 422,
        code="malformed" if unreadable else "invalid",
        title="The request cannot be read" if unreadable else "The request breaks the schema",
        detail=f"{len(faults)} part(s) of the request must be corrected: {', '.join(f.pointer for f in faults[:5])}",
        faults=faults,
    )
    return problem_response(request, problem)


def _fault(error: dict[str, Any], body: object) -> RequestFault:
    pointer = pointer_of(error, body)
    # Pydantic's `input` and `ctx` are left out: they repeat what the caller sent.
    if error["type"] != "extra_forbidden":
        return RequestFault(pointer or "/", error["type"], error["msg"])
    never = why_not_held(error["loc"][-1])
    if never is not None:
        return RequestFault(pointer, "never_held", never)
    return RequestFault(pointer or "/", error["type"], "this name is not known here; check its spelling")


def on_http_error(request: Request, error: Exception) -> Response:
    """Answers the framework's own refusals (404, 405 and the like) as problem details."""
    assert isinstance(error, HTTPException)  # noqa: S101
    phrase = HTTPStatus(error.status_code).phrase
    problem = ProblemDetails(
        status=error.status_code,
        code=phrase.lower().replace(" ", "-"),
        title=phrase,
        detail=f"{phrase}: check the path and method against the API reference at /docs",
        headers=dict(error.headers or {}),
    )
    return problem_response(request, problem)


def on_database_error(request: Request, error: Exception) -> Response:
    """Answers 503 with Retry-After when the database is away or busy. Nothing of the statement is shown."""
    assert isinstance(error, DBAPIError)  # noqa: S101
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, OperationalError) or error.connection_invalidated or state in _RETRYABLE:
        return _database_away(request)
    return on_unexpected(request, error)


def on_no_free_connection(request: Request, _error: Exception) -> Response:
    """Answers 503 with Retry-After when every connection of this process stays in use."""
    return _database_away(request)


def _database_away(request: Request) -> Response:
    away = Unavailable("the database did not answer in time; nothing was stored, send the same request again")
    away.headers["Retry-After"] = "2"
    return on_service_error(request, away)


def on_unexpected(request: Request, error: Exception) -> Response:
    """Answers 500 for a fault of this service. The log says where, the caller gets the trace id, values stay inside."""
    trace_id = getattr(request.state, "trace_id", "")
    logger.error("unexpected fault", exc_info=error, extra={"trace_id": trace_id})
    problem = ProblemDetails(
        status=500,
        code="internal",
        title="Something went wrong on our side",
        detail="nothing was stored; quote the trace_id when you report this",
    )
    return problem_response(request, problem)


def install_problem_handlers(app: FastAPI) -> None:
    """Registers the handlers that turn every failure of `app` into a problem document."""
    app.add_exception_handler(ServiceError, on_service_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(DBAPIError, on_database_error)
    app.add_exception_handler(NoFreeConnectionError, on_no_free_connection)
    app.add_exception_handler(Exception, on_unexpected)
