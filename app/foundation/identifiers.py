"""Random identifiers with a prefix for the kind of thing they name, and references for people. None can be guessed."""

import secrets

# Crockford's base 32: no letter is taken for a digit when a reference is read out on the telephone.
_READ_OUT = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id(prefix: str) -> str:
    """Returns a new identifier of 128 random bits, such as `ref_9f…`."""
    return f"{prefix}_{secrets.token_hex(16)}"


def new_reference() -> str:
    """Returns a new reference of 50 random bits for people to say, such as `7F3KQ9W2MX`.

    It says nothing of what it names: an area or a year in it would tell where somebody lives, and since when.
    """
    return "".join(secrets.choice(_READ_OUT) for _ in range(10))
