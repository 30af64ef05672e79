"""The worker: reminders fire, owed calls are made, silence is noticed. Any number may run side by side.

Everything it does is in the database's rows, so it may be killed at any instant: another goes on, or this one, later.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import psycopg
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.actions.cover.service import start_and_end_covers
from app.actions.deadlines import watched_action
from app.actions.models import Action
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.meetings.casework.mappa import open_licence_end_duties
from app.meetings.lists.cycles import extend_cycles
from app.ownership.proposals.expiry import expire_overdue
from app.reminders.deadline import Deadline
from app.reminders.repetition import resume_ended
from app.reminders.service import fire_due, gaps_of_ladders, set_ladder, without_ladder
from app.trials.what_ifs import advance_what_ifs
from app.vocabulary import ActionState
from app.webhooks.delivery.alarms import open_stuck, open_undelivered
from app.webhooks.delivery.client_pool import ClientPool, Transport, transport_for
from app.webhooks.delivery.feed import place_new
from app.webhooks.delivery.mail import Relay, mail_open_items
from app.webhooks.delivery.queue import LEASE, mark_poison
from app.webhooks.delivery.sealing import seal_from
from app.webhooks.delivery.worker import DeliveryWorker, Now, StepListener, database_now
from app.webhooks.subscriptions.recoveries import advance_recoveries
from app.webhooks.vocabulary import WorkKind

_log = logging.getLogger(__name__)
POLL = timedelta(seconds=1)
MAIL_EVERY = timedelta(minutes=1)
AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """Work that comes round. `run` says how much it did; with `drains`, it is run again until that is nothing."""

    name: str
    run: Callable[[Session, datetime], int]
    every: timedelta = POLL
    drains: bool = True


def set_poison_aside(session: Session, now: datetime) -> int:
    """How many calls that end their worker were set aside, each on a person's list."""
    return open_stuck(session, WorkKind.POISON, mark_poison(session, now), now)


def place_in_feed(session: Session, _now: datetime) -> int:
    """How many events newly have their place in the feed."""
    return place_new(session)


def repair_ladders(session: Session, now: datetime) -> int:
    """How many unfinished actions had nothing to remind of them and have it again. Any is a fault, and logged as one."""
    repaired = resume_ended(session, now)
    unfinished = (
        select(Action).where(Action.state != ActionState.REVIEWED).execution_options(yield_per=AT_ONCE)
    )
    for batch in session.scalars(unfinished).partitions():
        bare = without_ladder(session, [(action.id, action.due_version) for action in batch])
        for action in (one for one in batch if (one.id, one.due_version) in bare):
            due = Deadline(action.due_on, action.due_at, action.life_safety)
            set_ladder(session, watched_action(session, action), due, action.due_version, now)
            repaired += 1
    gaps = gaps_of_ladders(session, now)
    if repaired or gaps:
        _log.error("the reminder ladders had gaps", extra={"count": repaired + len(gaps)})
    return repaired


JOBS: tuple[Job, ...] = (
    Job("fire reminders", fire_due),
    Job("expire proposals", expire_overdue),
    Job("place events in the feed", place_in_feed),
    Job("advance recoveries", advance_recoveries),
    Job("set poison aside", set_poison_aside, timedelta(seconds=10)),
    Job("notice undelivered reminders", open_undelivered, timedelta(minutes=1)),
    Job("advance what-ifs", advance_what_ifs),
    Job("keep covers", start_and_end_covers, timedelta(minutes=5)),
    Job("extend meeting cycles", extend_cycles, timedelta(hours=1), drains=False),
    Job("open licence-end duties", open_licence_end_duties, timedelta(hours=1), drains=False),
    Job("repair ladders", repair_ladders, timedelta(minutes=15), drains=False),
)


def run_job(sessions: sessionmaker[Session], now_of: Now, job: Job) -> int:
    """How much the job did, each round in a transaction of its own that sees every row."""
    done = 0
    while True:
        with sessions.begin() as session:
            scope_to_system(session)
            step = job.run(session, now_of(session))
        done += step
        if not step or not job.drains:
            return done


