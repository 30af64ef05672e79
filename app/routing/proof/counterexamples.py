"""Writes a situation as an example in TOML, to paste beside the policy and run."""

from collections.abc import Mapping

from app.routing.policy.types import Value


def toml_value(value: Value) -> str:
    """Returns the value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'


def inline(values: Mapping[str, Value]) -> str:
    """Returns the values as a TOML inline table."""
    return "{ " + ", ".join(f"{name} = {toml_value(value)}" for name, value in values.items()) + " }"


def as_example(name: str, given: Mapping[str, Value]) -> str:
    """Returns the situation as a `[[example]]`: facts, parameters and earlier answers."""
    return f'[[example]]\nname = "{name}"\ngiven = {inline(given)}'


def as_cell(table: str, name: str, given: Mapping[str, Value]) -> str:
    """Returns the situation as a `[[cell]]` of a lead table."""
    return f'[[cell]]\nname = "{name}"\ntable = "{table}"\ngiven = {inline(given)}'
