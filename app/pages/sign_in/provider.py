"""The identity provider in which people sign in: OpenID Connect, authorisation code with PKCE, by Authlib."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from app.foundation.errors import Unavailable
from app.foundation.settings import Settings
from app.pages.rendering.cookies import SignInAttempt

# No symmetric algorithm and no "none": only the provider can have signed.
ALGORITHMS = [f"{family}{size}" for family in ("RS", "PS", "ES") for size in (256, 384, 512)] + ["EdDSA"]
SECONDS_APART = 60  # how far the clocks of provider and service may differ


class NotProvedError(Exception):
    """The provider did not prove who signs in. The message is for the log and holds no value of the answer."""


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """The provider at `issuer`, to which this service is known as a client; `redirect_uri` is where it leads back."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    def address_to_sign_in(self, attempt: SignInAttempt) -> str:
        """Returns where the browser goes to sign in. Raises `Unavailable` when the provider does not answer."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._metadata(client)["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
                # Asks for the password each time: many desks are shared, and a session there outlives ours.
                prompt="login",
            )
        return str(address)

    def subject_of(self, code: str, attempt: SignInAttempt, now: datetime) -> str:
        """Returns the subject for which the provider gave this code to this attempt.

        Raises `NotProvedError`, and `Unavailable` when the provider does not answer.
        """
        try:
            with self._client() as client:
                metadata = self._metadata(client)
                token = client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=attempt.verifier)
                # Read each time: a key that the provider took back proves nobody from that moment on.
                keys = KeySet.import_key_set(KeySetSerialization(keys=_json(client, metadata["jwks_uri"])["keys"]))
        except (OAuthError, ValueError, KeyError, TypeError) as refused:
            raise NotProvedError(type(refused).__name__) from None
        except httpx2.HTTPError:
            raise Unavailable("the identity provider does not answer; try again shortly") from None
        return self.subject_in(str(token.get("id_token", "")), keys, attempt.nonce, now)

    def subject_in(self, id_token: str, keys: KeySet, nonce: str, now: datetime) -> str:
        """Returns the subject of a token that one of the keys signed, for this service, attempt and moment.

        Raises `NotProvedError` for every other token.
        """
        try:
            claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
            self._registry(nonce, now).validate(claims)
        except (JoseError, ValueError) as refused:
            raise NotProvedError(type(refused).__name__) from None
        # A token for several services names the one that it was given to.
        alone = claims["aud"] in (self.client_id, [self.client_id])
        if claims.get("azp", self.client_id if alone else None) != self.client_id:
            raise NotProvedError("the token was given to another client")
        return str(claims["sub"])

    def _registry(self, nonce: str, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=SECONDS_APART,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "values": [self.client_id]},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        )

    def _client(self) -> Any:  # noqa: ANN401 - Authlib is not typed
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            timeout=5,
        )

    def _metadata(self, client: Any) -> dict[str, Any]:  # noqa: ANN401
        found = _json(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise Unavailable("the identity provider describes another one; ask whoever runs this service")
        return found


def _json(client: Any, address: str) -> dict[str, Any]:  # noqa: ANN401
    try:
        answer = client.request("GET", address, withhold_token=True)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    except (httpx2.HTTPError, ValueError):
        raise Unavailable("the identity provider does not answer; try again shortly") from None
    return found


def provider_of(settings: Settings) -> IdentityProvider | None:
    """Returns the provider of the settings; None when none is set."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        return None
    return IdentityProvider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        redirect_uri=f"{settings.public_url.rstrip('/')}/sign-in/callback",
    )


def refuse_unproved_sign_in(settings: Settings) -> None:
    """Ends the process in production when people could sign in unproved, or not at all."""
    if settings.environment != "production":
        return
    if settings.development_sign_in:
        raise SystemExit(
            "ROUTING_DEVELOPMENT_SIGN_IN lets anybody sign in as anybody: production does not start with it"
        )
    provider = provider_of(settings)
    if provider is None:
        raise SystemExit(
            "set ROUTING_OIDC_ISSUER, ROUTING_OIDC_CLIENT_ID and ROUTING_OIDC_CLIENT_SECRET: in production people sign "
            "in at an OpenID Connect provider"
        )
    if not all(one.startswith("https://") for one in (provider.issuer, settings.public_url)):
        raise SystemExit("ROUTING_OIDC_ISSUER and ROUTING_PUBLIC_URL begin with https:// in production")