def _run_or_log(name: str, run: Callable[[], int]) -> None:
    try:
        run()
    except Exception:  # noqa: BLE001 - one bad job must not end the worker; it comes round again
        _log.exception("a job failed", extra={"event": name})


@dataclass(slots=True)
class Worker:
    """Repeats `tick` until it is stopped. `now_of` is the database's clock unless a replay or a test shifts it."""

    engine: Engine
    settings: Settings
    jobs: Sequence[Job] = JOBS
    now_of: Now = database_now
    wire: Transport | None = None
    lease: timedelta = LEASE
    told: StepListener | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def tick(self) -> dict[str, int]:
        """Everything that is due at this moment is done: every job, then every owed call. How much of each."""
        return asyncio.run(self._tick())

    def run(self) -> None:
        """Works until `stop`; then calls on the wire end and are recorded, and nothing new begins."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """The worker ends within a second or so, or when its last call has ended. Callable from any thread."""
        self._stopping.set()

    def run_until_signalled(self) -> None:
        """Works until SIGTERM or SIGINT, from the main thread."""
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: self.stop())
        self.run()

    async def _tick(self) -> dict[str, int]:
        sessions = make_sessions(self.engine)
        courier = self._courier(sessions)
        done = {job.name: run_job(sessions, self.now_of, job) for job in self.jobs}
        done["calls"] = await courier.until_idle()
        done["mails"] = self._mail(sessions)
        await courier.senders.close()
        return done

    async def _run(self) -> None:
        sessions = make_sessions(self.engine)
        courier = self._courier(sessions)
        helpers = [
            asyncio.create_task(self._come_round(sessions)),
            asyncio.create_task(self._listen(courier)),
        ]
        while not self._stopping.is_set():
            try:
                await courier.turn()
                await courier.wait(POLL.total_seconds())
            except Exception:  # noqa: BLE001 - a bad round must not end the worker
                _log.exception("a round of deliveries failed")
                await asyncio.sleep(POLL.total_seconds())
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await courier.finish()
        await courier.senders.close()

    async def _come_round(self, sessions: sessionmaker[Session]) -> None:
        """Each job at its own pace; one that fails is logged and comes round again."""
        loop = asyncio.get_running_loop()
        rounds = [(job.name, job.every, partial(run_job, sessions, self.now_of, job)) for job in self.jobs]
        rounds.append(("mail", MAIL_EVERY, partial(self._mail, sessions)))
        due_at = dict.fromkeys((name for name, _, _ in rounds), loop.time())
        while True:
            for name, every, run in rounds:
                if loop.time() >= due_at[name]:
                    due_at[name] = loop.time() + every.total_seconds()
                    await asyncio.to_thread(_run_or_log, name, run)
            await asyncio.sleep(POLL.total_seconds())

    async def _listen(self, courier: DeliveryWorker) -> None:
        """Wakes the courier when a commit says so. Only a hint: a lost notice costs one second of polling."""
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
                    await connection.execute("LISTEN delivery_due")
                    async for _ in connection.notifies():
                        courier.wake.set()
            except psycopg.Error:
                await asyncio.sleep(POLL.total_seconds())

    def _courier(self, sessions: sessionmaker[Session]) -> DeliveryWorker:
        wire = self.wire or transport_for(self.settings)
        courier = DeliveryWorker(
            sessions, ClientPool(wire), seal_from(self.settings.secret_key), self.now_of, self.lease
        )
        courier.told = self.told or courier.told
        return courier

    def _mail(self, sessions: sessionmaker[Session]) -> int:
        if not self.settings.smtp_relay:
            return 0
        relay = Relay(self.settings.smtp_relay, self.settings.reminder_mail_from, self.settings.public_url)
        with sessions() as session:
            now = self.now_of(session)
        return mail_open_items(sessions, relay, now)
