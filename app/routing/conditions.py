"""One condition against what is known: yes, no, or not known. Seven operators and nothing else."""

from collections.abc import Callable, Iterable, Mapping

from app.routing.decision import Used
from app.routing.types import Condition, Fact, Value

_TESTS: Mapping[str, Callable[[Value, tuple[Value, ...]], bool]] = {
    "==": lambda value, right: value == right[0],
    "!=": lambda value, right: value != right[0],
    ">=": lambda value, right: _number(value) >= _number(right[0]),
    "<=": lambda value, right: _number(value) <= _number(right[0]),
    ">": lambda value, right: _number(value) > _number(right[0]),
    "<": lambda value, right: _number(value) < _number(right[0]),
    "in": lambda value, right: value in right,
}
OPERATORS = tuple(_TESTS)
ORDERED = (">=", "<=", ">", "<")


def _number(value: Value) -> int:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is not a number")
    return value


def test(condition: Condition, value: Value) -> bool:
    """Whether a known value meets the condition."""
    return _TESTS[condition.operator](value, condition.right)


class Known(dict[str, Fact]):
    """Facts, settings and answers so far, by name; `open` holds the answers not yet settled.

    Asking for a name that is not there is an error: absent is not unknown.
    """

    def __init__(self, values: Mapping[str, Fact]) -> None:
        super().__init__(values)
        self.open: dict[str, tuple[str, ...]] = {}

    def settle(self, name: str, possible: tuple[str, ...]) -> None:
        """Records an answer: one possible value is known, several leave the name open."""
        if len(possible) == 1:
            self[name] = possible[0]
        else:
            self[name] = None
            self.open[name] = possible


def holds(condition: Condition, known: Known) -> bool | None:
    """Whether the condition holds; None when what is not known could turn it either way."""
    value = known[condition.left]
    if value is not None:
        return test(condition, value)
    possible = known.open.get(condition.left)
    if possible is None:
        return None
    verdicts = {test(condition, each) for each in possible}
    return verdicts.pop() if len(verdicts) == 1 else None


def all_hold(conditions: Iterable[Condition], known: Known) -> bool | None:
    """Whether every condition holds: one known "no" settles it."""
    verdict: bool | None = True
    for condition in conditions:
        held = holds(condition, known)
        if held is False:
            return False
        if held is None:
            verdict = None
    return verdict


def any_group_holds(groups: Iterable[tuple[Condition, ...]], known: Known) -> bool | None:
    """Whether at least one group of conditions holds entirely: one known "yes" settles it."""
    verdict: bool | None = False
    for group in groups:
        held = all_hold(group, known)
        if held:
            return True
        if held is None:
            verdict = None
    return verdict


def unknowns(conditions: Iterable[Condition], known: Known) -> tuple[str, ...]:
    """The names in the conditions whose value is not known."""
    return tuple(c.left for c in conditions if known[c.left] is None)


def used(condition: Condition, known: Mapping[str, Fact]) -> Used:
    """The comparison as it was made."""
    return Used(condition.left, known[condition.left], condition.operator, condition.right, condition.param)
