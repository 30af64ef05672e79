"""A book as one HTML page that needs nothing else: no script, no font, no request."""

import re
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from app.routing.handbook.document import Book

_PACKAGE = "app.routing.handbook"
_STYLE_FILE = files(_PACKAGE).joinpath("templates", "handbook.css")
STYLE = "\n" + _STYLE_FILE.read_text(encoding="utf-8")
"""The whole content of the style element, which the content security policy names by its hash."""


def to_html(book: Book) -> str:
    """Returns the book as HTML, every text of it escaped."""
    # The style is not escaped: it is our own file, and its hash is of these very bytes.
    return _templates().get_template("handbook.html").render(book=book, style=Markup(STYLE))  # noqa: S704


@lru_cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["anchor"] = _anchor
    return environment


def _anchor(text: str) -> str:
    """Returns a stable anchor, so that a decision can link to the rule it names."""
    return re.sub(r"[^a-z0-9]+", "-", text.partition(" (")[0].lower()).strip("-")
