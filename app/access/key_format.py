"""How keys and secrets are written: a prefix that scanners find, 256 random bits, and a checksum.

The checksum tells a typing error from an unknown key without the database, and a finding of a scanner from chance.
"""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Mapping

from app.access.vocabulary import ClientKeyKind

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_BYTES, _RANDOM_CHARACTERS, _CHECK_CHARACTERS, _SHOWN_CHARACTERS = 32, 43, 6, 6
_PREFIXES: Mapping[ClientKeyKind, str] = {ClientKeyKind.API_KEY: "rrk", ClientKeyKind.CLIENT_SECRET: "rrs"}
_WRITTEN = re.compile(r"(rr[ks]_(?:live|test)_)[0-9A-Za-z]{49}")


def new_key(kind: ClientKeyKind, word: str) -> str:
    """Returns a new key or secret. The word, `live` or `test`, says for which kind of deployment it is."""
    random = _base62(int.from_bytes(secrets.token_bytes(_RANDOM_BYTES)), _RANDOM_CHARACTERS)
    unchecked = f"{_PREFIXES[kind]}_{word}_{random}"
    return unchecked + _check_of(unchecked)


def is_written_as(kind: ClientKeyKind, text: str) -> bool:
    """Returns whether the text is written as a key of this kind is. Whether it is one only the database knows."""
    whole = _WRITTEN.fullmatch(text) is not None and text.startswith(f"{_PREFIXES[kind]}_")
    return whole and _check_of(text[:-_CHECK_CHARACTERS]) == text[-_CHECK_CHARACTERS:]


def shown_of(key: str) -> str:
    """Returns the first characters of a key, by which people recognise it. They are too few to guess the rest from."""
    return key[: key.rindex("_") + 1 + _SHOWN_CHARACTERS]


def hash_of_key(key: str) -> str:
    """Returns what is stored of a key or a secret.

    It has 256 random bits, so a plain hash is safe: it cannot be guessed.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def word_of(environment: str) -> str:
    """Returns the word in the keys of a deployment: it tells a live key from a test key wherever one turns up."""
    return "live" if environment == "production" else "test"


def _check_of(text: str) -> str:
    return _base62(zlib.crc32(text.encode()), _CHECK_CHARACTERS)


def _base62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
