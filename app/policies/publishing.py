"""A policy in the form that was asked for, with its fingerprint as ETag."""

import base64
import hashlib
from enum import StrEnum

from fastapi import Response
from fastapi.responses import JSONResponse

from app.policies.registry import Shelved
from app.policies.schemas import PolicyOut
from app.routing.examples.example_files import cases_of
from app.routing.handbook.dmn import dmn
from app.routing.handbook.handbook import STYLE, handbook, to_html, to_markdown


class Format(StrEnum):
    """The forms a policy is published in."""

    JSON = "json"
    TOML = "toml"
    HTML = "html"
    MARKDOWN = "md"
    DMN = "dmn"


MEDIA = {
    Format.JSON: "application/json",
    Format.TOML: "application/toml; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.DMN: "application/xml; charset=utf-8",
}
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_HTML_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}


def asked_format(given: Format | None, accept: str) -> Format:
    """What the query says, else the first form the `Accept` header names, else JSON."""
    if given is not None:
        return given
    for wanted in accept.split(","):
        kind = wanted.partition(";")[0].strip().lower()
        for form, media in MEDIA.items():
            if kind == media.partition(";")[0]:
                return form
    return Format.JSON


def published(shelved: Shelved, wanted: Format, shown: PolicyOut | None, known: str | None) -> Response:
    """The policy in that form; 304 when the caller has it already."""
    etag = f'"{shelved.policy.sha256}-{wanted}"'
    if known is not None and etag in [each.strip() for each in known.split(",")]:
        return Response(status_code=304, headers={"ETag": etag})
    headers = {"ETag": etag, **(_HTML_HEADERS if wanted is Format.HTML else {})}
    if wanted is Format.JSON and shown is not None:
        return JSONResponse(shown.model_dump(mode="json"), headers=headers)
    return Response(_text(shelved, wanted), media_type=MEDIA[wanted], headers=headers)


def _text(shelved: Shelved, wanted: Format) -> str:
    if wanted is Format.TOML:
        return shelved.file.text
    if wanted is Format.DMN:
        return dmn(shelved.policy)
    book = handbook(shelved.policy, cases_of(shelved.policy.id))
    return to_html(book) if wanted is Format.HTML else to_markdown(book)
