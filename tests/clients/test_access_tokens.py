"""A client proves itself, and gets a token that holds for ten minutes and says nothing of what the client may do."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.clients.oauth.repository import forget_used_assertions
from app.foundation.clock import SettableClock
from tests.clients.given_clients import WHY, keys_path, listed_key, posted, status_with
from tests.clients.given_tokens import (
    ISSUER,
    SigningSystem,
    ask,
    ask_by_assertion,
    basic,
    signing_system,
    token_of,
    with_secret,
)
from tests.given import Caller, Callers, a_referral


@pytest.fixture
def signing(administrator: Caller, system: dict[str, Any], clock: SettableClock) -> SigningSystem:
    """The co-ordinator's system, which signs with a key of its own."""
    return signing_system(administrator, system, clock)


@pytest.fixture
def token(http: TestClient, signing: SigningSystem) -> str:
    return token_of(ask_by_assertion(http, signing.assertion()))


def test_client_that_signs_gets_a_token_and_calls_with_it(http: TestClient, signing: SigningSystem) -> None:
    answer = ask_by_assertion(http, signing.assertion())

    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    assert status_with(http, body["access_token"]) == 200


def test_client_with_a_secret_gets_a_token_and_calls_with_it(
    http: TestClient, administrator: Caller, system: dict[str, Any]
) -> None:
    secret = with_secret(administrator, system)["key"]

    token = token_of(ask(http, basic(system["id"], secret)))

    assert status_with(http, token) == 200
    assert status_with(http, secret) == 401


def test_token_acts_as_its_client_does_and_may_speak_for_people(
    http: TestClient, callers: Callers, token: str, owner_engine: Engine
) -> None:
    case = callers.hub.post("/v1/referrals", a_referral()).json()["case_id"]

    answer = Caller(http, token).client.get(
        f"/v1/cases/{case}", headers={"Authorization": f"Bearer {token}", "X-On-Behalf-Of": "jo.smith"}
    )

    assert answer.status_code == 200
    assert answer.json() == callers.coordinator.get(f"/v1/cases/{case}").json()
    with owner_engine.connect() as connection:
        first = text("SELECT agency, on_behalf_of FROM audit_entry WHERE route = 'getCase' ORDER BY number LIMIT 1")
        acted = connection.execute(first).first()
    assert tuple(acted or ()) == ("ANYTOWN-MARAC", "jo.smith")


def test_token_is_what_rfc_9068_says_and_holds_no_rights(http: TestClient, token: str, signing: SigningSystem) -> None:
    published = KeySet.import_key_set(http.get("/oauth/jwks").json())

    read = jwt.decode(token, published, algorithms=["ES256"])

    now = int(signing.clock.now().timestamp())
    assert {name: read.header[name] for name in ("alg", "typ")} == {"alg": "ES256", "typ": "at+jwt"}
    assert read.claims.pop("jti")
    assert read.claims == {
        "iss": ISSUER,
        "aud": f"{ISSUER}/v1",
        "sub": signing.client_id,
        "client_id": signing.client_id,
        "proved_by": signing.key_id,
        "iat": now,
        "nbf": now,
        "exp": now + 600,
    }


def test_token_holds_for_ten_minutes(http: TestClient, token: str, clock: SettableClock) -> None:
    began = clock.now()

    def status_after(seconds: int) -> int:
        clock.set(began + timedelta(seconds=seconds))
        return status_with(http, token)

    assert [status_after(seconds) for seconds in (0, 599, 629, 630, 3600)] == [200, 200, 200, 401, 401]


def test_token_ends_with_the_key_by_which_it_was_gained(
    http: TestClient, administrator: Caller, system: dict[str, Any], token: str, signing: SigningSystem
) -> None:
    secret = with_secret(administrator, system)
    other = token_of(ask(http, basic(system["id"], secret["key"])))

    posted(administrator, f"/v1/clients/{system['id']}/keys/{signing.key_id}/suspensions")

    assert [status_with(http, each) for each in (token, other)] == [401, 200]
    assert ask_by_assertion(http, signing.assertion()).status_code == 401


def test_token_ends_with_its_client_and_none_is_given_meanwhile(
    http: TestClient, administrator: Caller, system: dict[str, Any], token: str, signing: SigningSystem
) -> None:
    posted(administrator, f"/v1/clients/{system['id']}/suspensions")

    assert (status_with(http, token), ask_by_assertion(http, signing.assertion()).status_code) == (401, 401)


