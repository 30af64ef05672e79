"""Describes a set of situations by a few simpler ones: each limits some names and leaves the others free.

They may overlap; together they are exactly the set. Each gives numbers as ranges, so it says "13 or more"
and not which numbers were examined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.policy.situation_space import Space
from app.routing.policy.types import Fact


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Whole numbers from `low` to `high`, both included; `top` is the highest number that the name can have."""

    low: int
    high: int
    top: int


@dataclass(frozen=True, slots=True)
class SituationSet:
    """The situations in which every limited name has one of the given words, or is in one of the given ranges.

    None among the words or the ranges: the name is not known.
    """

    words: Mapping[str, tuple[Fact, ...]]
    numbers: Mapping[str, tuple[NumberRange | None, ...]]

    def holds(self, values: Mapping[str, Fact]) -> bool:
        """Returns whether the situation is in the set."""
        return all(values[name] in allowed for name, allowed in self.words.items()) and all(
            _within(values[name], ranges) for name, ranges in self.numbers.items()
        )


def _within(value: Fact, ranges: Iterable[NumberRange | None]) -> bool:
    if not isinstance(value, int):
        return value is None and None in ranges
    return any(each is not None and each.low <= value <= each.high for each in ranges)


def situation_sets(space: Space, bits: int, tops: Mapping[str, int]) -> tuple[SituationSet, ...]:
    """Returns the set as few simpler ones.

    `tops` gives the highest value of each name that is a number; other names are words.
    """
    ways = (_cover(space, bits, names) for names in (tuple(space.axes), tuple(reversed(space.axes))))
    return tuple(_situation_set(space, chosen, tops) for chosen in min(ways, key=len))


_Chosen = dict[str, frozenset[int]]


def _cover(space: Space, bits: int, names: tuple[str, ...]) -> list[_Chosen]:
    """Returns simpler sets that together are the set.

    Each starts from a situation not yet covered and is widened name by name.
    """
    found: list[_Chosen] = []
    rest = bits
    while rest:
        grown = _grown(space, bits, names, rest)
        found.append(grown)
        rest &= ~_bits(space, grown)
    return found


def _grown(space: Space, bits: int, names: tuple[str, ...], rest: int) -> _Chosen:
    index = (rest & -rest).bit_length() - 1
    chosen = {name: frozenset({index // space.strides[name] % len(values)}) for name, values in space.axes.items()}
    for name in names:
        every = frozenset(range(len(space.axes[name])))
        others = _bits(space, {other: held for other, held in chosen.items() if other != name})
        fits = {place for place in every if not others & space.at(name, place) & ~bits}
        chosen[name] = frozenset(fits)
    return {name: held for name, held in chosen.items() if len(held) < len(space.axes[name])}


def _bits(space: Space, chosen: Mapping[str, frozenset[int]]) -> int:
    bits = space.full
    for name, held in chosen.items():
        lane = 0
        for place in held:
            lane |= space.at(name, place)
        bits &= lane
    return bits


def _situation_set(space: Space, chosen: _Chosen, tops: Mapping[str, int]) -> SituationSet:
    named = [name for name in space.axes if name in chosen]
    return SituationSet(
        {name: tuple(space.axes[name][i] for i in sorted(chosen[name])) for name in named if name not in tops},
        {name: _number_ranges(space.axes[name], chosen[name], tops[name]) for name in named if name in tops},
    )


def _number_ranges(cuts: tuple[Fact, ...], places: frozenset[int], top: int) -> tuple[NumberRange | None, ...]:
    """Returns the chosen values as ranges, neighbours joined; None first when the number may not be known."""
    chosen = [cuts[place] for place in sorted(places)]
    lows = [cut for cut in cuts if cut is not None]
    ends = dict(zip(lows, [int(low) - 1 for low in lows[1:]] + [top], strict=True))
    found: list[NumberRange] = []
    for low in (int(cut) for cut in chosen if cut is not None):
        if found and found[-1].high == low - 1:
            found[-1] = NumberRange(found[-1].low, ends[low], top)
        else:
            found.append(NumberRange(low, ends[low], top))
    return (None, *found) if None in chosen else tuple(found)
