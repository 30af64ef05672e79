"""The worker: fires reminders, makes the calls that are due, and finds gaps. Any number may run side by side.

All its state is in rows of the database, so it may be killed at any instant: another worker goes on, or this one later.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.settings import Settings
from app.foundation.storage.database import connection_options, database_now, make_sessions
from app.foundation.storage.keys import carry_secret_key
from app.jobs import JOBS, POLL, Job, run_job
from app.webhooks.delivery.client_pool import ClientPool, Transport, transport_for
from app.webhooks.delivery.mail import MailRelay, mail_what_waits
from app.webhooks.delivery.queue import LEASE
from app.webhooks.delivery.sealing import webhook_seal
from app.webhooks.delivery.worker import DeliveryWorker, ReadNow, StepListener

_log = logging.getLogger(__name__)
MAIL_EVERY = timedelta(minutes=1)


def _run_or_log(name: str, run: Callable[[], int]) -> None:
    try:
        run()
    except Exception:  # noqa: BLE001 - one bad job must not end the worker; it runs again
        _log.exception("a job failed", extra={"event": name})


@dataclass(slots=True)
class Worker:
    """Repeats `tick` until it is stopped. `now_of` is the database's clock unless a replay or a test shifts it."""

    engine: Engine
    settings: Settings
    jobs: Sequence[Job] = JOBS
    now_of: ReadNow = database_now
    transport: Transport | None = None
    lease: timedelta = LEASE
    on_step: StepListener | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def tick(self) -> dict[str, int]:
        """Does everything that is due at this moment, every job and then every call; returns how much of each."""
        return asyncio.run(self._tick())

    def run(self) -> None:
        """Works until `stop`; then running calls end and are recorded, and nothing new begins."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """Ends the worker within about a second, or when its last call has ended. May be called from any thread."""
        self._stopping.set()

    def run_until_signalled(self) -> None:
        """Works until SIGTERM or SIGINT, from the main thread."""
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: self.stop())
        self.run()

    def _sessions(self) -> sessionmaker[Session]:
        sessions = make_sessions(self.engine)
        # A job seals what it makes, as a web process does.
        carry_secret_key(sessions, self.settings.secret_key)
        return sessions

    async def _tick(self) -> dict[str, int]:
        sessions = self._sessions()
        deliveries = self._delivery_worker(sessions)
        done = {job.name: run_job(sessions, self.now_of, job) for job in self.jobs}
        done["calls"] = await deliveries.run_until_idle()
        done["mails"] = self._mail(sessions)
        await deliveries.clients.close()
        return done

    async def _run(self) -> None:
        """Makes the deliveries that are owed, and runs the jobs beside them, until the worker stops."""
        sessions = self._sessions()
        deliveries = self._delivery_worker(sessions)
        # The jobs run in threads beside the deliveries: a slow job must not hold up a call, nor a slow call a job.
        helpers = [
            asyncio.create_task(self._repeat_jobs(sessions)),
            asyncio.create_task(self._listen(deliveries)),
        ]
        while not self._stopping.is_set():
            try:
                await deliveries.run_round()
                await deliveries.wait_for_work(POLL.total_seconds())
            except Exception:  # noqa: BLE001 - a bad round must not end the worker
                _log.exception("a round of deliveries failed")
                await asyncio.sleep(POLL.total_seconds())
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await deliveries.finish()
        await deliveries.clients.close()

    async def _repeat_jobs(self, sessions: sessionmaker[Session]) -> None:
        """Runs each job at its own interval; one that fails is logged and runs again."""
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

    async def _listen(self, deliveries: DeliveryWorker) -> None:
        """Wakes the delivery worker when a commit notifies it.

        Only a hint: a lost notice costs one second of polling.
        """
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            try:
                # Outside the pool: this connection stays in use for as long as the worker runs.
                async with await psycopg.AsyncConnection.connect(
                    url, autocommit=True, options=connection_options()
                ) as connection:
                    await connection.execute("LISTEN delivery_due")
                    async for _ in connection.notifies():
                        deliveries.wake.set()
            except psycopg.Error:
                await asyncio.sleep(POLL.total_seconds())

    def _delivery_worker(self, sessions: sessionmaker[Session]) -> DeliveryWorker:
        transport = self.transport or transport_for(self.settings)
        seal = webhook_seal(self.settings.secret_key)
        deliveries = DeliveryWorker(sessions, ClientPool(transport), seal, self.now_of, self.lease)
        deliveries.on_step = self.on_step or deliveries.on_step
        return deliveries

    def _mail(self, sessions: sessionmaker[Session]) -> int:
        if not self.settings.smtp_relay:
            return 0
        relay = MailRelay(self.settings.smtp_relay, self.settings.reminder_mail_from, self.settings.public_url)
        with sessions() as session:
            now = self.now_of(session)
        return mail_what_waits(sessions, relay, now)
