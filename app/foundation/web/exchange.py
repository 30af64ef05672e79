"""Gives every response a trace id and safe headers, and refuses unknown query parameters."""

import re
import secrets

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.foundation.errors import Malformed
from app.foundation.web.body_guard import unstorable

SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Vary": "Accept, Authorization",
    "X-Content-Type-Options": "nosniff",
    "X-Handling": "OFFICIAL-SENSITIVE",
}
_TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$")
MOST_PARAMETERS, MOST_QUERY_BYTES = 40, 2048


class Exchange:
    """ASGI middleware that adds the trace id and the safe headers to every response.

    It is the outermost one, so that refusals of the body guard carry them too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        trace_id = _trace_id(scope)
        scope.setdefault("state", {})["trace_id"] = trace_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    # A page may have set its own, such as how long a browser keeps a style sheet.
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = trace_id
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        # Hexadecimal digits only: the id is repeated in headers, logs and audit entries.
        if name == b"traceparent" and (match := _TRACEPARENT.match(value.decode("latin-1"))):
            return match.group(1)
    return secrets.token_hex(16)


async def refuse_unknown_query(request: Request) -> None:
    """Refuses an unknown query parameter by name: to drop a misspelt filter silently would show the wrong list."""
    query: QueryParams = request.query_params
    if len(request.url.query) > MOST_QUERY_BYTES or len(query.multi_items()) > MOST_PARAMETERS:
        raise Malformed(f"a query may hold {MOST_PARAMETERS} parameters and {MOST_QUERY_BYTES} bytes at most")
    if unstorable([part for pair in query.multi_items() for part in pair]):
        raise Malformed("the query holds a NUL, a control character or half a surrogate pair")
    route = request.scope.get("route")
    known = _query_names(route) if isinstance(route, APIRoute) else frozenset()
    if unknown := sorted(set(query) - known):
        raise Malformed(f"unknown query parameter(s): {', '.join(name[:40] for name in unknown)}; see /docs")


def _query_names(route: APIRoute) -> frozenset[str]:
    waiting, names = [route.dependant], set[str]()
    while waiting:
        dependant = waiting.pop()
        for parameter in dependant.query_params:
            names |= _names_of(parameter.field_info.annotation, str(parameter.alias))
        waiting += dependant.dependencies
    return frozenset(names)


def _names_of(annotation: object, alias: str) -> set[str]:
    """Returns the parameter's own name, or those of its fields when filters are declared together as one model."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {field.alias or name for name, field in annotation.model_fields.items()}
    return {alias}
