"""Turns every failure, the framework's own included, into problem details that echo no value."""

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.exceptions import HTTPException

from app.foundation.errors import RequestFault, ServiceError, Unavailable

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_UNREADABLE = {"json_invalid", "json_type"}
_RETRYABLE = {"40001", "40P01", "55P03", "57014"}  # serialisation, deadlock, lock timeout, statement timeout


def problem(
    request: Request,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    faults: Sequence[RequestFault] = (),
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The problem response. `type` names a page of this service that explains the code."""
    body: dict[str, Any] = {
        "type": f"/problems#{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "trace_id": getattr(request.state, "trace_id", ""),
        **(extra or {}),
    }
    if faults:
        body["errors"] = [{"pointer": f.pointer, "code": f.code, "detail": f.detail} for f in faults]
    return JSONResponse(
        body, status, headers={**(headers or {}), "X-Problem-Code": code}, media_type=MEDIA_TYPE
    )


def on_service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - FastAPI only sends what was registered
    return problem(
        request,
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        faults=error.faults,
        extra=error.extra,
        headers=error.headers,
    )


def on_validation_error(request: Request, error: Exception) -> Response:
    """A body or parameter that breaks the schema: 400 when unreadable, otherwise 422, each fault by pointer."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [_fault(e) for e in error.errors()]
    unreadable = any(e["type"] in _UNREADABLE for e in error.errors())
    return problem(
        request,
        status=400 if unreadable else 422,
        code="malformed" if unreadable else "invalid",
        title="The request cannot be read" if unreadable else "The request breaks the schema",
        detail=f"{len(faults)} part(s) of the request must be mended: {', '.join(f.pointer for f in faults[:5])}",
        faults=faults,
    )


def _fault(error: dict[str, Any]) -> RequestFault:
    where, *path = error["loc"]
    prefix = "" if where == "body" else f"/{where}"
    pointer = prefix + "".join(f"/{_escape(part)}" for part in path)
    detail = (
        "this name is not known here; check its spelling"
        if error["type"] == "extra_forbidden"
        else error["msg"]
    )
    return RequestFault(pointer or "/", error["type"], detail)


def _escape(part: object) -> str:
    return str(part)[:80].replace("~", "~0").replace("/", "~1")


def on_http_error(request: Request, error: Exception) -> Response:
    """The framework's own refusals (404, 405 and the like) in the same shape."""
    assert isinstance(error, HTTPException)  # noqa: S101
    phrase = HTTPStatus(error.status_code).phrase
    return problem(
        request,
        status=error.status_code,
        code=phrase.lower().replace(" ", "-"),
        title=phrase,
        detail=f"{phrase}: check the path and method against the API reference at /docs",
        headers=dict(error.headers or {}),
    )


def on_database_error(request: Request, error: Exception) -> Response:
    """A database that is away or busy is 503 with Retry-After; nothing of the statement leaves."""
    assert isinstance(error, DBAPIError)  # noqa: S101
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, OperationalError) or error.connection_invalidated or state in _RETRYABLE:
        away = Unavailable(
            "the database did not answer in time; nothing was stored, send the same request again"
        )
        away.headers["Retry-After"] = "2"
        return on_service_error(request, away)
    return on_unexpected(request, error)


def on_unexpected(request: Request, error: Exception) -> Response:
    """A fault of ours: the log has its place, the caller has the trace id, and nobody has what it held."""
    trace_id = getattr(request.state, "trace_id", "")
    logger.error("unexpected fault", exc_info=error, extra={"trace_id": trace_id})
    return problem(
        request,
        status=500,
        code="internal",
        title="Something went wrong on our side",
        detail="nothing was stored; quote the trace_id when you report this",
    )


def install_problem_handlers(app: FastAPI) -> None:
    """From here on every failure of `app` is a problem document."""
    app.add_exception_handler(ServiceError, on_service_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(DBAPIError, on_database_error)
    app.add_exception_handler(Exception, on_unexpected)
