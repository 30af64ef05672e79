"""Sentences with their figures filled in. The words come from the policy, the figures from the case."""

import re
from collections.abc import Mapping

from app.routing.types import Fact

_FIELD = re.compile(r"{(\w+)}")


def spoken(value: Fact) -> str:
    """A value as a reader says it; unknown is said and never left out."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def filled(sentence: str, values: Mapping[str, Fact]) -> str:
    """The sentence with each {name} replaced by its value."""
    return _FIELD.sub(lambda match: spoken(values[match.group(1)]), sentence)
