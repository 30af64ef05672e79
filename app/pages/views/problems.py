"""Explains every problem code: its cause and what to do.

Codes and titles come from the error classes, advice from a file.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from app.foundation.errors import ServiceError


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """One code as the page explains it."""

    code: str
    status: int
    title: str
    cause: str
    remedy: str


METHOD_NOT_ALLOWED = ProblemCode(
    "method-not-allowed",
    405,
    "Method Not Allowed",
    "The path exists, but not with this method.",
    "Use one of the methods in the `Allow` header.",
)  # the framework raises it; every other code is an error of this service


@lru_cache
def all_problems() -> tuple[ProblemCode, ...]:
    """Returns every problem code that a caller can receive, by code."""
    classes = {kind.code: kind for kind in _kinds(ServiceError)}
    advice = tomllib.loads(files("app.pages").joinpath("problems.toml").read_text(encoding="utf-8"))["problem"]
    problems = [_problem(code, entry, classes[entry.get("of", code)]) for code, entry in advice.items()]
    return tuple(sorted((*problems, METHOD_NOT_ALLOWED), key=lambda problem: problem.code))


def _problem(code: str, entry: Mapping[str, str], kind: type[ServiceError]) -> ProblemCode:
    return ProblemCode(code, kind.status, kind.title, entry.get("cause") or _cause(kind), entry["remedy"])


def _cause(kind: type[ServiceError]) -> str:
    return "Something failed that should not." if kind is ServiceError else (kind.__doc__ or "").splitlines()[0]


def _kinds(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
