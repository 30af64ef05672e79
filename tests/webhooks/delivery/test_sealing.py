"""Secrets at rest."""

import pytest

from app.foundation.errors import ServiceError
from app.webhooks.delivery.sealing import webhook_seal
from tests.webhooks.builders import SECRET, DeliverySetup

KEY = "k" * 64


def test_sealed_secret_opens_again_with_the_same_key_and_place() -> None:
    seal = webhook_seal(KEY)

    sealed = seal.close(SECRET, "whe_1:v1")

    assert webhook_seal(KEY).open(sealed, "whe_1:v1") == SECRET
    assert SECRET not in sealed


@pytest.mark.parametrize(("key", "place"), [("x" * 64, "whe_1:v1"), (KEY, "whe_2:v1"), (KEY, "whe_1:v1a")])
def test_sealed_secret_stays_shut_under_another_key_or_at_another_place(key: str, place: str) -> None:
    sealed = webhook_seal(KEY).close(SECRET, "whe_1:v1")

    with pytest.raises(ServiceError, match="cannot be opened"):
        webhook_seal(key).open(sealed, place)


def test_same_secret_is_sealed_differently_every_time() -> None:
    seal = webhook_seal(KEY)

    assert seal.close(SECRET, "a") != seal.close(SECRET, "a")


def test_no_secret_is_stored_while_the_deployment_has_no_key() -> None:
    with pytest.raises(ServiceError, match="ROUTING_SECRET_KEY"):
        webhook_seal(None)


def test_database_never_holds_a_secret_in_the_open(setup: DeliverySetup) -> None:
    setup.an_endpoint("https://hooks.a.gov.uk/")

    (row,) = setup.rows("webhook_secret")

    assert SECRET not in bytes(row["sealed"])
