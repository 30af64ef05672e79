"""Only a token that the provider signed for this service, this attempt and this moment proves who signs in."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from app.foundation.settings import Settings
from app.pages.sign_in.provider import IdentityProvider, NotProvedError, refuse_unproved_sign_in

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
ISSUER, CLIENT, NONCE = "https://provider.example", "referral-routing", "nonce-of-this-attempt"
PROVIDER = IdentityProvider(ISSUER, CLIENT, "secret", "https://routing.example/sign-in/callback")


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture(scope="module")
def keys(key: RSAKey) -> KeySet:
    """What the provider publishes."""
    return KeySet([RSAKey.import_key(key.as_dict(private=False))])


def claims(**changes: Any) -> dict[str, Any]:
    times = {"iat": int(NOW.timestamp()), "exp": int((NOW + timedelta(minutes=5)).timestamp())}
    made = {"iss": ISSUER, "aud": CLIENT, "sub": "ann", "nonce": NONCE, **times, **changes}
    return {name: value for name, value in made.items() if value is not None}


def token(key: Any, algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": "one"}, claims(**changes), key, algorithms=[algorithm])


def by_shared_secret(secret: bytes, body: str) -> str:
    """The token signed with what everybody knows, as if it were a secret."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').rstrip(b"=").decode()
    signature = hmac.new(secret, f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.parametrize("changes", [{}, {"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}], ids=str)
def test_token_of_the_provider_proves_its_subject(changes: dict[str, Any], key: RSAKey, keys: KeySet) -> None:
    assert PROVIDER.subject_in(token(key, **changes), keys, NONCE, NOW) == "ann"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another-service"},
        {"aud": None},
        {"aud": [CLIENT, "another-service"], "azp": "another-service"},
        {"aud": [CLIENT, "another-service"]},
        {"aud": ["another-service"]},
        {"azp": "another-service"},
        {"sub": None},
        {"sub": ""},
        {"nonce": "nonce-of-another-attempt"},
        {"nonce": None},
        {"exp": int((NOW - timedelta(minutes=2)).timestamp())},
        {"exp": None},
        {"iat": int((NOW + timedelta(hours=1)).timestamp())},
        {"nbf": int((NOW + timedelta(hours=1)).timestamp())},
    ],
    ids=str,
)
def test_token_for_another_or_for_nobody_proves_nothing(changes: dict[str, Any], key: RSAKey, keys: KeySet) -> None:
    with pytest.raises(NotProvedError):
        PROVIDER.subject_in(token(key, **changes), keys, NONCE, NOW)


def test_token_that_somebody_else_signed_proves_nothing(key: RSAKey, keys: KeySet) -> None:
    forged = RSAKey.generate_key(2048, {"kid": "one"})
    whole = token(key)
    head, body, signature = whole.split(".")
    attacks = {
        "another key of the same name": token(forged),
        "the public key as a shared secret": by_shared_secret(key.as_pem(private=False), body),
        "no signature": f"{head}.{body}.",
        "another signature": f"{head}.{body}.{signature[:-4]}AAAA",
        "no algorithm": f"eyJhbGciOiJub25lIn0.{body}.",
        "no token": "",
        "not a token": "a.b",
    }

    for name, attack in attacks.items():
        with pytest.raises(NotProvedError):
            pytest.fail(f"{name} proved {PROVIDER.subject_in(attack, keys, NONCE, NOW)}")


SERVED = {
    "secret_key": "0" * 64,
    "environment": "production",
    "public_url": "https://routing.example",
    "oidc_issuer": ISSUER,
    "oidc_client_id": CLIENT,
    "oidc_client_secret": "secret",
}


def test_production_starts_with_a_provider() -> None:
    refuse_unproved_sign_in(Settings(**SERVED))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"oidc_issuer": None}, "set ROUTING_OIDC_ISSUER"),
        ({"oidc_client_id": None}, "set ROUTING_OIDC_ISSUER"),
        ({"oidc_client_secret": None}, "set ROUTING_OIDC_ISSUER"),
        ({"development_sign_in": True}, "ROUTING_DEVELOPMENT_SIGN_IN lets anybody"),
        ({"oidc_issuer": "http://provider.example"}, "begin with https"),
        ({"public_url": "http://routing.example"}, "begin with https"),
    ],
    ids=str,
)
@pytest.mark.parametrize("start", ["serve", "run"])
def test_production_does_not_start_when_sign_in_is_unproved(start: str, changes: dict[str, Any], says: str) -> None:
    from app import startup

    settings = Settings(**SERVED | changes)
    with pytest.raises(SystemExit) as refused:
        startup.serve_web(settings, 1) if start == "serve" else startup.run_everything(settings)

    assert says in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
