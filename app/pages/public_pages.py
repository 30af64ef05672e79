"""The pages that need no sign-in: problem codes, the API reference, accessibility. They show no data."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.matrix import access_matrix
from app.pages.rendering.templates import page
from app.pages.views.api_reference import documented_operations
from app.pages.views.problems import all_problems

router = APIRouter()


@router.get("/problems", operation_id="showProblems")
def show_problems(request: Request) -> HTMLResponse:
    """Shows every problem code with its cause and what to do; `type` in a problem document links here."""
    return page(request, "problems.html", problems=all_problems())


@router.get("/docs", operation_id="showReference")
def show_reference(request: Request) -> HTMLResponse:
    """Shows the API reference: a plain table that needs no script, and below it Swagger UI, served by this service."""
    return page(
        request,
        "reference.html",
        # Swagger UI fetches the specification and sends its trials to this service, and carries its icons as data.
        policy={"connect-src": "'self'", "img-src": "'self' data:"},
        operations=documented_operations(request.app.openapi(), access_matrix()),
    )


@router.get("/accessibility", operation_id="showAccessibilityStatement")
def show_accessibility_statement(request: Request) -> HTMLResponse:
    return page(request, "accessibility.html")
