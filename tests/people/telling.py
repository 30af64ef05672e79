"""What an answer tells: its status, its headers, its bytes with ids renamed, and how many statements it cost."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

ID = re.compile(r"\b([a-z]{3,4})_[0-9a-zA-Z]{16,}\b")
OF_ONE_REQUEST = frozenset({"date", "x-request-id", "traceparent", "x-trace-id"})


@dataclass(frozen=True, slots=True)
class Telling:
    """All that a caller can tell two answers apart by, but for the ids and names that the caller sent itself."""

    status: int
    headers: dict[str, str]
    body: str
    statements: int


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the service sends to the database inside."""
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def told_by(engine: Engine, call: Callable[[], Any], renamed: Sequence[str] = ()) -> Telling:
    """What this call tells, with its ids and these names written as stand-ins."""
    with counted(engine) as said:
        answer = call()
    headers = {name: _plain(value, renamed) for name, value in answer.headers.items() if name not in OF_ONE_REQUEST}
    return Telling(answer.status_code, headers, _plain(answer.text, renamed), len(said))


def _plain(written: str, renamed: Sequence[str]) -> str:
    written = ID.sub(r"\1_X", written)
    written = re.sub(r'"trace_id":"[^"]*"', '"trace_id":"-"', written)
    # Each call leaves one fewer, whatever it asks.
    written = re.sub(r";r=\d+", ";r=-", written)
    for name in renamed:
        written = written.replace(name, "-" * len(name))
    return written
