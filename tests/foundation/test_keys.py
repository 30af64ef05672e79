"""Every session carries the secret key, and the keys derived from it stay what they were when something was stored."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.storage.keys import carry_secret_key, derived_key, secret_key_of
from app.people.identifier_digests import PURPOSE as IDENTIFIERS
from app.referrals.withheld.sealing import PURPOSE as NOT_FOR_DISCLOSURE
from app.webhooks.delivery.sealing import webhook_seal

SECRET = "0" * 64
DERIVED = {
    IDENTIFIERS: "5c7a7afead23523bb6dec7527b92e039e853608e30489b8b8ae292913d0f10b8",
    NOT_FOR_DISCLOSURE: "c74ee358ff8192bf64e2db70ed1be7bd29acd15b94a822a8ec83deca7f696735",
}


@pytest.mark.parametrize("purpose", DERIVED)
def test_derived_key_opens_what_an_earlier_release_stored(purpose: str) -> None:
    assert derived_key(purpose, SECRET).hex() == DERIVED[purpose]


def test_seal_of_webhook_secrets_is_the_one_of_earlier_releases() -> None:
    assert webhook_seal(SECRET).key.hex() == "5861e914936706eb3bfd7de95f0631192c1c014c5588fad969184cb0a18bca5c"


@pytest.mark.parametrize("secret_key", [SECRET, None])
def test_every_session_carries_the_key_beside_what_it_held(secret_key: str | None) -> None:
    sessions = sessionmaker[Session](info={"other": 1})

    carry_secret_key(sessions, secret_key)

    assert secret_key_of(sessions) == secret_key
    assert secret_key_of(sessions()) == secret_key
    assert sessions().info["other"] == 1


def test_session_that_was_given_no_key_carries_none() -> None:
    assert secret_key_of(sessionmaker[Session]()()) is None
