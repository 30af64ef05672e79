"""What PostgreSQL enforces on a table beside its constraints: grants, row security, append-only. Models declare it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Table

APP_ROLE = "referral_routing_app"
# Owns the functions that run with more rights than their caller, and no table. Nobody can log in as it.
KEEPER_ROLE = "referral_routing_keeper"
# Reads every row for `pg_dump`. Nobody can log in as it.
DUMP_ROLE = "referral_routing_dump"


@dataclass(frozen=True, slots=True)
class RowSecurity:
    """The SQL condition under which a caller sees a row, and the one under which a caller may store it.

    `stored_if` is None when both are the same. Both are written inline: a function that is called for each row hides
    the area from the planner, and a list of a million rows then takes 7 s.
    """

    seen_if: str
    stored_if: str | None = None


@dataclass(frozen=True, slots=True)
class Guards:
    """What the service may do to a table: `may` to whole rows, `update` to these columns, separated by commas.

    `kept` is what the functions of `KEEPER_ROLE` may do to any of its rows. PostgreSQL refuses to change or remove a
    row of an `append_only` table, whoever asks. Of a `never_removed` table it refuses to remove a row, and to change
    another column than those of `update`.
    """

    may: str = "SELECT, INSERT"
    update: str = ""
    append_only: bool = False
    never_removed: bool = False
    kept: str = ""


APPEND_ONLY = Guards(append_only=True)


def guards_of(table: Table) -> Iterator[str]:
    """Yields the statements that put the declared guards on `table`."""
    guards, security = table.info["guards"], table.info["row_security"]
    update = f", UPDATE ({guards.update})" if guards.update else ""
    if guards.may:
        yield f"GRANT {guards.may}{update} ON {table.name} TO {APP_ROLE}"
    if guards.kept:
        yield f"GRANT {guards.kept} ON {table.name} TO {KEEPER_ROLE}"
    yield f"GRANT SELECT ON {table.name} TO {DUMP_ROLE}"
    if security:
        yield from _row_security(table.name, security, kept=bool(guards.kept))
    if guards.append_only or guards.never_removed:
        refused = "UPDATE OR DELETE" if guards.append_only else f"DELETE OR UPDATE OF {_kept_as_stored(table)}"
        yield _refusing(f"{table.name}_append_only", refused, table.name, "ROW")
        # TRUNCATE fires no trigger of a row, so it has one of its own.
        yield _refusing(f"{table.name}_no_truncate", "TRUNCATE", table.name, "STATEMENT")


def _kept_as_stored(table: Table) -> str:
    changes = {name.strip() for name in table.info["guards"].update.split(",")}
    return ", ".join(column.name for column in table.columns if column.name not in changes)


def _row_security(table: str, security: RowSecurity, *, kept: bool) -> Iterator[str]:
    stored = f"\n    WITH CHECK ({_in_open_scope(security.stored_if)})" if security.stored_if else ""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    # Forced on the owner as well, and for everybody: whoever has no policy of their own needs an open row scope.
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {table}_rows ON {table}\n    USING ({_in_open_scope(security.seen_if)}){stored}"
    yield f"CREATE POLICY {table}_dumped ON {table} FOR SELECT TO {DUMP_ROLE} USING (true)"
    if kept:
        yield f"CREATE POLICY {table}_kept ON {table} TO {KEEPER_ROLE} USING (true)"


def _in_open_scope(condition: str) -> str:
    # As a subquery PostgreSQL asks it once for each statement, before it reads a row, and not for each row.
    return f"(SELECT row_scope_is_open()) AND ({condition})"


def _refusing(trigger: str, change: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {trigger} BEFORE {change} ON {table}\n    FOR EACH {each} EXECUTE FUNCTION refuse_change()"
