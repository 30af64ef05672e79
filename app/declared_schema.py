"""The whole schema as SQL, from what the code declares: the models' tables and guards, and the rooms' `.sql` files."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from app.foundation.storage.guards import APP_ROLE, DUMP_ROLE, KEEPER_ROLE, guards_of
from app.tables import metadata

APP = Path(__file__).parent
ROLE = f"""\
-- The roles that hold the grants. `app.cli logins` makes them before the first migration.
GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {KEEPER_ROLE}, {DUMP_ROLE};
GRANT SELECT ON alembic_version TO {APP_ROLE}, {DUMP_ROLE};
"""


def schema_sql() -> str:
    """Returns the SQL that makes the schema where only Alembic's table is: tables, functions, triggers, guards."""
    tables = "\n\n".join(f"{statement};" for statement in _tables_and_indexes())
    guards = "\n\n".join(
        "\n".join(f"{statement};" for statement in guards_of(table)) for table in metadata.sorted_tables
    )
    return "\n".join(
        (
            ROLE,
            *_function_files(foundation=True),
            tables,
            "",
            *_function_files(foundation=False),
            guards,
            "",
            _kept_functions(),
            "",
        )
    )


def removal_sql() -> str:
    """Returns what removes that schema again. The role stays: other databases of the server may use it."""
    files = "\n".join((*_function_files(foundation=True), *_function_files(foundation=False)))
    functions = re.findall(r"^CREATE FUNCTION (\w+)", files, re.MULTILINE)
    tables = [table.name for table in metadata.sorted_tables]
    return f"""-- CASCADE takes the triggers and policies that call the functions.
DROP FUNCTION
    {_listed(functions)} CASCADE;
DROP TABLE
    {_listed(tables)};
REVOKE SELECT ON alembic_version FROM {APP_ROLE}, {DUMP_ROLE};
REVOKE USAGE ON SCHEMA public FROM {APP_ROLE}, {KEEPER_ROLE}, {DUMP_ROLE};
"""  # noqa: S608 - names that the code itself declares


def _kept_functions() -> str:
    """Returns the SQL that gives each function with its owner's rights to the role that owns no table."""
    files = "\n".join(_function_files(foundation=False))
    names = re.findall(r"^CREATE FUNCTION (\w+)[^;]*?SECURITY DEFINER", files, re.MULTILINE)
    given = "\n".join(f"ALTER FUNCTION {name} OWNER TO {KEEPER_ROLE};" for name in names)
    return f"""\
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {DUMP_ROLE};
-- PostgreSQL gives a function only to a role that may make functions there.
GRANT CREATE ON SCHEMA public TO {KEEPER_ROLE};
{given}
REVOKE CREATE ON SCHEMA public FROM {KEEPER_ROLE};"""  # noqa: S608 - names that the code itself declares


def _tables_and_indexes() -> Iterator[str]:
    for table in metadata.sorted_tables:
        yield _written(CreateTable(table))
        yield from (_written(CreateIndex(index)) for index in sorted(table.indexes, key=lambda index: str(index.name)))


def _written(ddl: ExecutableDDLElement) -> str:
    # The plain dialect, without a driver: drivers write % twice.
    text = str(ddl.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    return "\n".join(line.rstrip() for line in text.expandtabs(4).splitlines() if line.strip())


def _function_files(*, foundation: bool) -> Iterator[str]:
    """Yields the texts of the `.sql` files of the foundation, or of the other rooms.

    The foundation's functions read no table, and the constraints of tables and the other rooms' triggers call them.
    """
    for path in sorted(APP.rglob("*.sql")):
        if ("foundation" in path.parts) == foundation:
            yield f"-- {path.relative_to(APP.parent).as_posix()}\n{path.read_text(encoding='utf-8')}"


def _listed(names: list[str]) -> str:
    return ",\n    ".join(names)
