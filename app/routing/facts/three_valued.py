"""Logic with three values: True, False and None for "not known"."""

from collections.abc import Iterable


def three_valued_and(*parts: bool | None) -> bool | None:
    """Returns False when one part is False; otherwise None when one part is not known; otherwise True."""
    if False in parts:
        return False
    return None if None in parts else True


def three_valued_or(parts: Iterable[bool | None]) -> bool | None:
    """Returns True when one part is True; otherwise None when one part is not known; otherwise False."""
    seen = tuple(parts)
    if True in seen:
        return True
    return None if None in seen else False
