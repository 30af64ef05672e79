"""Builders of what a client sends to get a token, and of the tokens that an attacker would make."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from app.foundation.clock import SettableClock
from tests.clients.given_clients import added_key, posted
from tests.given import Caller

ISSUER = "http://127.0.0.1:8000"  # the public address of the service under test
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Key = ECKey | OKPKey | RSAKey


def signed(key: Any, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A JWS of this header, whatever algorithm it names."""
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


@dataclass(frozen=True, slots=True)
class SigningSystem:
    """A system that has registered a public key, and signs that it is itself."""

    client_id: str
    key: Key
    key_id: str
    clock: SettableClock
    algorithm: str = "ES256"

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        own = {"iss": self.client_id, "sub": self.client_id, "aud": ISSUER, "jti": f"a-{next(_numbers)}"}
        times = {"iat": now, "exp": now + 60}
        return {name: value for name, value in (own | times | changes).items() if value is not None}

    def assertion(self, header: dict[str, Any] | None = None, **changes: Any) -> str:
        kept = {"alg": self.algorithm, "kid": "own", "typ": "JWT"} | (header or {})
        return signed(self.key, kept, self.claims(**changes))


_numbers = iter(range(1, 10_000_000))


def signing_system(administrator: Caller, system: dict[str, Any], clock: SettableClock) -> SigningSystem:
    """The system, once its public key is registered."""
    key = ECKey.generate_key("P-256")
    jwk = key.as_dict(private=False) | {"kid": "own"}
    registered = posted(administrator, f"/v1/clients/{system['id']}/public-keys", {"jwk": jwk})
    return SigningSystem(system["id"], key, registered["id"], clock)


def with_secret(administrator: Caller, system: dict[str, Any]) -> dict[str, Any]:
    """A new secret of the system, as it is shown once."""
    return added_key(administrator, system, kind="CLIENT_SECRET")


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}


def ask(http: TestClient, headers: dict[str, str] | None = None, **form: str) -> Any:
    """The answer of the token endpoint to this form."""
    return http.post("/oauth/token", data={"grant_type": "client_credentials"} | form, headers=headers)


def ask_by_assertion(http: TestClient, assertion: str) -> Any:
    return ask(http, client_assertion_type=ASSERTION, client_assertion=assertion)


def token_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])
