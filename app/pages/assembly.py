"""Puts the pages into the application: routes, files, and refusals that a person can read."""

from fastapi import FastAPI

from app.pages.endpoints import router
from app.pages.rendering.assets import compressed_assets
from app.pages.rendering.errors import show_errors_as_pages

FORM_PATHS = ("/sign-in", "/sign-out", "/board")


def add_pages(app: FastAPI) -> None:
    """The application also answers people. Call it last, after `install_problem_handlers`."""
    app.include_router(router)
    app.mount("/static", compressed_assets(), name="static")
    show_errors_as_pages(app)
