"""Dumps the whole database as SQL that any server from PostgreSQL 15 on can restore."""

import subprocess
from collections.abc import Iterator

from sqlalchemy import make_url

from app.foundation.storage.embedded import postgres_programs
from app.foundation.storage.guards import APP_ROLE, DUMP_ROLE, KEEPER_ROLE

UNKNOWN_BEFORE_17 = "SET transaction_timeout"
# Read before anything is changed: a restore without the logins would stop in the middle, at the first grant.
PRELUDE = f"""-- Restore it as the owner of the database, after an administrator has run what `app.cli logins` prints.
SELECT '{APP_ROLE}'::regrole;
GRANT CREATE ON SCHEMA public TO {KEEPER_ROLE};  -- until the functions that it owns are made
"""
END = f"""
REVOKE CREATE ON SCHEMA public FROM {KEEPER_ROLE};
"""


def dump_database(url: str) -> Iterator[str]:
    """Yields the lines of the dump: schema, rows, triggers, owners, grants. `url` is the owner's.

    The key of the row scopes is left out: the next `migrate` stores that of the deployment.
    """
    programs = postgres_programs()
    tool = programs[max(programs)] / "pg_dump"
    given = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    run = subprocess.run(  # noqa: S603 - our own tool on our own database
        # INSERT and not COPY, whose rows within the file only psql reads back.
        # Row security binds the owner, too: the role that dumps sees every row by policies of its own.
        [
            str(tool),
            f"--role={DUMP_ROLE}",
            "--enable-row-security",
            "--exclude-table-data=row_scope_key",
            "--inserts",
            "--rows-per-insert=500",
            given,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    yield PRELUDE
    # Newer pg_dump versions write these lines; older servers and clients refuse them, and the dump does not need them.
    for line in run.stdout.splitlines(keepends=True):
        if not line.startswith((UNKNOWN_BEFORE_17, "\\restrict", "\\unrestrict")):
            yield line
    yield END
