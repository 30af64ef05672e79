"""Reads parameters by type, for the facts that are counted from a snapshot, and names the limits of age among them.

An age is settled only as far as no limit lies inside its uncertain year; a limit that is not here would be missed. A
rule compares a settled age with one of them, never with a bare number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.policy.types import Parameter, Policy, Value

OLDEST = 120
ADULT_AGE = "adult_age"
VICTIM_LIMITS = ("min_age_victim", "child_victim_age", "dapn_min_age_victim", ADULT_AGE)
PERPETRATOR_LIMITS = (
    "criminal_responsibility_age",
    "matac_min_age",
    "dvpn_min_age_perpetrator",
    "dapn_min_age_perpetrator",
    ADULT_AGE,
)
LIMITS_OF_FACT: Mapping[str, tuple[str, ...]] = {
    "victim_age": VICTIM_LIMITS,
    "perpetrator_age": PERPETRATOR_LIMITS,
}
ENDS_OF_AGE = frozenset({"victim_youngest", "victim_oldest", "perpetrator_youngest", "perpetrator_oldest"})
"""The ends of the uncertain year. They are known for every limit, and may be compared with any number."""


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
