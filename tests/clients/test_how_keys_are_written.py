"""A key has a prefix that scanners find and a checksum: a typing error is known without the database."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.access.authentication import authenticate
from app.access.key_format import is_written_as, new_key, shown_of, word_of
from app.access.tokens import TokenIssuer
from app.access.vocabulary import ClientKeyKind
from app.foundation.errors import Unauthenticated

KEY, SECRET = ClientKeyKind.API_KEY, ClientKeyKind.CLIENT_SECRET
FOUND_BY_SCANNERS = re.compile(r"\brr[ks]_(live|test)_[0-9A-Za-z]{49}\b")


@pytest.mark.parametrize(("kind", "begins"), [(KEY, "rrk_live_"), (SECRET, "rrs_live_")])
def test_key_is_found_in_a_text_by_its_form(kind: ClientKeyKind, begins: str) -> None:
    key = new_key(kind, "live")

    assert key.startswith(begins)
    assert FOUND_BY_SCANNERS.search(f"curl -H 'Authorization: Bearer {key}' https://")
    assert is_written_as(kind, key)
    assert re.fullmatch(rf"{begins}[0-9A-Za-z]{{6}}", shown_of(key))


def test_key_with_one_character_changed_is_no_key() -> None:
    key = new_key(KEY, "test")
    changed = [key[:at] + ("x" if key[at] != "x" else "y") + key[at + 1 :] for at in range(len(key))]

    assert [one for one in changed if is_written_as(KEY, one)] == []


@pytest.mark.parametrize("text", ["", "rrk_test_", " ", "rrk_test_" + "0" * 49, "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_key_is_not_taken_for_one(text: str) -> None:
    assert not is_written_as(KEY, text)


def test_secret_is_no_key_and_key_is_no_secret() -> None:
    assert not is_written_as(KEY, new_key(SECRET, "test"))
    assert not is_written_as(SECRET, new_key(KEY, "test"))


def test_no_two_keys_are_alike_and_production_writes_live() -> None:
    assert len({new_key(KEY, "test") for _ in range(100)}) == 100
    assert (word_of("production"), word_of("development")) == ("live", "test")


def test_typing_error_is_refused_without_asking_the_database() -> None:
    with Session() as of_no_database, pytest.raises(Unauthenticated):
        authenticate(
            of_no_database, [f"Bearer {new_key(KEY, 'test')}x"], TokenIssuer(""), datetime(2026, 3, 10, tzinfo=UTC)
        )
