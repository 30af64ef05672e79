"""A check letter exists to catch a slip of the finger before it makes two people one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.foundation.storage.keys import derived_key
from app.people.identifier_digests import PURPOSE, digest_of
from app.people.identifiers import CHECK_LETTERS, Identifier, parse_identifier
from app.people.schemas import IdentifierIn
from app.people.vocabulary import IdentifierKind
from tests.people.synthetic import CRN, CRO, CRO_FILE, NHS, PNC


@pytest.mark.parametrize(
    ("kind", "written", "form"),
    [
        ("PNC", "2011/0000101B", PNC),
        ("PNC", "11/101B", PNC),
        ("PNC", "20110000101b", PNC),
        ("PNC", "84/303G", "1984/0000303G"),
        ("CRO", "123/11E", CRO),
        ("CRO", "sf11/123p", CRO_FILE),
        ("NHS", "999 000 0018", NHS),
        ("NHS", "999-000-0018", NHS),
        ("CRN", "x999001", CRN),
        ("NOMIS", "a1234bc", "A1234BC"),
        ("VISOR", " 2004 / 1234 ", "2004/1234"),
    ],
)
def test_identifier_has_one_form_however_it_was_written(kind: str, written: str, form: str) -> None:
    assert parse_identifier(IdentifierKind(kind), written).value == form


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("PNC", "2011/0000101C"),
        ("PNC", "2011/0000110B"),
        ("PNC", "2011/0000000L"),
        ("PNC", "1811/0000101B"),
        ("PNC", "11101B"),
        ("CRO", "000123/11F"),
        ("CRO", "SF11/0123P"),
        ("NHS", "9990000019"),
        ("NHS", "999000018"),
        ("NHS", "4444444444"),
        ("NHS", "٩٩٩٠٠٠٠٠١٨"),
        ("CRN", "X99900"),
        ("CRN", "9X99001"),
        ("NOMIS", "A12345C"),
        ("NOMIS", "1234ABC"),
        ("VISOR", "NO-NUMBER"),
        ("VISOR", "2004/12/34"),
    ],
)
def test_identifier_that_is_mistyped_or_a_placeholder_is_refused(kind: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"check|serial|stands for nobody|is "):
        parse_identifier(IdentifierKind(kind), written)


@given(st.integers(0, 99), st.integers(1, 9_999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_of_a_pnc_serial_never_passes_the_check_letter(
    year: int, serial: int, place: int, shift: int
) -> None:
    digits = f"{serial:07d}"
    letter = CHECK_LETTERS[int(f"{year:02d}{digits}") % 23]
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]

    with pytest.raises(ValueError, match=r"check letter does not fit|stands for nobody"):
        parse_identifier(IdentifierKind.PNC, f"{year:02d}/{wrong}{letter}")


def test_refusal_of_an_identifier_never_repeats_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        IdentifierIn.model_validate({"kind": "PNC", "value": "2011/0000110B"})

    assert "0000110" not in str(refused.value.errors(include_input=False))
    assert refused.value.errors()[0]["loc"] == ("value",)


def test_identifier_shows_neither_in_a_log_nor_in_stored_json() -> None:
    sent = IdentifierIn.model_validate({"kind": "NHS", "value": NHS})

    written = f"{sent!r} {sent} {sent.model_dump_json()} {sent.identifier()!r}"

    assert NHS not in written


def test_same_identifier_has_the_same_hash_only_under_the_same_secret() -> None:
    one = Identifier(IdentifierKind.NHS, NHS)

    here, again, elsewhere = (digest_of(derived_key(PURPOSE, secret), one) for secret in ("a" * 32, "a" * 32, "b" * 32))

    assert (here == again, here == elsewhere) == (True, False)


def test_same_digits_of_another_kind_have_another_hash() -> None:
    key = derived_key(PURPOSE, "a" * 32)

    as_pnc, as_cro = (digest_of(key, Identifier(kind, "1")) for kind in (IdentifierKind.PNC, IdentifierKind.CRO))

    assert as_pnc != as_cro
