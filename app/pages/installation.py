"""Adds the pages to the application: routes, static files, and error pages that a person can read."""

from fastapi import FastAPI

from app.pages.endpoints import router
from app.pages.rendering.assets import compressed_assets
from app.pages.rendering.error_pages import install_error_pages

FORM_PATHS = ("/sign-in", "/sign-out", "/board")


def install_pages(app: FastAPI) -> None:
    """Adds the pages.

    Call it last, after `install_problem_handlers`, because it wraps the handlers of that function.
    """
    app.include_router(router)
    app.mount("/static", compressed_assets(), name="static")
    install_error_pages(app)
