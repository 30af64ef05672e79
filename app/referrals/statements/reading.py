"""Reads what stands of many statements into the shapes of the requests. Each request was checked when it came.

Several senders wrote the document together: no rule between two fields holds for it, and no list of it is too long.
What contradicts itself here is asked about (`standing.disputed`); refused, it would be a report that is lost.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

Shape = TypeVar("Shape", bound=BaseModel)


def read(shape: type[Shape], document: Mapping[str, Any]) -> Shape:
    """Returns the document in that shape: each value as its own field holds it, what is left out by its default."""
    return shape.model_construct(**{name: _reader(shape, name)(value) for name, value in document.items()})


@cache
def _reader(shape: type[BaseModel], name: str) -> Callable[[Any], Any]:
    field = shape.model_fields[name]
    section = _section(field.annotation)
    if section is None:
        # A field's own bounds hold for every sender alike.
        value: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
        return value.validate_python
    container = tuple if _holds(field.annotation, tuple) else list

    def read_part(value: Any) -> Any:  # noqa: ANN401 - a section, a list of them, or nothing
        if value is None:
            return None
        return read(section, value) if isinstance(value, dict) else container(read(section, one) for one in value)

    return read_part


def _section(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any type there is
    """Returns the shape of a section, or of the entries of a list; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section(part)) is not None), None)


def _holds(annotation: Any, container: type) -> bool:  # noqa: ANN401 - any type there is
    return get_origin(annotation) is container or any(_holds(part, container) for part in get_args(annotation))
