"""Why a policy is refused: every fault, with its place and, where there is one, the situation."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One reason to refuse a policy. `situation` is a ready test case in TOML, or empty."""

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
    """The facts are refused: a key is absent, unknown, or its value is not one the fact can have."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = tuple(messages)
        super().__init__("; ".join(self.messages))


class Faults:
    """Gathers faults while a policy is read, so that its author sees them all at once."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines = text.splitlines()
        self.found: list[PolicyFault] = []

    def place(self, needle: str) -> str:
        """`file:line` of the line that names the thing or else first holds the text, or the file alone."""
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
        """Records one fault at the line that holds `needle`."""
        self.found.append(PolicyFault(self.place(needle), message, situation))

    def stop_if_any(self) -> None:
        """Raises everything gathered so far."""
        if self.found:
            raise PolicyErrors(self.found)
