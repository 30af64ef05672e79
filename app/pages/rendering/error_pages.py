"""Shows a refusal as a page without data to whoever asked for a page. The API keeps its problem documents."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from app.foundation.errors import ServiceError, Unauthenticated
from app.pages.rendering.templates import page

Handler = Callable[[Request, Exception], Response]
HEADING_AND_TEXT: Mapping[int, tuple[str, str]] = {
    400: (
        "This address cannot be read",
        "Part of the address or of the form is not one this page knows. Go back to your work and filter again.",
    ),
    403: (
        "You cannot see this page",
        "Your role may not see this page, or the form did not come from this service.",
    ),
    404: (
        "Page not found",
        "There is nothing at this address, or it belongs to another agency or area and is not yours to see.",
    ),
    405: (
        "Page not found",
        "This address does not accept that kind of request. Go back to your work.",
    ),
    409: (
        "Someone else changed this",
        "What you saw has changed. Open the page again before you decide.",
    ),
    422: (
        "This address cannot be read",
        "Part of the address or of the form is not one this page knows. Go back to your work and filter again.",
    ),
    429: (
        "Too many requests",
        "This was asked for more often than the service allows. Nothing was stored. Wait a minute and try again.",
    ),
    503: (
        "The service is busy",
        "Nothing was stored. Wait a few seconds and try again. Do not wait for this service with anything urgent.",
    ),
}
_UNEXPECTED = (
    "Sorry, there is a problem with the service",
    "Nothing was stored. Try again. If it fails again, tell your administrator the reference number below.",
)
_DATA_ONLY = ("/v1/", "/static/", "/openapi", "/health/")


def install_error_pages(app: FastAPI) -> None:
    """Wraps the error handlers: a browser that asks for a page gets a page; every other caller gets problem details."""
    for kind in (ServiceError, RequestValidationError, HTTPException, DBAPIError, Exception):
        answer = app.exception_handlers[kind]
        app.add_exception_handler(kind, _as_page(answer))


def _as_page(answer: Any) -> Handler:  # noqa: ANN401 - the framework types its table of handlers loosely
    def on_error(request: Request, error: Exception) -> Response:
        # Before the answer is made, which would count it as a failure: to be asked to sign in is none.
        if isinstance(error, Unauthenticated) and _wants_page(request):
            return _to_sign_in(request, error)
        refusal: Response = answer(request, error)
        if not _wants_page(request):
            return refusal
        return _error_page(request, refusal)

    return on_error


def _wants_page(request: Request) -> bool:
    wants_html = "text/html" in request.headers.get("accept", "")
    return wants_html and not request.url.path.startswith(_DATA_ONLY)


def _to_sign_in(request: Request, error: Unauthenticated) -> Response:
    # The path only: what somebody filtered by is not carried into another address.
    query = {"because": str(error.extra.get("because", "")), "then": request.url.path}
    return RedirectResponse(f"/sign-in?{urlencode(query)}", 303)


def _error_page(request: Request, refusal: Response) -> Response:
    heading, text = HEADING_AND_TEXT.get(refusal.status_code, _UNEXPECTED)
    response = page(
        request,
        "error.html",
        status=refusal.status_code,
        heading=heading,
        text=text,
        trace_id=getattr(request.state, "trace_id", ""),
    )
    for name in ("allow", "retry-after"):
        if name in refusal.headers:
            response.headers[name] = refusal.headers[name]
    return response
