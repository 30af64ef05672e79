"""What PostgreSQL enforces on a table beside its constraints: grants, row security, append-only. Models declare it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

APP_ROLE = "referral_routing_app"


@dataclass(frozen=True, slots=True)
class RowSecurity:
    """The SQL condition under which a caller sees a row, and the one under which a caller may store it.

    `stored_if` is None when both are the same.
    """

    seen_if: str
    stored_if: str | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """What the service may do to a table: `may` to whole rows, `update` to these columns, separated by commas.

    PostgreSQL refuses to change or remove a row of an `append_only` table, whoever asks.
    """

    may: str = "SELECT, INSERT"
    update: str = ""
    append_only: bool = False


APPEND_ONLY = Guards(append_only=True)


def guards_of(table: Table) -> Iterator[str]:
    """Yields the statements that put the declared guards on `table`."""
    guards, security = table.info["guards"], table.info["row_security"]
    update = f", UPDATE ({guards.update})" if guards.update else ""
    yield f"GRANT {guards.may}{update} ON {table.name} TO {APP_ROLE}"
    if security:
        # Not forced on the owner: the service never works as the owner, and a dump by the owner must be whole.
        yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"
        stored = f"\n    WITH CHECK ({security.stored_if})" if security.stored_if else ""
        yield f"CREATE POLICY {table.name}_rows ON {table.name} TO {APP_ROLE}\n    USING ({security.seen_if}){stored}"
    if guards.append_only:
        yield _refusing(f"{table.name}_append_only", "UPDATE OR DELETE", table.name, "ROW")
        # TRUNCATE fires no trigger of a row, so it has one of its own.
        yield _refusing(f"{table.name}_no_truncate", "TRUNCATE", table.name, "STATEMENT")


def _refusing(trigger: str, change: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {trigger} BEFORE {change} ON {table}\n    FOR EACH {each} EXECUTE FUNCTION refuse_change()"
