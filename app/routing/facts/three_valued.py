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


def age_from(limit: int, age: int | None, *, in_doubt: bool) -> int | None:
    """Returns the age; one in doubt only where it reaches the limit, below which less is owed to the person."""
    return None if in_doubt and age is not None and age < limit else age
