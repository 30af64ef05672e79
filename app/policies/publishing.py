"""Publishes a policy as JSON, TOML, handbook or DMN, with its fingerprint as ETag."""

import base64
import hashlib
from enum import StrEnum

from fastapi import Response
from fastapi.responses import JSONResponse

from app.policies.registry import RegisteredPolicy
from app.policies.schemas import PolicyOut
from app.routing.examples.example_files import examples_of
from app.routing.handbook.dmn import dmn
from app.routing.handbook.handbook import STYLE, handbook, to_html, to_markdown


class PolicyFormat(StrEnum):
    """The formats in which a policy is published."""

    JSON = "json"
    TOML = "toml"
    HTML = "html"
    MARKDOWN = "md"
    DMN = "dmn"


MEDIA = {
    PolicyFormat.JSON: "application/json",
    PolicyFormat.TOML: "application/toml; charset=utf-8",
    PolicyFormat.HTML: "text/html; charset=utf-8",
    PolicyFormat.MARKDOWN: "text/markdown; charset=utf-8",
    PolicyFormat.DMN: "application/xml; charset=utf-8",
}
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The handbook carries its own style sheet: the header allows exactly that one, and no script at all.
_HTML_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
}


def requested_format(given: PolicyFormat | None, accept: str) -> PolicyFormat:
    """Returns the format that the query names, else the first that the `Accept` header names, else JSON."""
    if given is not None:
        return given
    for wanted in accept.split(","):
        kind = wanted.partition(";")[0].strip().lower()
        for form, media in MEDIA.items():
            if kind == media.partition(";")[0]:
                return form
    return PolicyFormat.JSON


def policy_response(
    registered: RegisteredPolicy, wanted: PolicyFormat, shown: PolicyOut | None, known: str | None
) -> Response:
    """Returns the policy in that format; 304 when `known` (`If-None-Match`) holds its ETag."""
    # With the format: two formats of one policy are different answers at one address.
    etag = f'"{registered.policy.sha256}-{wanted}"'
    if known is not None and etag in [each.strip() for each in known.split(",")]:
        return Response(status_code=304, headers={"ETag": etag})
    headers = {"ETag": etag, **(_HTML_HEADERS if wanted is PolicyFormat.HTML else {})}
    if wanted is PolicyFormat.JSON and shown is not None:
        return JSONResponse(shown.model_dump(mode="json"), headers=headers)
    return Response(_text(registered, wanted), media_type=MEDIA[wanted], headers=headers)


def _text(registered: RegisteredPolicy, wanted: PolicyFormat) -> str:
    if wanted is PolicyFormat.TOML:
        return registered.file.text
    if wanted is PolicyFormat.DMN:
        return dmn(registered.policy)
    book = handbook(registered.policy, examples_of(registered.policy.id))
    return to_html(book) if wanted is PolicyFormat.HTML else to_markdown(book)
