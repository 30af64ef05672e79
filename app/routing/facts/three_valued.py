"""Logic with three values: True, False and None for "not known"."""

from collections.abc import Iterable


def three_valued_and(*parts: bool | None) -> bool | None:
    """Three-valued "and": one no settles it, otherwise one unknown leaves it unknown."""
    if False in parts:
        return False
    return None if None in parts else True


def three_valued_or(parts: Iterable[bool | None]) -> bool | None:
    """Three-valued "or": one yes settles it, otherwise one unknown leaves it unknown."""
    seen = tuple(parts)
    if True in seen:
        return True
    return None if None in seen else False
