"""Random identifiers with a prefix for the kind of thing they name. They cannot be guessed."""

import secrets


def new_id(prefix: str) -> str:
    """Returns a new identifier of 128 random bits, such as `ref_9f…`."""
    return f"{prefix}_{secrets.token_hex(16)}"
