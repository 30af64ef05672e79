"""All situations of a set of names; a set of situations is one whole number, one bit for each situation.

Rules compare a name with constants only. One value for each range that no constant divides stands for the
whole range, so nothing is lost. "And" is `&`: a proof over tens of thousands of situations takes a few
operations.
"""

from collections.abc import Iterable, Mapping
from math import prod

from app.routing.policy.conditions import UNKNOWN, is_met
from app.routing.policy.types import Condition, Fact


def cut_points(conditions: Iterable[Condition], low: int, high: int) -> tuple[int, ...]:
    """Returns the lowest number of each range in which all numbers meet the same conditions."""
    cuts = {low}
    for condition in conditions:
        for value in condition.right:
            if isinstance(value, int):
                cuts |= {value, value + 1}
    return tuple(sorted(cut for cut in cuts if low <= cut <= high))


class Space:
    """All combinations of the values of some names. `axes` maps each name to the values that stand for it.

    A fact that may not be known has None first among its values.
    """

    def __init__(self, axes: Mapping[str, tuple[Fact, ...]]) -> None:
        self.axes = dict(axes)
        self.size = prod(len(values) for values in self.axes.values())
        self.full = (1 << self.size) - 1
        self.strides: dict[str, int] = {}
        self._bits: dict[tuple[str, int], int] = {}
        stride = 1
        for name, values in self.axes.items():
            self.strides[name] = stride
            stride *= len(values)

    def at(self, name: str, index: int) -> int:
        """Returns the situations in which the name has its value of that index."""
        key = (name, index)
        if key not in self._bits:
            stride, width = self.strides[name], self.strides[name] * len(self.axes[name])
            bits = ((1 << stride) - 1) << (index * stride)
            # Doubled until it fills the space: dividing numbers of this length took most of a proof.
            while width < self.size:
                bits |= bits << width
                width *= 2
            self._bits[key] = bits & self.full
        return self._bits[key]

    def where(self, condition: Condition) -> int:
        """Returns the situations that meet the condition."""
        bits = 0
        for index, value in enumerate(self.axes[condition.left]):
            if is_met(condition, value):
                bits |= self.at(condition.left, index)
        return bits

    def where_all(self, conditions: Iterable[Condition]) -> int:
        """Returns the situations that meet every condition."""
        bits = self.full
        for condition in conditions:
            bits &= self.where(condition)
        return bits

    def where_all_may_hold(self, conditions: Iterable[Condition]) -> int:
        """Returns the situations in which no condition fails: each holds, or reads a fact that is not known."""
        bits = self.full
        for condition in conditions:
            values = self.axes[condition.left]
            unknown = self.at(condition.left, values.index(None)) if None in values else 0
            bits &= self.where(condition) | (unknown if condition.operator != UNKNOWN else 0)
        return bits

    def where_value(self, name: str, values: Iterable[Fact]) -> int:
        """Returns the situations in which the name has one of the values."""
        bits = 0
        for value in values:
            bits |= self.at(name, self.axes[name].index(value))
        return bits

    def raised(self, name: str, bits: int) -> int:
        """Returns the given situations, each with the next higher value of the name."""
        top = self.at(name, len(self.axes[name]) - 1)
        return (bits & ~top) << self.strides[name]

    def completed(self, name: str, bits: int) -> int:
        """Returns the situations that the given ones may turn into once the name, not known in them, is known."""
        waiting = bits & self.at(name, self.axes[name].index(None))
        found = 0
        for index in range(1, len(self.axes[name])):
            found |= waiting << (index * self.strides[name])
        return found

    def turned(self, name: str, value: Fact, bits: int) -> int:
        """Returns the situations that the given ones with that value may turn into: each with any higher value."""
        start = self.axes[name].index(value)
        waiting = bits & self.at(name, start)
        found = 0
        for steps in range(1, len(self.axes[name]) - start):
            found |= waiting << (steps * self.strides[name])
        return found

    def changed(self, name: str, value: Fact, other: Fact, bits: int) -> int:
        """Returns the situations that the given ones with that value become when the name has the other value."""
        start, end = self.axes[name].index(value), self.axes[name].index(other)
        held, by = bits & self.at(name, start), (end - start) * self.strides[name]
        return held << by if by >= 0 else held >> -by

    def situation(self, bits: int) -> dict[str, Fact]:
        """Returns the first situation of a set that is not empty, as values by name."""
        index = (bits & -bits).bit_length() - 1
        return {name: values[index // self.strides[name] % len(values)] for name, values in self.axes.items()}
