"""Changes whose process the kernel ends at a random instant around the commit.

Reads lines on standard input. For each it forks a process that records one event and commits, under a timer of so many
microseconds; prints "killed" or "committed". One parent has loaded everything, so that a thousand take half a minute.
"""

import os
import signal
import sys

from app.access.service import scope_to_system
from app.foundation.clock import SystemClock
from app.foundation.storage.database import make_engine, make_sessions
from tests.webhooks.builders import an_event


def change(microseconds: int) -> None:
    sessions = make_sessions(make_engine(os.environ["DATABASE"], secret_key=os.environ["SECRET"], pool_size=1))
    with sessions.begin() as session:
        scope_to_system(session)
        signal.setitimer(signal.ITIMER_REAL, microseconds / 1_000_000)  # nobody handles it: the kernel ends us
        an_event(session, ("PARTNER",), SystemClock().now(), {})
    signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            change(int(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "committed", flush=True)


if __name__ == "__main__":
    main()
