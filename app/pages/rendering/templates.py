"""Renders a template as a page, with the security headers and the cookies of every page."""

import gzip
from collections.abc import Mapping
from functools import lru_cache

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from app.pages.rendering import cookies, dates
from app.pages.rendering.assets import asset_url

# The hash of the one inline script of the GOV.UK template, which marks that JavaScript runs.
_START = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"
POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": f"'self' {_START}",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'none'",
    "connect-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


@lru_cache
def templates() -> Environment:
    """Returns the templates. Every value is escaped."""
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("app.pages"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset_url"] = asset_url
    environment.filters["date_words"] = dates.date_words
    environment.filters["instant_words"] = dates.instant_words
    return environment


def _response(request: Request, html: str, status: int) -> HTMLResponse:
    """Returns the response, gzipped when the browser accepts that: a long board shrinks to a tenth."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return HTMLResponse(html, status)
    packed = gzip.compress(html.encode(), compresslevel=6, mtime=0)
    return HTMLResponse(packed, status, headers={"Content-Encoding": "gzip"})


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    visit: cookies.Visit | None = None,
    policy: Mapping[str, str] | None = None,
    **content: object,
) -> HTMLResponse:
    """Returns the page with the strict content security policy, changed by `policy`.

    With `visit`, updates when it was last seen.
    """
    nonce = cookies.form_nonce(request)
    html = (
        templates()
        .get_template(template)
        .render(**content, form_token=cookies.form_token(request, nonce), signed_in=visit is not None)
    )
    response = _response(request, html, status)
    directives = {**POLICY, **(policy or {})}
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in directives.items())
    response.headers["Vary"] = "Accept, Accept-Encoding, Authorization, Cookie"
    cookies.keep_nonce(request, response, nonce)
    if visit is not None:
        cookies.keep_visit(request, response, visit)
    return response
