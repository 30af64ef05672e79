"""What an attacker sends in place of a token or of an assertion is refused, always in the same words.

Each attack differs in one thing from what is taken; `test_what_differs_in_nothing_is_taken` shows that.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy.orm import Session, sessionmaker

from app.clients.oauth.signing_keys import rotate_signing_key, signing_key
from app.foundation.clock import SettableClock
from app.foundation.storage.keys import carry_secret_key
from tests.clients.given_clients import keys_path, posted
from tests.clients.given_tokens import (
    ASSERTION,
    ISSUER,
    SigningSystem,
    ask,
    ask_by_assertion,
    basic,
    signed,
    signing_system,
    token_of,
    with_secret,
)
from tests.given import Caller, Callers
from tests.postgres import SECRET_KEY

STRANGER = ECKey.generate_key("P-256")
RSA = RSAKey.generate_key(2048)


def encoded(part: Any) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Attacker:
    """Somebody who knows a token, every public key, and even the key of the service, and changes one thing."""

    token: str
    kid: str
    key: ECKey
    clock: SettableClock
    signing: SigningSystem

    @property
    def header(self) -> dict[str, Any]:
        return {"alg": "ES256", "kid": self.kid, "typ": "at+jwt"}

    @property
    def claims(self) -> dict[str, Any]:
        return json.loads(urlsafe_b64decode(self.token.split(".")[1] + "=="))  # type: ignore[no-any-return]

    def forged(self, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> str:
        """A token of the service's own key with these changes; None leaves a claim out."""
        claims = {name: value for name, value in (self.claims | changes).items() if value is not None}
        return signed(key or self.key, self.header | (header or {}), claims)

    def with_header(self, header: dict[str, Any]) -> str:
        """The token's own claims and signature under another header."""
        return ".".join([encoded(header), *self.token.split(".")[1:]])

    def at(self, **passed: int) -> int:
        return int((self.clock.now() + timedelta(**passed)).timestamp())


@pytest.fixture
def attacker(
    http: TestClient,
    administrator: Caller,
    system: dict[str, Any],
    clock: SettableClock,
    sessions: sessionmaker[Session],
) -> Attacker:
    signing = signing_system(administrator, system, clock)
    token = token_of(ask_by_assertion(http, signing.assertion()))
    carry_secret_key(sessions, SECRET_KEY)
    with sessions.begin() as session:
        kid, key = signing_key(session, clock.now())
    return Attacker(token, kid, key, clock, signing)


def answered(http: TestClient, *authorization: str) -> tuple[int, dict[str, Any], str]:
    """Status, body without the trace id, and challenge of a call with these headers."""
    headers = [("Authorization", one.encode()) for one in authorization]
    answer = http.get("/v1/actions", headers=headers)
    body = {name: value for name, value in answer.json().items() if name != "trace_id"}
    return answer.status_code, body, answer.headers.get("www-authenticate", "")


