"""The access matrix: which role may call which operation, seeing which rows and fields.

`matrix.toml` is the only place that says this. An operation that is not in it is refused.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files


class RowScope(StrEnum):
    """Which rows a caller sees; a role without a filter sees none."""

    AREA = "area"
    AGENCY = "agency"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Grant:
    """One operation: the rows each role sees, the fields it shows, and the category its calls are audited under.

    `limit` names the narrower limit that its calls count against as well.
    """

    operation: str
    rows_by_role: dict[str, RowScope]
    fields: str
    audit: str
    limit: str


@lru_cache
def access_matrix() -> dict[str, Grant]:
    """Returns every grant by operation id."""
    table = tomllib.loads(files("app.access").joinpath("matrix.toml").read_text(encoding="utf-8"))
    return {name: _grant(name, row) for name, row in table["operation"].items()}


def known_roles() -> frozenset[str]:
    """Returns every role of a client that the matrix names."""
    return frozenset(role for grant in access_matrix().values() for role in grant.rows_by_role)


def _grant(name: str, row: dict[str, str | dict[str, str]]) -> Grant:
    roles, fields, audit = row["roles"], row["fields"], row["audit"]
    assert isinstance(roles, dict) and isinstance(fields, str) and isinstance(audit, str)  # noqa: S101, PT018
    limit = row.get("limit", "")
    assert isinstance(limit, str)  # noqa: S101
    return Grant(name, {role: RowScope(rows) for role, rows in roles.items()}, fields, audit, limit)
