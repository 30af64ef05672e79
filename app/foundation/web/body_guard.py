"""Refuses a hostile body before the framework parses it: size, encoding, depth, numbers, characters, keys.

Pure ASGI, so that nothing behind it sees bytes that PostgreSQL or a parser cannot handle.
"""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.foundation.errors import Malformed, PayloadTooLarge, ServiceError, UnsupportedMediaType
from app.foundation.web.problems import on_service_error

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
MOST_NUMBER = 2**53  # above it a receiver that reads numbers as floating point, as JavaScript does, changes them
_OPENERS, _CLOSERS = "{[", "}]"


class BodyGuard:
    """ASGI middleware. JSON bodies are read whole, checked, and handed on; anything else is 400, 413 or 415."""

    def __init__(self, app: ASGIApp, *, form_paths: tuple[str, ...] = ()) -> None:
        self.app = app
        self.form_paths = form_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # No operation reads a body with the other methods.
        if scope["type"] != "http" or scope["method"] not in {"POST", "PUT", "PATCH", "DELETE"}:
            await self.app(scope, receive, send)
            return
        try:
            body = await _read(receive)
            if body or not scope["path"].startswith(self.form_paths or ("\0",)):
                _check(scope, body, is_form=scope["path"].startswith(self.form_paths or ("\0",)))
        except ServiceError as refusal:
            await on_service_error(Request(scope), refusal)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _read(receive: Receive) -> bytes:
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("the connection ended before the body did")
        chunks.append(message.get("body", b""))
        # Counted while the body arrives: its Content-Length may be missing or wrong.
        size += len(chunks[-1])
        if size > MOST_BYTES:
            raise PayloadTooLarge(f"a body may be {MOST_BYTES // 1024} KiB at most")
        more = message.get("more_body", False)
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again


def _check(scope: Scope, body: bytes, *, is_form: bool) -> None:
    kind = _content_type(scope)
    # The pages' few forms have short fields, which the framework reads and bounds.
    if is_form:
        return
    if not body:
        return
    if kind not in {"application/json", "application/merge-patch+json"}:
        raise UnsupportedMediaType("send the body as application/json, in UTF-8")
    check_json(body)


def _content_type(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind: str = value.decode("latin-1").partition(";")[0].strip().lower()
            return kind
    return ""


def check_json(body: bytes) -> None:
    """Raises `Malformed`, which says what is wrong, unless the body is JSON that every layer behind can hold."""
    try:
        text = body.decode("utf-8", errors="strict")
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None
    if text.startswith("\ufeff"):
        raise Malformed("the body begins with a byte order mark; send UTF-8 without one")
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_refuse_constant,
            parse_float=_bounded_float,
            parse_int=_bounded_int,
        )
    except (json.JSONDecodeError, RecursionError):
        raise Malformed("the body is not valid JSON") from None
    # After parsing: an escape such as \u0000 becomes a character only then.
    _check_characters(value)


def _check_depth(text: str) -> None:
    # Before json.loads, which recurses: a deep body would use up its stack.
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in _OPENERS:
            depth += 1
            if depth > MOST_DEPTH:
                raise Malformed(f"the body is nested more than {MOST_DEPTH} deep")
        elif character in _CLOSERS:
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Parsers disagree on which of two equal keys counts, so a check and a later reader could see different values.
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise Malformed("the body gives the same key twice in one object")
    return keys


def _refuse_constant(_name: str) -> NoReturn:
    raise Malformed("the body holds NaN or Infinity, which are not JSON numbers")


def _bounded_float(text: str) -> float:
    # float() makes infinity of 1e400, and infinity is above the bound too.
    number = float(text)
    if abs(number) > MOST_NUMBER:
        raise Malformed("the body holds a number too large to keep exactly")
    return number


def _bounded_int(text: str) -> int:
    # The length first: int() on a hundred thousand digits takes long, and an attacker would send them.
    if len(text) > len(str(MOST_NUMBER)) + 1 or abs(int(text)) > MOST_NUMBER:
        raise Malformed("the body holds a number too large to keep exactly")
    return int(text)


def _check_characters(value: Any) -> None:  # noqa: ANN401 - any JSON
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and not _is_storable(part):
            raise Malformed("the body holds a NUL, a control character or half a surrogate pair")
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part


def _is_storable(text: str) -> bool:
    # PostgreSQL stores no NUL in a text, and UTF-8 writes no half of a surrogate pair: either would end as a 500.
    return not any(
        (character < " " and character not in "\t\n\r") or "\ud800" <= character <= "\udfff" for character in text
    )


def unstorable(texts: Iterable[str]) -> bool:
    """Returns whether any text holds a character that cannot be stored; for headers and query parameters."""
    return not all(_is_storable(text) for text in texts)
