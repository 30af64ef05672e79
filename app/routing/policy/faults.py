"""The faults for which a policy or its facts are refused, each with its place."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One reason to refuse a policy. `situation` is the example that shows it, as TOML, or empty."""

    place: str
    message: str
    situation: str = ""

    def __str__(self) -> str:
        tail = f"\n{self.situation}" if self.situation else ""
        return f"{self.place}: {self.message}{tail}"


class PolicyErrors(Exception):
    """The policy is refused. `faults` holds every fault found, not only the first."""

    def __init__(self, faults: Iterable[PolicyFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FactErrors(Exception):
    """The facts are refused: a fact is missing, not one of the policy, or has a value that it cannot have."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("; ".join(self.messages))


class Faults:
    """Collects faults while a policy is read, so that its author sees all of them at once."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines = text.splitlines()
        self.found: list[PolicyFault] = []

    def place(self, needle: str) -> str:
        """`file:line` of the line that defines the name, else of the first that contains the text; else the file."""
        if not needle:
            return self.file
        bare = needle.strip('"[]').split(".")[-1]
        naming = re.compile(rf'^({re.escape(bare)} *=|\[\w+\.{re.escape(bare)}\]|id *= *"{re.escape(bare)}")')
        ways: tuple[Callable[[str], object], ...] = (naming.match, lambda line: needle in line)
        for holds in ways:
            for number, line in enumerate(self._lines, start=1):
                if holds(line):
                    return f"{self.file}:{number}"
        return self.file

    def add(self, needle: str, message: str, situation: str = "") -> None:
        """Adds one fault at the line of `needle`, as `place` finds it."""
        self.found.append(PolicyFault(self.place(needle), message, situation))

    def stop_if_any(self) -> None:
        """Raises PolicyErrors when there is any fault so far."""
        if self.found:
            raise PolicyErrors(self.found)
