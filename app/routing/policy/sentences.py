"""Fills the sentences of a policy with the values of a case."""

import re
from collections.abc import Mapping

from app.routing.policy.types import Fact

_FIELD = re.compile(r"{(\w+)}")


def value_in_words(value: Fact) -> str:
    """Returns the value in words; None is "not known"."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


class Sentence:
    """A sentence of a policy, parsed once. `names` are those whose values it quotes."""

    def __init__(self, says: str) -> None:
        self.names = tuple(_FIELD.findall(says))
        self._form = _FIELD.sub("%s", says.replace("%", "%%"))

    def filled(self, values: Mapping[str, Fact]) -> str:
        """Returns the sentence with each {name} replaced by its value."""
        return self._form % tuple([value_in_words(values[name]) for name in self.names])
