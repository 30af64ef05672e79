"""Claim, send, record: calls that are owed are made. No transaction is open while a call is on the wire."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.webhooks.queue import LEASE, Claimed, claim, still_owed
from app.webhooks.recording import Finished, record
from app.webhooks.sealing import Seal
from app.webhooks.senders import Sender, Senders
from app.webhooks.sending import Sent
from app.webhooks.targets import Target, targets_of
from app.webhooks.words import Outcome

_log = logging.getLogger(__name__)
SLOTS = 64
MOST_MARKED_AT_ONCE = 100
Now = Callable[[Session], datetime]
Told = Callable[[str], None]


def database_now(session: Session) -> datetime:
    """The database's clock: leases of many workers need one time, and it is the only one they share."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def _unheard(_step: str) -> None:
    """Nobody listens to the steps."""


@dataclass(slots=True)
class Courier:
    """Makes the calls that are owed, up to `slots` at once. `told` hears each step by name, for counters and proofs."""

    sessions: sessionmaker[Session]
    senders: Senders
    seal: Seal
    now_of: Now = database_now
    lease: timedelta = LEASE
    slots: int = SLOTS
    told: Told = _unheard
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _calls: set[asyncio.Task[Finished]] = field(default_factory=set)
    _unrecorded: list[Finished] = field(default_factory=list)

    async def until_idle(self) -> int:
        """How many calls were made until nothing was owed at this moment and nothing was left on the wire."""
        made = 0
        while True:
            taken = await self.take()
            if not taken and not self._calls and not self._unrecorded:
                return made
            made += await self.settle(wait_seconds=self.lease.total_seconds())

    async def take(self) -> int:
        """How many calls were newly begun: never more than there are free slots, or waiting would wear leases down."""
        room = self.slots - len(self._calls)
        if room <= 0:
            return 0
        claimed, targets, now = await asyncio.to_thread(self._claim, room)
        if claimed:
            self.told("claimed")
        for one in claimed:
            sender = await self.senders.sender_for(targets[one.endpoint_id])
            self._calls.add(asyncio.create_task(self._call(sender, one, now)))
        return len(claimed)

    async def settle(self, wait_seconds: float) -> int:
        """How many finished calls went on record, after waiting for the first, for `wake`, or for `wait_seconds`."""
        woken = asyncio.create_task(self.wake.wait())
        await asyncio.wait({*self._calls, woken}, timeout=wait_seconds, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        self.wake.clear()
        self._collect()
        recorded = 0
        while self._unrecorded:
            batch = self._unrecorded[:MOST_MARKED_AT_ONCE]
            await asyncio.to_thread(self._record, batch)
            del self._unrecorded[: len(batch)]
            recorded += len(batch)
        return recorded

    async def finish(self) -> None:
        """Everything on the wire has ended and is on record; nothing new was begun."""
        while self._calls or self._unrecorded:
            await self.settle(wait_seconds=self.lease.total_seconds())

    def _collect(self) -> None:
        for task in [task for task in self._calls if task.done()]:
            self._calls.remove(task)
            fault = task.exception()
            if fault is None:
                self._unrecorded.append(task.result())
            else:
                _log.error("a call ended in a fault of ours", exc_info=fault)

    async def _call(self, sender: Sender, claimed: Claimed, now: datetime) -> Finished:
        if claimed.is_reminder and not await asyncio.to_thread(self._is_still_owed, claimed):
            return Finished(claimed, Sent(Outcome.WITHDRAWN, 0), sender.target.revision, now)
        self.told("sending")
        sent = await sender.send(claimed, now)
        self.told("sent")
        return Finished(claimed, sent, sender.target.revision, now)

    def _claim(self, room: int) -> tuple[list[Claimed], dict[str, Target], datetime]:
        with self.sessions.begin() as session:
            scope_to_system(session)
            now = self.now_of(session)
            claimed = claim(session, now, room, self.lease)
            targets = targets_of(session, {one.endpoint_id for one in claimed}, self.seal, now)
            return claimed, targets, now

    def _is_still_owed(self, claimed: Claimed) -> bool:
        with self.sessions.begin() as session:
            scope_to_system(session)
            return still_owed(session, claimed)

    def _record(self, finished: Sequence[Finished]) -> None:
        """On record; when one outcome cannot be written, the others still are. Its lease ends and is counted."""
        try:
            self._record_together(finished)
        except OperationalError:
            raise  # the database is away: everything is kept in hand and recorded when it is back
        except DBAPIError:
            for one in finished:
                try:
                    self._record_together([one])
                except (IntegrityError, DataError):
                    _log.exception("an outcome could not be recorded")

    def _record_together(self, finished: Sequence[Finished]) -> None:
        with self.sessions.begin() as session:
            scope_to_system(session)
            self.told("recording")
            record(session, finished, self.now_of(session))
            session.flush()
            self.told("marked")
        self.told("recorded")
