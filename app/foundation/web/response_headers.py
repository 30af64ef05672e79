"""Gives every response a trace id and safe headers."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class ResponseHeaders:
    """ASGI middleware that adds the trace id, the safe headers and what is left of the limits to every response.

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
                for name, value in scope["state"].get("limits", {}).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _trace_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        # Hexadecimal digits only: the id is repeated in headers, logs and audit entries.
        if name == b"traceparent" and (match := _TRACEPARENT.match(value.decode("latin-1"))):
            return match.group(1)
    return secrets.token_hex(16)
