"""Lists the API's operations with their roles, from the OpenAPI document and the access matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.access.matrix import Grant

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One operation: how it is called, what it does, and which roles may call it."""

    method: str
    path: str
    summary: str
    roles: tuple[str, ...]


def documented_operations(document: Mapping[str, Any], matrix: Mapping[str, Grant]) -> list[DocumentedOperation]:
    """Returns every documented operation, in the document's order."""
    return [
        DocumentedOperation(
            method=method.upper(),
            path=path,
            summary=operation.get("summary", ""),
            roles=_roles(matrix.get(operation.get("operationId", ""))),
        )
        for path, methods in document.get("paths", {}).items()
        for method, operation in methods.items()
        if method in _METHODS
    ]


def _roles(grant: Grant | None) -> tuple[str, ...]:
    return tuple(sorted(grant.rows_by_role)) if grant else ()
