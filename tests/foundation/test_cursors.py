"""A cursor opens the list it was given out for, to the caller it was given to, and nothing else."""

import string
from base64 import urlsafe_b64decode

import pytest

from app.foundation.errors import Malformed
from app.foundation.web.pagination import CursorKey

KEY = CursorKey("0" * 64, "client_1 actions OPEN")
POSITION = ["2026-03-10T09:30:00+00:00", "act_ü", ""]
FOREIGN = {
    "another caller": CursorKey(KEY.secret, "client_2 actions OPEN"),
    "other filters": CursorKey(KEY.secret, "client_1 actions DONE"),
    "another secret": CursorKey("1" * 64, KEY.bound_to),
}
UNREADABLE = {
    "empty": "",
    "a word": "next",
    "not ASCII": "ü.ü",
    "spaces": " . ",
    "a NUL": "a\0.b",
    "signature only": ".x",
}
LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


def test_cursor_gives_back_its_position() -> None:
    assert KEY.read(KEY.write(POSITION)) == POSITION
    assert KEY.read(KEY.write(["x" * 500])) == ["x" * 500]


def test_cursor_travels_in_a_link_as_it_is() -> None:
    assert set(KEY.write(POSITION)) <= set(LETTERS)


@pytest.mark.parametrize("whose", FOREIGN)
def test_cursor_of_another_list_or_caller_is_refused(whose: str) -> None:
    with pytest.raises(Malformed, match="given for this very list"):
        KEY.read(FOREIGN[whose].write(POSITION))


def test_cursor_with_any_letter_changed_left_out_or_added_is_refused() -> None:
    cursor = KEY.write(POSITION)
    changed = [cursor[:at] + _other(letter) + cursor[at + 1 :] for at, letter in enumerate(cursor)]
    shorter = [cursor[:at] for at in range(len(cursor))]

    for forged in (*changed, *shorter, cursor + "A", "A" + cursor):
        with pytest.raises(Malformed):
            KEY.read(forged)


@pytest.mark.parametrize("what", UNREADABLE)
def test_text_that_is_no_cursor_is_refused(what: str) -> None:
    with pytest.raises(Malformed):
        KEY.read(UNREADABLE[what])


def test_cursor_shows_nobody_where_it_stands() -> None:
    """It may name an instant or a row that the caller does not see."""
    raw = urlsafe_b64decode(KEY.write(POSITION) + "==")

    assert not [part for part in POSITION if part and (part.encode() in raw or part in KEY.write(POSITION))]


def test_the_same_position_has_the_same_cursor() -> None:
    assert KEY.write(POSITION) == KEY.write(POSITION)


def _other(letter: str) -> str:
    """A letter whose first bit differs: the last letter of base64 text has bits that stand for nothing."""
    return LETTERS[(LETTERS.index(letter) + 32) % 64] if letter in LETTERS else "A"
