"""Claim, send, record: calls that are owed are made. No transaction is open while a call is on the wire."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.webhooks.delivery.client_pool import ClientPool
from app.webhooks.delivery.queue import LEASE, Claimed, claim, still_owed
from app.webhooks.delivery.recording import Finished, record
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.sending import CallResult
from app.webhooks.delivery.targets import Target, targets_of
from app.webhooks.vocabulary import Outcome

_log = logging.getLogger(__name__)
SLOTS = 256
MOST_MARKED_AT_ONCE = 100
SHARE_SECONDS = 0.02
NEVER = datetime.min.replace(tzinfo=UTC)
TARGETS_STAND_FOR = timedelta(seconds=5)  # a host an administrator closes is called no longer than this
Now = Callable[[Session], datetime]
StepListener = Callable[[str], None]
Turn = tuple[list[Claimed], dict[str, Target], datetime]


def database_now(session: Session) -> datetime:
    """The database's clock: leases of many workers need one time, and it is the only one they share."""
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now


def _unheard(_step: str) -> None:
    """Nobody listens to the steps."""


@dataclass(slots=True)
class DeliveryWorker:
    """Makes the calls that are owed, with up to `slots` in hand. `told` hears each step by name, for counters and proofs."""

    sessions: sessionmaker[Session]
    senders: ClientPool
    seal: Seal
    now_of: Now = database_now
    lease: timedelta = LEASE
    slots: int = SLOTS
    told: StepListener = _unheard
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _calls: dict[asyncio.Task[Finished], str] = field(default_factory=dict)
    _unrecorded: list[Finished] = field(default_factory=list)
    _ended: int = 0
    _targets: dict[str, Target] = field(default_factory=dict)
    _targets_read_at: datetime = NEVER

    async def until_idle(self) -> int:
        """How many calls were made until nothing was owed at this moment and nothing was left on the wire."""
        made = 0
        while True:
            begun = await self.turn()
            made += begun
            if not begun and not self._calls and not self._unrecorded:
                return made
            if self._calls:
                await self.wait(self.lease.total_seconds())

    async def turn(self, *, begin: bool = True) -> int:
        """How many calls were newly begun. Finished ones go on record and due ones are claimed, in one commit.

        Never more than there are free slots: what waits in memory wears its lease down.
        """
        self._collect()
        batch = self._unrecorded[:MOST_MARKED_AT_ONCE]
        room = self.slots - len(self._calls) if begin else 0
        in_hand = set(self._calls.values())
        claimed, targets, now = await asyncio.to_thread(self._record_and_claim, batch, room, in_hand)
        del self._unrecorded[: len(batch)]
        for one in claimed:
            call = asyncio.create_task(self._call(targets[one.endpoint_id], one, now))
            call.add_done_callback(self._note_end)
            self._calls[call] = one.endpoint_id
        return len(claimed)

    async def wait(self, seconds: float) -> None:
        """Returns when a call has ended, when `wake` is set, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        self.wake.clear()

    async def finish(self) -> None:
        """Everything on the wire has ended and is on record; nothing new was begun."""
        while self._calls or self._unrecorded:
            if not self._unrecorded:
                await self.wait(self.lease.total_seconds())
            await self.turn(begin=False)

    def _note_end(self, _call: asyncio.Task[Finished]) -> None:
        """Outcomes share a commit: a turn begins when a third of what is in hand has ended, or soon after the first."""
        self._ended += 1
        if self._ended * 3 >= len(self._calls):
            self.wake.set()
        elif self._ended == 1:
            asyncio.get_running_loop().call_later(SHARE_SECONDS, self.wake.set)

    def _collect(self) -> None:
        self._ended = 0
        for task in [task for task in self._calls if task.done()]:
            del self._calls[task]
            fault = task.exception()
            if fault is None:
                self._unrecorded.append(task.result())
            else:
                _log.error("a call ended in a fault of ours", exc_info=fault)

    async def _call(self, target: Target, claimed: Claimed, now: datetime) -> Finished:
        """What came of one call. What may be withdrawn is looked up again at the last moment before it goes out.

        A call that waited for room while its endpoint was changed goes back: not to the old address, not as it was signed.
        """
        leased = time.monotonic_ns()
        async with self.senders.sender_for(target) as sender:
            started_at = now + timedelta(microseconds=(time.monotonic_ns() - leased) // 1_000)
            if self._targets.get(claimed.endpoint_id) != target:
                return Finished(claimed, CallResult(Outcome.SUPERSEDED, 0), target.revision, started_at)
            if claimed.is_reminder and not await asyncio.to_thread(self._is_still_owed, claimed):
                return Finished(claimed, CallResult(Outcome.WITHDRAWN, 0), target.revision, started_at)
            self.told("sending")
            sent = await sender.send(claimed, started_at)
            self.told("sent")
            return Finished(claimed, sent, target.revision, started_at)

    def _is_still_owed(self, claimed: Claimed) -> bool:
        with self.sessions.begin() as session:
            scope_to_system(session)
            return still_owed(session, claimed)

    def _record_and_claim(self, finished: Sequence[Finished], room: int, in_hand: Collection[str]) -> Turn:
        """One commit. When an outcome cannot be written, the others still are; its own lease ends and is counted.

        While the database is away nothing is lost: the outcomes stay in hand until it is back.
        """
        try:
            return self._in_one_commit(finished, room, in_hand)
        except (IntegrityError, DataError):
            for one in finished:
                try:
                    self._in_one_commit([one], 0, in_hand)
                except (IntegrityError, DataError):
                    _log.exception("an outcome could not be recorded")
            return [], {}, NEVER

    def _in_one_commit(self, finished: Sequence[Finished], room: int, in_hand: Collection[str]) -> Turn:
        with self.sessions.begin() as session:
            scope_to_system(session)
            now = self.now_of(session)
            if finished:
                self.told("recording")
                record(session, finished, now)
                session.flush()
                self.told("marked")
            claimed = claim(session, now, room, self.lease)
            targets = self._targets_of(session, claimed, in_hand, now)
        self.told("recorded" if finished else "looked")
        self.told("claimed" if claimed else "nothing owed")
        return claimed, targets, now

    def _targets_of(
        self, session: Session, claimed: Sequence[Claimed], in_hand: Collection[str], now: datetime
    ) -> dict[str, Target]:
        """The target of each endpoint: as read before while its revision stands, and never for long.

        Those whose calls wait for room are read anew as well: what has changed there is no longer called.
        """
        known, stale = self._targets, set[str]()
        if abs(now - self._targets_read_at) > TARGETS_STAND_FOR:
            known, stale, self._targets_read_at = {}, set(in_hand), now
        for one in claimed:
            if one.endpoint_id not in known or known[one.endpoint_id].revision != one.revision:
                stale.add(one.endpoint_id)
        if stale:
            self._targets = known | targets_of(session, stale, self.seal, now)
        return {one.endpoint_id: self._targets[one.endpoint_id] for one in claimed}
