"""Writes a situation as an example in TOML, to paste beside the policy and run."""

from collections.abc import Mapping

from app.routing.policy.types import Fact, Value


def toml_value(value: Value) -> str:
    """Returns the value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'


def inline(values: Mapping[str, Fact]) -> str:
    """Returns the values that are known, as a TOML inline table."""
    known = (f"{name} = {toml_value(value)}" for name, value in values.items() if value is not None)
    return "{ " + ", ".join(known) + " }"


def as_example(name: str, given: Mapping[str, Fact]) -> str:
    """Returns the situation as a `[[example]]`: facts, parameters and earlier answers, and what is not known."""
    unknown = ", ".join(f'"{fact}"' for fact, value in given.items() if value is None)
    return f'[[example]]\nname = "{name}"\ngiven = {inline(given)}' + (f"\nunknown = [{unknown}]" if unknown else "")


def as_cell(table: str, name: str, given: Mapping[str, Fact]) -> str:
    """Returns the situation as a `[[cell]]` of a lead table."""
    return f'[[cell]]\nname = "{name}"\ntable = "{table}"\ngiven = {inline(given)}'
