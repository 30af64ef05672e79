"""OAuth 2 over HTTP: the token endpoint, the description of the service for client libraries, and its public keys."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from app.access.admission import caller_of_client, nobody_known
from app.access.dependencies import DatabaseSession, TheClock
from app.access.tokens import LIFETIME, issuer_of
from app.audit.service import Category, record_act
from app.clients.oauth import service
from app.clients.oauth.limits import count_failure, count_request_of
from app.clients.oauth.schemas import (
    TOKEN_REQUEST,
    AccessTokenOut,
    AuthorizationServerOut,
    KeySetOut,
    TokenRefusalOut,
)
from app.clients.oauth.signing_keys import published_keys
from app.clients.oauth.token_request import TokenRefusedError, read_token_request, too_many
from app.clients.public_keys import ALGORITHMS
from app.foundation.storage.transaction import Transaction
from app.throttle.limits import LimitUse

router = APIRouter(tags=["tokens"])
TOKEN, KEY_SET = "/oauth/token", "/oauth/jwks"
FORM_PATHS = (TOKEN,)
_REFUSALS = {status: {"model": TokenRefusalOut} for status in (400, 401, 429)}
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_KEPT = {"Cache-Control": "public, max-age=300"}  # less than the hour for which a new key is published before it signs


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post(
    TOKEN,
    operation_id="issueAccessToken",
    response_model=AccessTokenOut,
    responses=_REFUSALS,  # type: ignore[arg-type]
    openapi_extra=TOKEN_REQUEST,
    summary="An access token for a client that proves itself (client_credentials)",
)
def issue_access_token(
    request: Request, session: DatabaseSession, clock: TheClock, body: Annotated[bytes, Depends(_body)]
) -> Response:
    """Takes `private_key_jwt` (RFC 7523) or `client_secret_basic`. The token is good for ten minutes."""
    now = clock.now()
    try:
        headers = request.headers
        sent = read_token_request(body, headers.get("content-type", ""), tuple(headers.getlist("authorization")))
        found, token = service.token_for(session, sent, issuer_of(request.app.state.settings), now)
    except TokenRefusedError as refused:
        return _refused(request, session, refused, now)
    tx = Transaction(session, caller_of_client(request, found.client), now)
    use = count_request_of(session, request, found.client.id, now)
    if use.spent:
        return _spent(tx, use)
    record_act(tx, Category.SIGN_IN, "access-token", found.key.id)
    issued = AccessTokenOut(access_token=token, token_type="Bearer", expires_in=int(LIFETIME.total_seconds()))  # noqa: S106
    return JSONResponse(issued.model_dump(), headers=_NOT_KEPT)


@router.get(
    "/.well-known/oauth-authorization-server",
    operation_id="showAuthorizationServer",
    summary="Where and how a client library gets tokens (RFC 8414)",
)
async def show_authorization_server(request: Request, response: Response) -> AuthorizationServerOut:
    response.headers.update(_KEPT)
    url = issuer_of(request.app.state.settings).url
    return AuthorizationServerOut(
        issuer=url,
        token_endpoint=url + TOKEN,
        jwks_uri=url + KEY_SET,
        grant_types_supported=["client_credentials"],
        response_types_supported=[],
        token_endpoint_auth_methods_supported=["private_key_jwt", "client_secret_basic"],
        token_endpoint_auth_signing_alg_values_supported=ALGORITHMS,
        service_documentation=f"{url}/docs",
    )


@router.get(KEY_SET, operation_id="showSigningKeys", summary="The public keys that access tokens are signed with")
def show_signing_keys(session: DatabaseSession, clock: TheClock, response: Response) -> KeySetOut:
    response.headers.update(_KEPT)
    return KeySetOut(keys=published_keys(session, clock.now()))


def _refused(request: Request, session: Session, refused: TokenRefusedError, now: datetime) -> Response:
    """Answers a refusal once it is on record, and in its place a lock-out when the address proves nobody for long."""
    tx = Transaction(session, nobody_known(request), now)
    if refused.error != "invalid_client":
        return _answer(refused, 400)
    use = count_failure(session, request, now)
    if use.spent:
        return _spent(tx, use)
    record_act(tx, Category.REFUSAL, "access-token", refused.error)
    return _answer(refused, 401, {"WWW-Authenticate": 'Basic realm="tokens"'})


def _spent(tx: Transaction, use: LimitUse) -> Response:
    # Of a thousand refusals of one window the first is on record, not all.
    if use.just_spent:
        record_act(tx, Category.REFUSAL, "access-token", "quota-exceeded")
    return _answer(too_many(), 429, {"Retry-After": str(use.seconds_left(tx.now))})


def _answer(refused: TokenRefusedError, status: int, headers: dict[str, str] | None = None) -> Response:
    body = TokenRefusalOut(error=refused.error, error_description=refused.sentence)
    return JSONResponse(body.model_dump(), status, headers=_NOT_KEPT | (headers or {}))
