"""A decision as plain data and back, and its fingerprint: the same decision gives the same bytes.

Sources are written once, under `sources`, and named by id wherever they are cited.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache, singledispatch
from typing import Any, Union, get_args, get_origin, get_type_hints

from app.routing.decision import Decision
from app.routing.types import Source, Tag

_SOURCES = "sources"


def to_dict(decision: Decision) -> dict[str, object]:
    """The decision as dictionaries, lists, texts, whole numbers, true, false and null."""
    sources: dict[str, Source] = {}
    plain = {name: _plain(getattr(decision, name), sources) for name in _names(Decision)}
    plain[_SOURCES] = {key: _source_fields(source) for key, source in sources.items()}
    return plain


def from_dict(plain: Mapping[str, Any]) -> Decision:
    """The decision that `to_dict` wrote. Raises KeyError or ValueError when it is not one."""
    sources = {key: _source_from(held) for key, held in plain[_SOURCES].items()}
    hints = _hints(Decision)
    return Decision(**{name: _built(hints[name], plain[name], sources) for name in _names(Decision)})


def canonical(plain: object) -> bytes:
    """The one spelling of plain data: keys sorted, no spaces, UTF-8."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(plain: object) -> str:
    """The SHA-256 of the one spelling."""
    return hashlib.sha256(canonical(plain)).hexdigest()


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


@singledispatch
def _plain(value: Any, sources: dict[str, Source]) -> object:  # noqa: ANN401 - any part of a decision
    """The value as plain data; sources met on the way are noted and named by id."""
    return {name: _plain(getattr(value, name), sources) for name in _names(value.__class__)}


@_plain.register(type(None))
@_plain.register(int)
@_plain.register(str)
def _(value: object, _sources: dict[str, Source]) -> object:
    return value


@_plain.register
def _(value: StrEnum, _sources: dict[str, Source]) -> object:
    return value.value


@_plain.register
def _(value: Source, sources: dict[str, Source]) -> object:
    sources[value.id] = value
    return value.id


@_plain.register(Mapping)
def _(value: Mapping[str, object], sources: dict[str, Source]) -> object:
    return {key: _plain(each, sources) for key, each in value.items()}


@_plain.register(tuple)
def _(value: tuple[object, ...], sources: dict[str, Source]) -> object:
    return [_plain(each, sources) for each in value]


def _source_fields(source: Source) -> dict[str, object]:
    return {name: _plain(getattr(source, name), {}) for name in _names(Source)}


def _source_from(held: Mapping[str, Any]) -> Source:
    return Source(**{**held, "tag": Tag(held["tag"])})


def _built(kind: Any, value: Any, sources: Mapping[str, Source]) -> Any:  # noqa: ANN401 - read from annotations
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Source:
        return sources[value]
    if origin is tuple:
        return tuple(_built(arguments[0], each, sources) for each in value)
    if origin in {Union, types.UnionType}:
        real = [each for each in arguments if each is not type(None)]
        return _built(real[0], value, sources) if value is not None and len(real) == 1 else value
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return types.MappingProxyType(
            {key: _built(arguments[1], each, sources) for key, each in value.items()}
        )
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _built(hints[name], value[name], sources) for name in _names(kind)})
    return kind(value) if isinstance(kind, type) and issubclass(kind, StrEnum) else value