def by_hmac(secret: bytes, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """An HS256 token by hand: `joserfc` itself refuses a public key as the secret."""
    content = f"{encoded(header | {'alg': 'HS256'})}.{encoded(claims)}"
    return f"{content}.{urlsafe_b64encode(hmac.digest(secret, content.encode(), 'sha256')).decode().rstrip('=')}"


def last_bits_changed(token: str) -> str:
    """The token with another last letter that a careless decoder reads as the same bytes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) ^ 1]


TOKENS: dict[str, Callable[[Attacker], str]] = {
    "no token": lambda _: "",
    "not a token": lambda _: "a.b.c",
    "two parts": lambda a: a.token.rpartition(".")[0],
    "four parts": lambda a: f"{a.token}.x",
    "signature taken off": lambda a: a.token.rpartition(".")[0] + ".",
    "signature turned round": lambda a: a.token.rpartition(".")[0] + "." + a.token.rpartition(".")[2][::-1],
    "last bits of the signature": lambda a: last_bits_changed(a.token),
    "padded signature": lambda a: a.token + "==",
    "claims changed after signing": lambda a: ".".join(
        [a.token.split(".")[0], encoded(a.claims | {"client_id": "cli_x"}), a.token.split(".")[2]]
    ),
    "alg none": lambda a: a.with_header(a.header | {"alg": "none"}),
    "alg None without a signature": lambda a: f"{encoded(a.header | {'alg': 'None'})}.{encoded(a.claims)}.",
    "HS256 with the public key as its secret": lambda a: by_hmac(a.key.as_pem(private=False), a.header, a.claims),
    "HS256 with the kid as its secret": lambda a: by_hmac(a.kid.encode(), a.header, a.claims),
    "RS256 with a stranger's key": lambda a: a.forged({"alg": "RS256"}, RSA),
    "stranger's key under our kid": lambda a: a.forged(key=STRANGER),
    "unknown kid": lambda a: a.forged({"kid": "unknown"}),
    "kid that is a path": lambda a: a.forged({"kid": "../../../dev/null"}),
    "kid that is a statement": lambda a: a.forged({"kid": "x' OR kid <> '"}),
    "kid with a NUL": lambda a: a.forged({"kid": "a\u0000b"}),
    "kid that is a number": lambda a: a.with_header(a.header | {"kid": 1}),
    "no kid": lambda a: signed(a.key, {"alg": "ES256", "typ": "at+jwt"}, a.claims),
    "client's own key": lambda a: a.forged({"kid": "own"}, a.signing.key),
    "jku": lambda a: a.forged({"jku": "https://attacker.example/keys"}),
    "x5u": lambda a: a.forged({"x5u": "https://attacker.example/chain"}),
    "x5c": lambda a: a.forged({"x5c": ["MIIB"]}),
    "key in the header": lambda a: a.forged({"jwk": STRANGER.as_dict(private=False)}, STRANGER),
    "crit": lambda a: a.with_header(a.header | {"crit": ["exp"]}),
    "unencoded payload": lambda a: a.with_header(a.header | {"b64": False, "crit": ["b64"]}),
    "typ JWT": lambda a: a.forged({"typ": "JWT"}),
    "typ of a logout token": lambda a: a.forged({"typ": "logout+jwt"}),
    "no typ": lambda a: a.with_header({"alg": "ES256", "kid": a.kid}),
    "header that is a list": lambda a: a.with_header([]),  # type: ignore[arg-type]
    "header that is deep": lambda a: (
        urlsafe_b64encode(b"[" * 1500).decode().rstrip("=") + a.token[a.token.index(".") :]
    ),
    "expired": lambda a: a.forged(iat=a.at(minutes=-11), nbf=a.at(minutes=-11), exp=a.at(minutes=-1)),
    "not yet valid": lambda a: a.forged(nbf=a.at(minutes=1)),
    "issued later": lambda a: a.forged(iat=a.at(minutes=5), exp=a.at(minutes=15)),
    "lasts a year": lambda a: a.forged(exp=a.at(days=365)),
    "exp as a text": lambda a: a.forged(exp="9999999999"),
    "other audience": lambda a: a.forged(aud="https://other.example/v1"),
    "our audience among others": lambda a: a.forged(aud=[f"{ISSUER}/v1x", "https://other.example"]),
    "audience of an assertion": lambda a: a.forged(aud=ISSUER),
    "other issuer": lambda a: a.forged(iss="https://other.example"),
    "issuer with a slash": lambda a: a.forged(iss=f"{ISSUER}/"),
    "other client": lambda a: a.forged(client_id="cli_" + "0" * 32, sub="cli_" + "0" * 32),
    "subject and client differ": lambda a: a.forged(sub="cli_" + "0" * 32),
    "key of another client": lambda a: a.forged(proved_by="key_" + "0" * 32),
    "assertion used as a token": lambda a: a.signing.assertion(),
    "assertion for the API": lambda a: a.signing.assertion({"typ": "at+jwt"}, aud=f"{ISSUER}/v1"),
    "identity token": lambda a: a.forged({"typ": "JWT"}, aud=a.signing.client_id, nonce="n"),
    "token in spaces": lambda a: f" {a.token}",
    "token with a line's end": lambda a: f"{a.token} ",
    "two tokens": lambda a: f"{a.token}, {a.token}",
    "very long": lambda a: a.token + "A" * 8000,
}
TOKENS |= {
    f"without {name}": lambda a, name=name: a.forged(**{name: None})  # type: ignore[misc]
    for name in ("iss", "aud", "sub", "client_id", "proved_by", "iat", "nbf", "exp", "jti")
}
"""Each attack on a call, by name."""


def test_what_differs_in_nothing_is_taken(http: TestClient, attacker: Attacker) -> None:
    assert answered(http, f"Bearer {attacker.token}")[0] == 200
    assert answered(http, f"bearer {attacker.forged()}")[0] == 200


def test_there_are_more_than_thirty_attacks() -> None:
    assert len(TOKENS) > 50


@pytest.mark.parametrize("attack", TOKENS)
def test_token_that_is_not_ours_to_the_letter_is_refused(attack: str, http: TestClient, attacker: Attacker) -> None:
    nobody = answered(http)

    assert answered(http, f"Bearer {TOKENS[attack](attacker)}") == nobody
    assert nobody[0] == 401


@pytest.mark.parametrize("scheme", ["Basic", "DPoP", "Token", "", "Bearer:"])
def test_token_under_another_scheme_is_refused(scheme: str, http: TestClient, attacker: Attacker) -> None:
    assert answered(http, f"{scheme} {attacker.token}") == answered(http)


def test_two_headers_are_refused_though_each_alone_is_taken(
    http: TestClient, attacker: Attacker, callers: Callers
) -> None:
    both = (f"Bearer {attacker.token}", f"Bearer {callers.hub.key}")

    assert answered(http, *both) == answered(http)
    assert [answered(http, one)[0] for one in both] == [200, 200]


def test_token_of_a_deployment_at_another_address_is_refused(http: TestClient, attacker: Attacker) -> None:
    elsewhere = "https://training.example"

    assert answered(http, f"Bearer {attacker.forged(iss=elsewhere, aud=f'{elsewhere}/v1')}") == answered(http)


def test_tokens_of_a_key_that_was_lost_are_refused_at_once_and_new_ones_are_taken(
    http: TestClient, attacker: Attacker, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    with sessions.begin() as session:
        rotate_signing_key(session, clock.now(), at_once=True)
    new = token_of(ask_by_assertion(http, attacker.signing.assertion()))

    assert answered(http, f"Bearer {attacker.token}") == answered(http)
    assert answered(http, f"Bearer {attacker.forged()}") == answered(http)
    assert answered(http, f"Bearer {new}")[0] == 200


ASSERTIONS: dict[str, Callable[[SigningSystem], str]] = {
    "no assertion": lambda _: "",
    "not a token": lambda _: "a.b.c",
    "alg none": lambda s: f"{encoded({'alg': 'none', 'kid': 'own'})}.{encoded(s.claims())}.",
    "HS256 with the public key": lambda s: by_hmac(s.key.as_pem(private=False), {"kid": "own"}, s.claims()),
    "RS256 with a stranger's key": lambda s: signed(RSA, {"alg": "RS256", "kid": "own"}, s.claims()),
    "stranger's key": lambda s: signed(STRANGER, {"alg": "ES256", "kid": "own"}, s.claims()),
    "unknown kid": lambda s: s.assertion({"kid": "other"}),
    "kid with a NUL": lambda s: s.assertion({"kid": "own\u0000"}),
    "no kid": lambda s: signed(s.key, {"alg": "ES256"}, s.claims()),
    "key in the header": lambda s: signed(
        STRANGER, {"alg": "ES256", "kid": "own", "jwk": STRANGER.as_dict(private=False)}, s.claims()
    ),
    "jku": lambda s: s.assertion({"jku": "https://attacker.example/keys"}),
    "x5c": lambda s: s.assertion({"x5c": ["MIIB"]}),
    "typ of a token": lambda s: s.assertion({"typ": "at+jwt"}),
    "for another service": lambda s: s.assertion(aud="https://other.example/oauth/token"),
    "for this service and another": lambda s: s.assertion(aud=[ISSUER, "https://other.example"]),
    "for the API": lambda s: s.assertion(aud=f"{ISSUER}/v1"),
    "of another client": lambda s: s.assertion(iss="cli_" + "0" * 32, sub="cli_" + "0" * 32),
    "about another client": lambda s: s.assertion(sub="cli_" + "0" * 32),
    "client that is no id": lambda s: s.assertion(iss="cli_\u0000", sub="cli_\u0000"),
    "expired": lambda s: s.assertion(exp=s.claims()["iat"] - 60),
    "lasts an hour": lambda s: s.assertion(exp=s.claims()["iat"] + 3600),
    "not yet valid": lambda s: s.assertion(nbf=s.claims()["iat"] + 60),
    "exp that is no number": lambda s: s.assertion(exp=float("nan")),
    "exp without an end": lambda s: s.assertion(exp=float("inf")),
    "jti that is empty": lambda s: s.assertion(jti=""),
    "jti that is a number": lambda s: s.assertion(jti=7),
    "signature taken off": lambda s: s.assertion().rpartition(".")[0] + ".",
    "last bits of the signature": lambda s: last_bits_changed(s.assertion()),
    "very long": lambda s: s.assertion() + "A" * 9000,
}
ASSERTIONS |= {
    f"without {name}": lambda s, name=name: s.assertion(**{name: None})  # type: ignore[misc]
    for name in ("iss", "sub", "aud", "exp", "jti")
}
"""Each attack on the token endpoint by an assertion, by name."""


@pytest.mark.parametrize("attack", ASSERTIONS)
def test_assertion_that_proves_nothing_is_refused_in_the_same_words(
    attack: str, http: TestClient, attacker: Attacker
) -> None:
    refused, unknown = (ask_by_assertion(http, one) for one in (ASSERTIONS[attack](attacker.signing), "x"))

    assert (refused.status_code, refused.json()) == (401, unknown.json())
    assert refused.json()["error"] == "invalid_client"
    assert ask_by_assertion(http, attacker.signing.assertion()).status_code == 200


def test_token_is_no_assertion_and_an_assertion_used_by_one_client_is_anothers_still(
    http: TestClient, attacker: Attacker, administrator: Caller
) -> None:
    systems = administrator.get("/v1/clients").json()["items"]
    chair = signing_system(administrator, next(o for o in systems if o["role"] == "marac.chair"), attacker.clock)

    assert ask_by_assertion(http, attacker.token).status_code == 401
    assert ask_by_assertion(http, attacker.signing.assertion(jti="same")).status_code == 200
    assert ask_by_assertion(http, chair.assertion(jti="same")).status_code == 200
    assert ask_by_assertion(http, chair.assertion(jti="same")).status_code == 401


@pytest.fixture
def secret(administrator: Caller, system: dict[str, Any]) -> dict[str, Any]:
    return with_secret(administrator, system)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": "Basic"},
        {"Authorization": "Basic not-base64!"},
        {"Authorization": "Basic w7/Dvw=="},
        {"Authorization": "Bearer SECRET"},
        ("CLIENT", "rrs_test_" + "0" * 49),
        ("CLIENT", ""),
        ("CLIENT", "SECRETx"),
        ("CLIENT", "API-KEY"),
        ("OTHER", "SECRET"),
        ("", "SECRET"),
        ("cli_\u0000", "SECRET"),
    ],
    ids=ascii,
)
def test_secret_that_proves_nothing_is_refused_in_the_same_words(
    sent: Any,
    http: TestClient,
    callers: Callers,
    administrator: Caller,
    system: dict[str, Any],
    secret: dict[str, Any],
) -> None:
    other = next(one for one in administrator.get("/v1/clients").json()["items"] if one["id"] != system["id"])
    words = {"CLIENT": system["id"], "OTHER": other["id"], "SECRET": secret["key"], "API-KEY": callers.coordinator.key}
    if isinstance(sent, tuple):
        named, sent_secret = (words.get(one, one.replace("SECRET", secret["key"])) for one in sent)
        headers = basic(named, sent_secret)
    else:
        headers = {name: value.replace("SECRET", secret["key"]) for name, value in sent.items()}

    answer = ask(http, headers)

    assert (answer.status_code, answer.json()) == (401, ask(http).json())
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("ended", ["suspended", "expired", "client suspended"])
def test_secret_that_has_ended_is_refused_in_the_same_words(
    ended: str,
    http: TestClient,
    administrator: Caller,
    system: dict[str, Any],
    secret: dict[str, Any],
    clock: SettableClock,
) -> None:
    assert ask(http, basic(system["id"], secret["key"])).status_code == 200
    if ended == "suspended":
        posted(administrator, keys_path(system, secret, "suspensions"))
    elif ended == "expired":
        clock.set(clock.now() + timedelta(days=365))
    else:
        posted(administrator, f"/v1/clients/{system['id']}/suspensions")

    answer = ask(http, basic(system["id"], secret["key"]))

    assert (answer.status_code, answer.json()) == (401, ask(http).json())


def test_client_is_proved_in_one_way_only(
    http: TestClient, attacker: Attacker, system: dict[str, Any], secret: dict[str, Any]
) -> None:
    both = basic(system["id"], secret["key"])
    form = {"client_assertion_type": ASSERTION, "client_assertion": attacker.signing.assertion()}

    assert ask(http, both, **form).json()["error"] == "invalid_request"
    assert ask(http, both, client_assertion="").json()["error"] == "invalid_request"
