"""The signed cookies: a browser's visit, its attempt to sign in, and which browser a form was given to.

The session cookie holds a visit's id and two times, nothing else. Every page asks the database whether the visit goes
on, so signing out ends it also for a copied cookie, and suspending an account ends all of its visits at once.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import Request, Response
from itsdangerous import BadSignature, Signer, URLSafeSerializer

from app.foundation.errors import Forbidden, Unauthenticated, Unavailable
from app.foundation.storage.keys import secret_key_of

IDLE, LONGEST, TO_SIGN_IN = timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=10)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in browser: the id of its visit, when it signed in, and when it last opened a page."""

    id: str
    signed_in_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """An attempt to sign in at the provider, known to the browser that began it. `then` is the page it wants."""

    state: str
    nonce: str
    verifier: str
    then: str
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ProvedPerson:
    """Whom the provider proved and no account is linked to yet. `then` is the page that they want."""

    subject: str
    then: str
    proved_at: datetime


def new_attempt(then: str, now: datetime) -> SignInAttempt:
    """Returns an attempt with three secrets of its own: against forged answers, replayed tokens and stolen codes."""
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    return SignInAttempt(state, nonce, verifier, then, now)


def keep_attempt(request: Request, response: Response, attempt: SignInAttempt) -> None:
    """Sets the cookie of the attempt, which is sent when the provider's page leads back here."""
    content = [attempt.state, attempt.nonce, attempt.verifier, attempt.then, int(attempt.begun_at.timestamp())]
    text = str(URLSafeSerializer(_secret(request), salt="attempt").dumps(content))
    # Lax and not strict: the provider's site begins the request that brings the person back.
    response.set_cookie(
        _name(request, "attempt"), text, secure=_is_secure(request), httponly=True, samesite="lax",
        max_age=int(TO_SIGN_IN.total_seconds()),
    )  # fmt: skip


def read_attempt(request: Request, now: datetime) -> SignInAttempt | None:
    """Returns the attempt that this browser began within the last ten minutes, or None."""
    text = request.cookies.get(_name(request, "attempt"), "")
    try:
        state, nonce, verifier, then, begun = URLSafeSerializer(_secret(request), salt="attempt").loads(text)
    except BadSignature:
        return None
    attempt = SignInAttempt(state, nonce, verifier, then, datetime.fromtimestamp(begun, UTC))
    return attempt if now - attempt.begun_at < TO_SIGN_IN else None


def forget_attempt(request: Request, response: Response) -> None:
    """Deletes the cookie of the attempt: each is good for one answer."""
    response.delete_cookie(_name(request, "attempt"), secure=_is_secure(request), httponly=True, samesite="lax")


def keep_proved(request: Request, response: Response, proved: ProvedPerson) -> None:
    """Sets the cookie of whom the provider proved, until they have entered their linking code."""
    content = [proved.subject, proved.then, int(proved.proved_at.timestamp())]
    _set(request, response, "proved", str(URLSafeSerializer(_secret(request), salt="proved").dumps(content)))


def read_proved(request: Request, now: datetime) -> ProvedPerson | None:
    """Returns whom the provider proved to this browser within the last ten minutes, or None."""
    text = request.cookies.get(_name(request, "proved"), "")
    try:
        subject, then, at = URLSafeSerializer(_secret(request), salt="proved").loads(text)
    except BadSignature:
        return None
    proved = ProvedPerson(subject, then, datetime.fromtimestamp(at, UTC))
    return proved if now - proved.proved_at < TO_SIGN_IN else None


def forget_proved(request: Request, response: Response) -> None:
    """Deletes the cookie of whom the provider proved."""
    response.delete_cookie(_name(request, "proved"), secure=_is_secure(request), httponly=True, samesite="strict")


def read_visit(request: Request, now: datetime) -> Visit:
    """Returns the visit of this browser. Raises `Unauthenticated` with the reason: `nobody`, `idle` or `long`."""
    text = request.cookies.get(_name(request, "session"), "")
    try:
        visit_id, *times = URLSafeSerializer(_secret(request), salt="session 2").loads(text)
    except BadSignature:
        raise Unauthenticated("sign in to see this page", because="nobody") from None
    # The times stand inside the signed text: a browser that keeps the cookie for longer gains nothing.
    signed_in_at, seen_at = (datetime.fromtimestamp(seconds, UTC) for seconds in times)
    if now - signed_in_at >= LONGEST:
        raise Unauthenticated("a session lasts eight hours; sign in again", because="long")
    if now - seen_at >= IDLE:
        raise Unauthenticated("nothing was opened for half an hour; sign in again", because="idle")
    return Visit(visit_id, signed_in_at, now)


def keep_visit(request: Request, response: Response, visit: Visit) -> None:
    """Sets the session cookie. It ends with the browser, after half an hour without a page, or after eight hours."""
    content = [visit.id, int(visit.signed_in_at.timestamp()), int(visit.seen_at.timestamp())]
    text = URLSafeSerializer(_secret(request), salt="session 2").dumps(content)
    _set(request, response, "session", str(text))


def forget_visit(request: Request, response: Response) -> None:
    """Deletes the session cookie and asks the browser to clear its data of this service."""
    response.delete_cookie(_name(request, "session"), secure=_is_secure(request), httponly=True, samesite="strict")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def form_nonce(request: Request) -> str:
    """Returns the random value of this browser's form cookie, or a fresh one when it has none yet."""
    return request.cookies.get(_name(request, "form")) or secrets.token_urlsafe(24)


def form_token(request: Request, nonce: str) -> str:
    """Returns the token of a form given to this browser."""
    # A fresh salt each time: with a constant token, the size of a compressed page could reveal it (BREACH).
    salt = secrets.token_urlsafe(12)
    return f"{salt}.{_signer(request).get_signature(salt + nonce).decode()}"


def keep_nonce(request: Request, response: Response, nonce: str) -> None:
    """Sets the form cookie where the browser has another one or none."""
    if request.cookies.get(_name(request, "form")) != nonce:
        _set(request, response, "form", nonce)


def refuse_forged(request: Request, token: str) -> None:
    """Raises `Forbidden` unless the form was given to this browser and sent from a page of this service."""
    nonce = request.cookies.get(_name(request, "form"), "")
    salt, _, signature = token.partition(".")
    # Browsers that do not send the header are judged by the token alone, which is compared in constant time.
    from_elsewhere = request.headers.get("sec-fetch-site", "same-origin") != "same-origin"
    if from_elsewhere or not nonce or not _signer(request).verify_signature(salt + nonce, signature):
        raise Forbidden("this service did not give this form to this browser", code="form-not-ours")


def _signer(request: Request) -> Signer:
    return Signer(_secret(request), salt="form")


def _secret(request: Request) -> str:
    secret = secret_key_of(request.app.state.sessions)
    if secret is None:
        raise Unavailable("nobody can sign in until ROUTING_SECRET_KEY is set")
    return secret


def _set(request: Request, response: Response, name: str, value: str) -> None:
    response.set_cookie(_name(request, name), value, secure=_is_secure(request), httponly=True, samesite="strict")


def _name(request: Request, name: str) -> str:
    # Browsers accept the prefix only with Secure and without a Domain, so no other host of the site can set it.
    return f"__Host-{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    """Returns whether cookies are `Secure`: always, except for a development server on the machine's own loopback."""
    settings, url = request.app.state.settings, request.url
    is_own_machine = url.scheme == "http" and url.hostname in _LOOPBACK
    return not (settings.environment == "development" and is_own_machine)
