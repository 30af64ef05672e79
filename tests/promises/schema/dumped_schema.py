"""The schema of a database as `pg_dump` writes it, entry by entry, so that two databases can be compared."""

import re
import subprocess

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, make_url

from app.declared_schema import schema_sql
from app.foundation.storage.database import make_engine
from app.foundation.storage.embedded import postgres_programs
from app.foundation.storage.logins import OWNER_LOGIN, as_login
from app.foundation.storage.migrate import alembic_config

ENTRY = re.compile(
    r"^--\n-- Name: (?P<name>[^\n]*?); Type: (?P<kind>[^\n]*?); Schema: [^\n]*\n--\n"
    r"(?P<sql>.*?)(?=^--\n-- (?:Name: |PostgreSQL database dump complete)|\Z)",
    re.MULTILINE | re.DOTALL,
)
BETWEEN_ENTRIES = re.compile(r"^SET default_\w+ = .*;$", re.MULTILINE)


def downgrade(engine: Engine, revision: str) -> None:
    """Downgrades the database to the earlier `revision`."""
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def declare(url: str) -> None:
    """Makes the schema in an empty database straight from the code's declarations, without any migration."""
    owner = make_engine(as_login(url, OWNER_LOGIN))
    with owner.begin() as connection:
        MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(alembic_config()), "head")
        connection.exec_driver_sql(schema_sql(), execution_options={"no_parameters": True})
    owner.dispose()


def dumped_schema(url: str) -> dict[str, str]:
    """Each table, constraint, index, function, trigger, policy and grant with its SQL, by kind and name."""
    programs = postgres_programs()
    tool = programs[max(programs)] / "pg_dump"
    given = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    dump = subprocess.run([tool, "--schema-only", given], check=True, capture_output=True, text=True).stdout
    found: dict[str, str] = {}
    for entry in ENTRY.finditer(dump):
        key = f"{entry['kind']} {entry['name']}"
        assert key not in found, f"pg_dump writes two entries of one name: {key}"
        sql = BETWEEN_ENTRIES.sub("", entry["sql"]).strip()
        found[key] = _in_any_order(sql) if entry["kind"] == "TABLE" else sql
    assert found, "pg_dump's output has no entry that this module can read"
    return found


def differences(migrated: dict[str, str], declared: dict[str, str]) -> list[str]:
    """One text for each entry that only one of the two has, or that they have with another content."""
    return [
        f"{key}\n  migrated: {migrated.get(key)}\n  declared: {declared.get(key)}"
        for key in sorted(migrated.keys() | declared.keys())
        if migrated.get(key) != declared.get(key)
    ]


def _in_any_order(table: str) -> str:
    # A later migration adds a column at the end, and the model names it where it belongs.
    return "\n".join(sorted(line.strip().rstrip(",") for line in table.splitlines()))
