"""Reads parameters by type, for the facts that are counted from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.policy.types import Parameter, Policy, Value


@dataclass(frozen=True, slots=True)
class Parameters:
    """The values of a policy's parameters. A missing name raises KeyError, a wrong type TypeError."""

    values: Mapping[str, Value]

    def number(self, name: str) -> int:
        """Returns the whole number of that name."""
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"parameter {name} must be a whole number, not {value!r}")
        return value

    def flag(self, name: str) -> bool:
        """Returns the yes or no of that name."""
        value = self.values[name]
        if not isinstance(value, bool):
            raise TypeError(f"parameter {name} must be true or false, not {value!r}")
        return value

    def word(self, name: str) -> str:
        """Returns the word of that name."""
        value = self.values[name]
        if not isinstance(value, str):
            raise TypeError(f"parameter {name} must be a word, not {value!r}")
        return value


def setting_values(parameter: Parameter) -> tuple[Value, ...]:
    """Returns every value that a board may give a switch or a choice; of a number, only the value that it has."""
    if isinstance(parameter.value, bool):
        return (parameter.value,) if parameter.locked else (False, True)
    return parameter.values if isinstance(parameter.value, str) else (parameter.value,)


def parameter_values(policy: Policy) -> dict[str, bool | int | str]:
    """Returns the values of the policy's parameters by name."""
    return {name: parameter.value for name, parameter in policy.parameters.items()}
