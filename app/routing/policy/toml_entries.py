"""Reads one TOML table by type. A key that is missing, of a wrong type or not expected becomes a fault."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from app.routing.policy.faults import Faults

Word = TypeVar("Word", bound=StrEnum)


class Entry:
    """One table of a policy file, read key by key; `done` reports the keys that were not read."""

    def __init__(self, table: Mapping[str, object], name: str, faults: Faults, outer: str = "") -> None:
        self.name = name
        self._entry = outer or name
        self._table = table
        self._faults = faults
        self._read: set[str] = set()

    def fault(self, message: str, needle: str = "") -> None:
        """Records a fault at the entry's line with `needle`, or at the line that names the entry."""
        self._faults.add(needle, f"{self.name}: {message}", entry=self._entry)

    def _get(self, key: str) -> object:
        self._read.add(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Returns the text under the key; without a default it must be present and not empty."""
        value = self._get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            self.fault(f"`{key}` must be a text that is not empty")
            return ""
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Returns the true or false under the key."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(f"`{key}` must be true or false")
            return default
        return value

    def number(self, key: str, default: int = 0) -> int:
        """Returns the whole number under the key."""
        value = self._get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(f"`{key}` must be a whole number")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Returns the list of texts under the key; empty when the key is absent."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(f"`{key}` must be a list of texts")
            return ()
        return tuple(value)

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Returns the list of lists of texts under the key; empty when the key is absent."""
        value = self._get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
            self.fault(f"`{key}` must be a list of lists of texts")
            return ()
        return tuple(tuple(str(each) for each in group) for group in value)

    def any_value(self, key: str) -> object:
        """Returns the value under the key, of any type; None when the key is absent."""
        return self._get(key)

    def word(self, key: str, words: type[Word], default: Word | None = None) -> Word:
        """Returns the word of the vocabulary under the key."""
        text = self.text(key, default)
        try:
            return words(text)
        except ValueError:
            self.fault(f"`{key}` is '{text}', which is not one of {', '.join(words)}", f'"{text}"')
            return next(iter(words))

    def words(self, key: str, words: type[Word]) -> tuple[Word, ...]:
        """Returns the list of words of the vocabulary under the key."""
        wrong = [text for text in self.texts(key) if text not in set(words)]
        for text in wrong:
            self.fault(f"`{key}` holds '{text}', which is not one of {', '.join(words)}", f'"{text}"')
        return tuple(words(text) for text in self.texts(key) if text not in wrong)

    def inner(self, key: str) -> "Entry | None":
        """Returns the table under the key; None when the key is absent."""
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(f"`{key}` must be a table")
            return None
        return Entry(value, f"{self.name}.{key}", self._faults, self._entry)

    def done(self) -> None:
        """Adds a fault for every key that was not read, so that a misspelt key is not ignored."""
        for key in self._table:
            if key not in self._read:
                self.fault(f"`{key}` is not a key that is known here", key)


def entries(raw: Mapping[str, object], section: str, faults: Faults) -> Iterable[Entry]:
    """Yields the tables of a section: `[section.name]` tables under their name, `[[section]]` tables under their id."""
    held = raw.get(section, {})
    if isinstance(held, dict):
        for name, table in held.items():
            if isinstance(table, dict):
                yield Entry(table, name, faults)
            else:
                faults.add(name, f"[{section}.{name}] must be a table")
    elif isinstance(held, list):
        for table in held:
            yield Entry(table, str(table.get("id", section)), faults)
    else:
        faults.add(section, f"`{section}` must be a table or a list of tables")
