"""Runs ways of doing a thing in alternating short blocks, so that the machine's noise falls on all alike; and goals."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Literal

Rates = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured figure beside its bound. `is_ratio`: the bound holds on any machine."""

    name: str
    measured: float
    bound: Literal[">=", "<="]
    wanted: float
    is_ratio: bool = True

    @property
    def is_met(self) -> bool:
        return self.measured >= self.wanted if self.bound == ">=" else self.measured <= self.wanted

    def shown(self) -> dict[str, object]:
        """The goal as JSON has it."""
        return asdict(self) | {"measured": round(self.measured, 3), "met": self.is_met}


def run_alternating(ways: Mapping[str, Callable[[], float]], rounds: int) -> Rates:
    """The rate of each way in each round. Every other round goes through the ways backwards."""
    given: Rates = {way: [] for way in ways}
    order = list(ways)
    for _, names in zip(range(rounds), itertools.cycle((order, order[::-1])), strict=False):
        for way in names:
            given[way].append(ways[way]())
    return given


def ratio(rates: Rates, one: str, other: str) -> float:
    """The median over rounds of one way against another in the same round."""
    return median(a / b for a, b in zip(rates[one], rates[other], strict=True))


def milliseconds(taken: Sequence[float], *, percentile: int) -> float:
    """A percentile of durations that are given in seconds."""
    return round(1000 * quantiles(taken, n=100)[percentile - 1], 2)


def medians(rates: Rates) -> dict[str, float]:
    """The median of each way."""
    return {way: round(median(values), 1) for way, values in rates.items()}
