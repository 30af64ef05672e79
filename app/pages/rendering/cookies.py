"""The signed cookies: who is signed in, and which browser a form was given to.

The session holds a visit's id and two times, nothing else. Whether the visit still stands is asked anew on every
page, so signing out ends it also for a copied cookie, and a suspended key ends all of its visits at once.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, Signer, URLSafeSerializer

from app.foundation.errors import Forbidden, Unauthenticated, Unavailable

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=8)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser: which visit, since when, and when it last opened a page."""

    id: str
    signed_in_at: datetime
    seen_at: datetime


def read_visit(request: Request, now: datetime) -> Visit:
    """The visit of this browser, or `Unauthenticated` with why it must sign in: `nobody`, `idle` or `long`."""
    text = request.cookies.get(_name(request, "session"), "")
    try:
        visit_id, *times = URLSafeSerializer(_secret(request), salt="session 2").loads(text)
    except BadSignature:
        raise Unauthenticated("sign in to see this page", because="nobody") from None
    signed_in_at, seen_at = (datetime.fromtimestamp(seconds, UTC) for seconds in times)
    if now - signed_in_at >= LONGEST:
        raise Unauthenticated("a session lasts eight hours; sign in again", because="long")
    if now - seen_at >= IDLE:
        raise Unauthenticated("nothing was opened for half an hour; sign in again", because="idle")
    return Visit(visit_id, signed_in_at, now)


def keep_visit(request: Request, response: Response, visit: Visit) -> None:
    """The browser carries the visit until it is closed, idle for half an hour, or eight hours old."""
    content = [visit.id, int(visit.signed_in_at.timestamp()), int(visit.seen_at.timestamp())]
    text = URLSafeSerializer(_secret(request), salt="session 2").dumps(content)
    _set(request, response, "session", str(text))


def forget_visit(request: Request, response: Response) -> None:
    """The browser has forgotten the visit and everything else of this service."""
    response.delete_cookie(
        _name(request, "session"), secure=_is_secure(request), httponly=True, samesite="strict"
    )
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def form_nonce(request: Request) -> str:
    """The random mark of this browser, or a fresh one when it has none yet."""
    return request.cookies.get(_name(request, "form")) or secrets.token_urlsafe(24)


def form_token(request: Request, nonce: str) -> str:
    """What a form given to this browser carries. It differs each time, so that compressing the page tells nothing."""
    salt = secrets.token_urlsafe(12)
    return f"{salt}.{_signer(request).get_signature(salt + nonce).decode()}"


def keep_nonce(request: Request, response: Response, nonce: str) -> None:
    """The browser carries its mark."""
    if request.cookies.get(_name(request, "form")) != nonce:
        _set(request, response, "form", nonce)


def refuse_forged(request: Request, token: str) -> None:
    """The form was given to this browser and sent from our own page, or `Forbidden`."""
    nonce = request.cookies.get(_name(request, "form"), "")
    salt, _, signature = token.partition(".")
    from_elsewhere = request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
    if from_elsewhere or not nonce or not _signer(request).verify_signature(salt + nonce, signature):
        raise Forbidden("this form was not given to this browser by this service", code="form-not-ours")


def _signer(request: Request) -> Signer:
    return Signer(_secret(request), salt="form")


def _secret(request: Request) -> str:
    secret: str | None = request.app.state.settings.secret_key
    if secret is None:
        raise Unavailable("nobody can sign in until ROUTING_SECRET_KEY is set")
    return secret


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(
        _name(request, name), value, secure=_is_secure(request), httponly=True, samesite="strict"
    )


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    """Only a development server on the machine's own loopback may send a cookie over plain http."""
    settings, url = request.app.state.settings, request.url
    is_own_machine = url.scheme == "http" and url.hostname in _LOOPBACK
    return not (settings.environment == "development" and is_own_machine)
