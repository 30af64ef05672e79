"""Workers that decide at the end of a clock, whose process the kernel ends at a random instant around the commit.

Reads lines on standard input: for each it forks a process that takes one case under a timer of so many microseconds,
or without one for 0; prints "killed", "done", or "nothing" when no case was left. One parent has loaded everything.
"""

import os
import signal
import sys
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.storage.database import make_engine, make_sessions
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.intake.service import decision_on
from app.policies.registry import policy_in_force
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim

DONE, NOTHING = 0, 3


def work(now: datetime, microseconds: int) -> int:
    sessions = make_sessions(make_engine(os.environ["DATABASE"], secret_key=os.environ["SECRET"], pool_size=1))
    with sessions.begin() as session:
        scope_to_system(session)
        signal.setitimer(signal.ITIMER_REAL, microseconds / 1_000_000)  # nobody handles it: the kernel ends us
        done = decide_after_ended_clock(session, now)
    signal.setitimer(signal.ITIMER_REAL, 0)
    return DONE if done else NOTHING


def prepare(sessions: sessionmaker[Session], now: datetime) -> None:
    """Loads and prepares the policy, so that no child has to."""
    with sessions.begin() as session:
        scope_to_system(session)
        policy = policy_in_force(session, "national-baseline", now)
    decision_on(policy, CaseSnapshot(Victim("V"), Perpetrator("P")), now)


def main() -> None:
    now = datetime.fromisoformat(sys.argv[1])
    engine = make_engine(os.environ["DATABASE"], secret_key=os.environ["SECRET"], pool_size=1)
    prepare(make_sessions(engine), now)
    engine.dispose()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(work(now, int(line)))
        _, status = os.waitpid(child, 0)
        ended = {DONE: "done", NOTHING: "nothing"}.get(os.waitstatus_to_exitcode(status), "killed")
        print(ended, flush=True)


if __name__ == "__main__":
    main()
