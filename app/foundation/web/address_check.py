"""Refuses what cannot stand in an address: an unknown query parameter, a long query, a text that nobody can store."""

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import QueryParams

from app.foundation.errors import Malformed, NotFound
from app.foundation.web.body_guard import unstorable

MOST_PARAMETERS, MOST_QUERY_BYTES = 40, 2048


async def refuse_unstorable_path(request: Request) -> None:
    """Answers that nothing is at a path which names a thing by characters that no id can hold."""
    if unstorable(value for value in request.path_params.values() if isinstance(value, str)):
        raise NotFound("there is nothing at this address")


async def refuse_unknown_query(request: Request) -> None:
    """Refuses an unknown query parameter by name: to drop a misspelt filter silently would show the wrong list."""
    query: QueryParams = request.query_params
    if len(request.url.query) > MOST_QUERY_BYTES or len(query.multi_items()) > MOST_PARAMETERS:
        raise Malformed(f"a query may hold {MOST_PARAMETERS} parameters and {MOST_QUERY_BYTES} bytes at most")
    if unstorable([part for pair in query.multi_items() for part in pair]):
        raise Malformed("the query holds a NUL, a control character or half a surrogate pair")
    route = request.scope.get("route")
    known = _query_names(route) if isinstance(route, APIRoute) else frozenset()
    if unknown := sorted(set(query) - known):
        raise Malformed(f"unknown query parameter(s): {', '.join(name[:40] for name in unknown)}; see /docs")


def _query_names(route: APIRoute) -> frozenset[str]:
    waiting, names = [route.dependant], set[str]()
    while waiting:
        dependant = waiting.pop()
        for parameter in dependant.query_params:
            names |= _names_of(parameter.field_info.annotation, str(parameter.alias))
        waiting += dependant.dependencies
    return frozenset(names)


def _names_of(annotation: object, alias: str) -> set[str]:
    """Returns the parameter's own name, or those of its fields when filters are declared together as one model."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {field.alias or name for name, field in annotation.model_fields.items()}
    return {alias}
