"""Worker processes that can be killed and replaced in milliseconds: one parent has loaded everything and forks.

Reads lines on standard input; for each it forks a worker and prints its process id. The file named by SHIFT holds
the seconds by which these workers' time is moved: a step of the clock for all of them at once.
"""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.foundation.settings import Settings
from app.foundation.storage.database import database_now, make_engine
from app.webhooks.delivery.client_pool import Transport
from app.worker import Worker

LEASE = timedelta(seconds=4)
PATIENCE_SECONDS = 1.0


def shifted_now(session: Session) -> datetime:
    """The database's time, moved."""
    return database_now(session) + timedelta(seconds=int(Path(os.environ["SHIFT"]).read_text(encoding="ascii") or 0))


def work() -> None:
    settings = Settings(data_dir=Path("unused"), secret_key=os.environ["SECRET"], allow_loopback_http=True)
    engine = make_engine(os.environ["DATABASE"], secret_key=settings.secret_key, pool_size=5)
    transport = Transport(loopback_http=True, total_seconds=PATIENCE_SECONDS)
    Worker(engine, settings, now_of=shifted_now, transport=transport, lease=LEASE).run_until_signalled()


def main() -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
