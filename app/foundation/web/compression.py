"""Compresses the API's answers for callers that accept gzip; an answer with an ETag stays as it is.

The size of a compressed text tells something of its content to whoever can add to it and watch (BREACH). An API answer
needs a key that no browser adds by itself, so nobody else can make a caller ask again and again. Pages go with the
browser's cookie: they are compressed where they are made, with a fresh token in every form.
"""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/v1/"
MINIMUM_BYTES, LEVEL = 1_000, 6
_NEVER = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")


class ApiCompression:
    """ASGI middleware. Answers shorter than `MINIMUM_BYTES` are not worth it and are sent as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(API) and _accepts_gzip(Headers(scope=scope)):
            await _UntaggedOnly(self.app, MINIMUM_BYTES, LEVEL)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class _UntaggedOnly(GZipResponder):
    """Compresses what has no ETag: a strong tag names the bytes of one form, and `If-Match` compares it."""

    tagged = False

    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.tagged = "etag" in Headers(raw=message["headers"])
        await (self.send(message) if self.tagged else super().send_with_compression(message))


def _accepts_gzip(headers: Headers) -> bool:
    """Returns whether gzip is among the encodings that the caller accepts; `q=0` refuses it."""
    for accepted in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = accepted.partition(";")
        if name.strip() == "gzip":
            return not _NEVER.fullmatch(weight)
    return False
