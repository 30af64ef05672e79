"""The faults for which a policy or its facts are refused, each with its place."""

import re
from collections.abc import Iterable, Iterator
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

    def place(self, needle: str, entry: str = "") -> str:
        """Returns `file:line` of the line that names the thing or else first holds the text, or the file alone.

        With `entry`, the line inside that entry that holds the text, or else the line that names the entry.
        """
        at = self._in_entry(needle, entry) if entry else None
        anywhere = needle or entry
        if at is None and anywhere:
            at = self._naming(anywhere)
        if at is None and anywhere:
            at = next((number for number, line in enumerate(self._lines) if anywhere in line), None)
        return self.file if at is None else f"{self.file}:{at + 1}"

    def _in_entry(self, needle: str, entry: str) -> int | None:
        named = self._naming(entry)
        if named is None:
            return None
        held = (number for number in self._lines_of(entry, named) if needle and needle in self._lines[number])
        return next(held, named)

    def _lines_of(self, entry: str, named: int) -> range:
        """Returns one line for an entry written as `name = { ... }`; from its header to the next header otherwise."""
        if self._lines[named].startswith(entry):
            return range(named, named + 1)
        heads = [number for number, line in enumerate(self._lines) if line.startswith("[")]
        start = max((number for number in heads if number <= named), default=named)
        return range(start, min((number for number in heads if number > named), default=len(self._lines)))

    def _naming(self, needle: str) -> int | None:
        whole = needle.strip('"[]')
        bare = re.escape(whole.split(".")[-1])
        naming = re.compile(rf'^({bare} *=|\[(\w+\.)?{bare}\]|id *= *"{re.escape(whole)}")')
        return next((number for number, line in enumerate(self._lines) if naming.match(line)), None)

    def add(self, needle: str, message: str, situation: str = "", entry: str = "") -> None:
        """Records one fault at the line that `place` finds."""
        self._add(PolicyFault(self.place(needle, entry), message, situation))

    def add_at(self, line: int, message: str) -> None:
        """Records one fault at that line, counted from 1."""
        self._add(PolicyFault(f"{self.file}:{line}", message))

    def lines_like(self, pattern: re.Pattern[str]) -> Iterator[int]:
        """Yields the lines that begin as the pattern says, counted from 1."""
        return (number for number, line in enumerate(self._lines, start=1) if pattern.match(line))

    def _add(self, fault: PolicyFault) -> None:
        if fault not in self.found:
            self.found.append(fault)

    def stop_if_any(self) -> None:
        """Raises PolicyErrors when there is any fault so far."""
        if self.found:
            raise PolicyErrors(self.found)
