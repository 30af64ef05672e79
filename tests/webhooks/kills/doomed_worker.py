"""A worker process that ends itself with SIGKILL at a named point: what a power cut or the kernel would do.

Arguments: the point, how many times it is passed first, and the lease in milliseconds. A point that is never reached
lets the worker go on until it is killed from outside.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine
from app.jobs import JOBS, Job
from app.reminders.sweep import fire_due_reminders
from app.worker import Worker


def killer(point: str, passes: int) -> Callable[[str], None]:
    """Ends this process when `point` has been reached once more than `passes` times."""
    left = [passes]

    def on_step(step: str) -> None:
        if step != point:
            return
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    return on_step


def main() -> None:
    point, passes, lease = sys.argv[1], int(sys.argv[2]), timedelta(milliseconds=int(sys.argv[3]))
    on_step = killer(point, passes)

    def fire_and_report(session: Session, now: datetime) -> int:
        fired = fire_due_reminders(session, now)
        if fired:
            on_step("fired")
        return fired

    settings = Settings(data_dir=Path("unused"), secret_key=os.environ["SECRET"], allow_loopback_http=True)
    engine = make_engine(os.environ["DATABASE"], secret_key=settings.secret_key, pool_size=5)
    jobs = [Job("fire reminders", fire_and_report), *JOBS[1:]]
    Worker(engine, settings, jobs=jobs, on_step=on_step, lease=lease).run_until_signalled()


if __name__ == "__main__":
    main()
