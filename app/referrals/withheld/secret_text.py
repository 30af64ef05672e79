"""The request fields for texts that the perpetrator must never learn. No log, error or dump of a request shows it."""

from hashlib import sha256
from typing import Annotated

from pydantic import Field, PlainSerializer, SecretStr


def _hash_of_text(text: SecretStr) -> str:
    """Returns the hash that a dump holds instead of the text. It tells two texts apart and nothing more."""
    # The Idempotency-Key check compares dumps of requests, so another text must give another dump.
    return sha256(text.get_secret_value().encode()).hexdigest()


NotForDisclosureText = Annotated[
    SecretStr,
    Field(
        min_length=1,
        max_length=4000,
        description="What the perpetrator must never learn, such as where the victim is. Stored apart and sealed; "
        "no decision uses it; read it back at /v1/referrals/{id}/not-for-disclosure",
    ),
    PlainSerializer(_hash_of_text, return_type=str, when_used="json"),
]

SealedText = Annotated[
    SecretStr,
    Field(min_length=1, max_length=2000),
    PlainSerializer(_hash_of_text, return_type=str, when_used="json"),
]
"""A text of the victim's side inside a request. The document of the request keeps only which sealed text it is."""
