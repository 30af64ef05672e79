"""Random identifiers with a prefix for the kind of thing they name. They cannot be guessed."""

import re
import secrets

PATTERN = r"^[a-z]{2,5}_[0-9a-f]{32}$"
_SHAPE = re.compile(PATTERN)


def new_id(prefix: str) -> str:
    """A new identifier of 128 random bits, such as `ref_9f…`."""
    return f"{prefix}_{secrets.token_hex(16)}"
