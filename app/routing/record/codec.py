"""Writes a decision as plain data, reads it back, and takes its fingerprint: the same decision, the same bytes.

Each source is written once, under `sources`; wherever it is cited there is its id.
"""

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from app.routing.policy.types import Fact, Source, Tag
from app.routing.record.decision import RoutingDecision

_SOURCES = "sources"
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def to_dict(decision: RoutingDecision) -> dict[str, object]:
    """Returns the decision as plain data: dictionaries, lists, texts, whole numbers, booleans and None."""
    sources: dict[str, Source] = {}
    written = _each_field(RoutingDecision)(decision, sources)
    written[_SOURCES] = {key: source_to_dict(source) for key, source in sources.items()}
    return written


def from_dict(plain: Mapping[str, Any]) -> RoutingDecision:
    """Returns the decision that `to_dict` wrote. Raises KeyError or ValueError when it is not one."""
    sources = {key: _source_from(held) for key, held in plain[_SOURCES].items()}
    decision: RoutingDecision = _from_each_field(RoutingDecision)(plain, sources)
    return decision


def part_to_dict(part: Any) -> dict[str, object]:  # noqa: ANN401 - any part of a decision
    """Returns a part of a decision as `to_dict` writes it: the id stands for its source."""
    kind: Any = type(part)
    return _each_field(kind)(part, {})


def canonical_json(data: object) -> str:
    """Returns the canonical JSON of plain data: sorted keys, no spaces, characters unescaped."""
    return _ENCODER.encode(data)


def canonical_json_of_value(value: Fact) -> str:
    """Returns the canonical JSON of a single fact, faster than `canonical_json`."""
    if isinstance(value, str):
        return canonical_json(value)
    return "null" if value is None else str(value).lower()


def fingerprint(data: object) -> str:
    """Returns the SHA-256 of the canonical JSON."""
    return sha256(canonical_json(data))


def sha256(text: str) -> str:
    """Returns the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)


Writer: TypeAlias = Callable[[Any, dict[str, Source]], object]


@cache
def _writer(kind: Any) -> Writer | None:  # noqa: ANN401 - the shape is read from the annotations
    """Returns the function that writes a value of that annotation; None when the value is plain already.

    Cached for each annotation, because an audit replays decisions by the ten thousand.
    """
    kind = _without_none(kind)
    origin = get_origin(kind)
    if kind is Source:
        return _cited
    if origin is tuple:
        return _each(_writer(get_args(kind)[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _copied
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda value, _: value.value if value is not None else None
    has_fields = is_dataclass(kind)
    return _each_field(kind) if has_fields else None


def _cited(value: Source, sources: dict[str, Source]) -> str:
    sources[value.id] = value
    return value.id


def _copied(value: Mapping[str, object], _: dict[str, Source]) -> object:
    return dict(value)


def _each(write: Writer | None) -> Writer:
    if write is None:
        return lambda value, _: list(value)
    return lambda value, sources: [write(each, sources) for each in value]


@cache
def _each_field(kind: Any) -> Callable[[Any, dict[str, Source]], dict[str, object]]:  # noqa: ANN401 - as above
    hints = _hints(kind)
    writers = tuple((name, _writer(hints[name])) for name in _names(kind))

    def write(value: object, sources: dict[str, Source]) -> dict[str, object]:
        return {
            name: getattr(value, name) if each is None else each(getattr(value, name), sources)
            for name, each in writers
        }

    return write


def _without_none(kind: Any) -> Any:  # noqa: ANN401 - as above
    """Returns `X` for `X | None`; any other union stays as it is."""
    if get_origin(kind) not in {Union, types.UnionType}:
        return kind
    real = [each for each in get_args(kind) if each is not type(None)]
    return real[0] if len(real) == 1 else kind


def source_to_dict(source: Source) -> dict[str, object]:
    """Returns a source as `to_dict` writes it under `sources`."""
    return {name: getattr(source, name) for name in _names(Source)} | {"tag": source.tag.value}


def _source_from(held: Mapping[str, Any]) -> Source:
    return Source(**{**held, "tag": Tag(held["tag"])})


Reader: TypeAlias = Callable[[Any, Mapping[str, Source]], Any]


@cache
def _reader(kind: Any) -> Reader | None:  # noqa: ANN401 - the shape is read from the annotations
    """Returns how a value of that annotation is read back; None when it stays as it is.

    Worked out once, as the writer is.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        real = _without_none(kind)
        return None if real is kind else _unless_none(_reader(real))
    if kind is Source:
        return lambda held, sources: sources[held]
    if origin is tuple:
        return _tuple_of(_reader(arguments[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return lambda held, _: types.MappingProxyType(dict(held))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return lambda held, _: kind(held)
    has_fields = is_dataclass(kind)
    return _from_each_field(kind) if has_fields else None


def _unless_none(read: Reader | None) -> Reader | None:
    return read and (lambda held, sources: None if held is None else read(held, sources))


def _tuple_of(read: Reader | None) -> Reader:
    if read is None:
        return lambda held, _: tuple(held)
    return lambda held, sources: tuple([read(each, sources) for each in held])


@cache
def _from_each_field(kind: Any) -> Reader:  # noqa: ANN401 - as above
    hints = _hints(kind)
    readers = tuple((name, _reader(hints[name])) for name in _names(kind))

    def read(held: Mapping[str, Any], sources: Mapping[str, Source]) -> object:
        return kind(*[held[name] if each is None else each(held[name], sources) for name, each in readers])

    return read