def test_role_and_areas_are_the_clients_now_and_not_those_when_the_token_was_made(
    http: TestClient, token: str, signing: SigningSystem, owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE client SET role = 'agency.administrator' WHERE id = :id"), {"id": signing.client_id}
        )

    assert status_with(http, token) == 403
    assert http.get("/v1/clients", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_assertion_is_good_once(http: TestClient, signing: SigningSystem) -> None:
    assertion = signing.assertion()

    statuses = [ask_by_assertion(http, assertion).status_code for _ in range(3)]

    assert statuses == [200, 401, 401]


def test_used_assertions_are_forgotten_once_they_could_not_be_used_again(
    http: TestClient, signing: SigningSystem, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    assertion, began = signing.assertion(), clock.now()
    ask_by_assertion(http, assertion)

    def forgotten_after(seconds: int) -> int:
        clock.set(began + timedelta(seconds=seconds))
        with sessions.begin() as session:
            return forget_used_assertions(session, clock.now())

    assert (forgotten_after(60), ask_by_assertion(http, assertion).status_code) == (0, 401)
    assert (forgotten_after(91), ask_by_assertion(http, assertion).status_code) == (1, 401)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # RFC 9864 renamed it; most libraries write the old name
@pytest.mark.parametrize(
    ("key", "algorithms"),
    [
        (ECKey.generate_key("P-256"), ["ES256"]),
        (ECKey.generate_key("P-384"), ["ES384"]),
        (ECKey.generate_key("P-521"), ["ES512"]),
        (OKPKey.generate_key("Ed25519"), ["EdDSA", "Ed25519"]),
        (RSAKey.generate_key(2048), ["PS256", "RS256"]),
    ],
    ids=["P-256", "P-384", "P-521", "Ed25519", "RSA"],
)
def test_each_kind_of_public_key_is_taken_by_its_thumbprint(
    key: Any,
    algorithms: list[str],
    http: TestClient,
    administrator: Caller,
    system: dict[str, Any],
    clock: SettableClock,
) -> None:
    path = f"/v1/clients/{system['id']}/public-keys"
    registered = posted(administrator, path, {"jwk": key.as_dict(private=False)})
    signing = SigningSystem(system["id"], key, registered["id"], clock)

    answers = [
        ask_by_assertion(http, signing.assertion({"alg": each, "kid": registered["shown"]})) for each in algorithms
    ]

    assert registered["shown"] == key.thumbprint()
    assert [one.status_code for one in answers] == [200] * len(algorithms)


@pytest.mark.parametrize(
    ("jwk", "says"),
    [
        (ECKey.generate_key("P-256").as_dict(private=True), "this is a private key: take it out of use"),
        (ECKey.generate_key("secp256k1").as_dict(private=False), "register an EC key"),
        (OKPKey.generate_key("X25519").as_dict(private=False), "register an EC key"),
        ({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, "not a public key"),
        ({"kty": "RSA"}, "not a public key"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "this is a private key"),
    ],
    ids=["private", "secp256k1", "X25519", "no point", "no modulus", "symmetric"],
)
def test_key_that_proves_nothing_is_refused(
    jwk: dict[str, Any], says: str, administrator: Caller, system: dict[str, Any]
) -> None:
    answer = administrator.post(f"/v1/clients/{system['id']}/public-keys", {"jwk": jwk, **WHY})

    assert answer.status_code == 422
    assert says in answer.text
    assert not [name for name in ("x", "y", "d", "k") if f'"{jwk.get(name)}"' in answer.text]


def test_kid_of_a_client_is_given_once_and_a_public_key_is_not_rotated(
    administrator: Caller, system: dict[str, Any], signing: SigningSystem
) -> None:
    jwk = ECKey.generate_key("P-256").as_dict(private=False) | {"kid": "own"}

    again = administrator.post(f"/v1/clients/{system['id']}/public-keys", {"jwk": jwk, **WHY})
    rotated = administrator.post(keys_path(system, {"id": signing.key_id}, "rotations"), WHY)

    assert (again.status_code, rotated.status_code) == (409, 409)


def test_service_describes_itself_as_it_is(http: TestClient, administrator: Caller, system: dict[str, Any]) -> None:
    described = http.get("/.well-known/oauth-authorization-server").json()
    secret = with_secret(administrator, system)["key"]
    address = described["token_endpoint"].removeprefix(ISSUER)

    answer = http.post(
        address, data={"grant_type": described["grant_types_supported"][0]}, headers=basic(system["id"], secret)
    )

    assert described["issuer"] == ISSUER
    assert described["token_endpoint_auth_methods_supported"] == ["private_key_jwt", "client_secret_basic"]
    assert not {"none", "HS256"} & set(described["token_endpoint_auth_signing_alg_values_supported"])
    assert described["jwks_uri"].removeprefix(ISSUER) == "/oauth/jwks"
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"client_secret": "x"}, 400, "invalid_request"),
        ({"client_assertion": "x"}, 400, "invalid_request"),
        ({"client_id": "cli_" + "0" * 32}, 401, "invalid_client"),
        ({}, 200, None),
        ({"audience": "ignored", "resource": "ignored"}, 200, None),
    ],
)
def test_request_is_refused_with_the_words_of_rfc_6749(
    form: dict[str, str],
    status: int,
    error: str | None,
    http: TestClient,
    administrator: Caller,
    system: dict[str, Any],
) -> None:
    answer = ask(http, basic(system["id"], with_secret(administrator, system)["key"]), **form)

    assert (answer.status_code, answer.json().get("error")) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=client_credentials&grant_type=client_credentials", "application/x-www-form-urlencoded"),
        (b"grant_type", "application/x-www-form-urlencoded"),
        (b"\xff=\x00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(40)), "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, http: TestClient) -> None:
    answer = http.post("/oauth/token", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_every_token_and_every_refusal_is_on_the_audit_trail(
    http: TestClient, signing: SigningSystem, owner_engine: Engine
) -> None:
    ask_by_assertion(http, signing.assertion())
    ask(http)

    query = (
        "SELECT category, subject_id, client_id FROM audit_entry WHERE subject_type = 'access-token' ORDER BY number"
    )
    with owner_engine.connect() as connection:
        entries = connection.execute(text(query)).all()
    assert [tuple(one) for one in entries] == [
        ("sign-in", signing.key_id, signing.client_id),
        ("refusal", "invalid_client", "NOBODY"),
    ]


def test_secret_that_is_replaced_still_gets_tokens_until_the_overlap_ends(
    http: TestClient, administrator: Caller, system: dict[str, Any], clock: SettableClock
) -> None:
    old = with_secret(administrator, system)
    new = posted(administrator, keys_path(system, old, "rotations"))
    both = [ask(http, basic(system["id"], each["key"])).status_code for each in (old, new)]
    clock.set(clock.now() + timedelta(hours=24))

    later = [ask(http, basic(system["id"], each["key"])).status_code for each in (old, new)]

    assert (both, later) == ([200, 200], [401, 200])
    assert listed_key(administrator, system, new)["last_used_at"] == "2026-03-11T09:30:00Z"


def test_private_halves_of_the_services_keys_are_stored_nowhere(
    http: TestClient, signing: SigningSystem, token: str, owner_engine: Engine
) -> None:
    with owner_engine.connect() as connection:
        kept = connection.scalars(text("SELECT t::text FROM token_signing_key t")).all()

    assert len(kept) == 1
    assert '"d"' not in kept[0]
    assert [set(key) for key in http.get("/oauth/jwks").json()["keys"]] == [
        {"kty", "crv", "x", "y", "kid", "use", "alg"}
    ]


@pytest.mark.parametrize("of", ["the client", "its key"])
def test_token_from_before_a_suspension_holds_no_more_once_it_is_lifted(
    of: str,
    http: TestClient,
    administrator: Caller,
    system: dict[str, Any],
    signing: SigningSystem,
    token: str,
    clock: SettableClock,
) -> None:
    client = f"/v1/clients/{system['id']}"
    suspended = client if of == "the client" else f"{client}/keys/{_signing_key(administrator, system)}"
    clock.set(clock.now() + timedelta(seconds=5))
    posted(administrator, f"{suspended}/suspensions")
    clock.set(clock.now() + timedelta(seconds=5))
    posted(administrator, f"{suspended}/resumptions")

    assert status_with(http, token) == 401
    assert status_with(http, token_of(ask_by_assertion(http, signing.assertion()))) == 200


def _signing_key(administrator: Caller, system: dict[str, Any]) -> str:
    keys = administrator.get(f"/v1/clients/{system['id']}").json()["keys"]
    (key,) = (one for one in keys if one["kind"] == "PUBLIC_KEY")
    return str(key["id"])
