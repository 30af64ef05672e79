"""The text that he must never learn, as it arrives: no log, no error and no dump of a request shows it."""

from hashlib import sha256
from typing import Annotated

from pydantic import Field, PlainSerializer, SecretStr


def _unreadable(text: SecretStr) -> str:
    """What a dump holds instead of the text: enough to tell two texts apart, and nothing to read."""
    return sha256(text.get_secret_value().encode()).hexdigest()


NeverToHim = Annotated[
    SecretStr,
    Field(
        min_length=1,
        max_length=4000,
        description="What he must never learn, such as where she is. Kept apart and sealed; no decision looks at it; "
        "read it back at /v1/referrals/{id}/not-for-disclosure",
    ),
    PlainSerializer(_unreadable, return_type=str, when_used="json"),
]
