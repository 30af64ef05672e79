"""Claims, sends and records deliveries. No transaction is open while a call is on its way.

One module, because the calls in memory, their leases and their outcomes are one state that changes together.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.storage.database import database_now
from app.webhooks.delivery.client_pool import ClientPool
from app.webhooks.delivery.queue import LEASE, ClaimedDelivery, claim_deliveries, is_still_owed
from app.webhooks.delivery.recording import FinishedCall, record_outcomes
from app.webhooks.delivery.sealing import Seal
from app.webhooks.delivery.sending import CallResult
from app.webhooks.delivery.targets import Target, targets_of
from app.webhooks.vocabulary import Outcome

_log = logging.getLogger(__name__)
SLOTS = 256
MOST_RECORDED_AT_ONCE = 100
SHARE_SECONDS = 0.02
NEVER = datetime.min.replace(tzinfo=UTC)
TARGETS_STAND_FOR = timedelta(seconds=5)  # a host that an administrator closes is called no longer than this
ReadNow = Callable[[Session], datetime]
StepListener = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ClaimedRound:
    """What one round may send: the leased deliveries, their targets by endpoint, and the instant of the lease."""

    deliveries: Sequence[ClaimedDelivery]
    targets: dict[str, Target]
    now: datetime


NOTHING_CLAIMED = ClaimedRound((), {}, NEVER)


def _ignore_step(_step: str) -> None:
    """Ignores the step."""


@dataclass(slots=True)
class DeliveryWorker:
    """Sends what is due, up to `slots` calls at once. `on_step` hears each step's name, for counters and kill tests."""

    sessions: sessionmaker[Session]
    clients: ClientPool
    seal: Seal
    now_of: ReadNow = database_now
    lease: timedelta = LEASE
    slots: int = SLOTS
    on_step: StepListener = _ignore_step
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    _calls: dict[asyncio.Task[FinishedCall], str] = field(default_factory=dict)
    _unrecorded: list[FinishedCall] = field(default_factory=list)
    _ended: int = 0
    _targets: dict[str, Target] = field(default_factory=dict)
    _targets_read_at: datetime = NEVER

    async def run_until_idle(self) -> int:
        """Runs rounds until nothing is due and every call has ended and is recorded; returns how many were made."""
        made = 0
        while True:
            begun = await self.run_round()
            made += begun
            if not begun and not self._calls and not self._unrecorded:
                return made
            if self._calls:
                await self.wait_for_work(self.lease.total_seconds())

    async def run_round(self, *, begin: bool = True) -> int:
        """Records ended calls and claims due ones, in one commit, and begins those; returns how many it began.

        It claims no more than there are free slots: what waits in memory uses up its lease.
        """
        self._collect_ended()
        batch = self._unrecorded[:MOST_RECORDED_AT_ONCE]
        free_slots = self.slots - len(self._calls) if begin else 0
        in_hand = set(self._calls.values())
        claimed = await asyncio.to_thread(self._record_and_claim, batch, free_slots, in_hand)
        # Only now, after the commit: while the database is away the outcomes stay in hand.
        del self._unrecorded[: len(batch)]
        for one in claimed.deliveries:
            call = asyncio.create_task(self._call(claimed.targets[one.endpoint_id], one, claimed.now))
            call.add_done_callback(self._note_end)
            self._calls[call] = one.endpoint_id
        return len(claimed.deliveries)

    async def wait_for_work(self, seconds: float) -> None:
        """Returns when calls have ended, when `wake` is set, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()
        self.wake.clear()

    async def finish(self) -> None:
        """Waits until every call has ended and is recorded, and begins no new one."""
        while self._calls or self._unrecorded:
            if not self._unrecorded:
                await self.wait_for_work(self.lease.total_seconds())
            await self.run_round(begin=False)

    def _note_end(self, _call: asyncio.Task[FinishedCall]) -> None:
        """Wakes the worker when a third of its calls has ended, or soon after the first: outcomes share a commit."""
        self._ended += 1
        if self._ended * 3 >= len(self._calls):
            self.wake.set()
        elif self._ended == 1:
            asyncio.get_running_loop().call_later(SHARE_SECONDS, self.wake.set)

    def _collect_ended(self) -> None:
        self._ended = 0
        for task in [task for task in self._calls if task.done()]:
            del self._calls[task]
            fault = task.exception()
            if fault is None:
                self._unrecorded.append(task.result())
            else:
                _log.error("a call ended in a fault of ours", exc_info=fault)

    async def _call(self, target: Target, claimed: ClaimedDelivery, now: datetime) -> FinishedCall:
        """Waits for a free connection, checks that the call is still owed, sends it, and returns what came back.

        A reminder is checked again just before it is sent: it may have been withdrawn. A call that waited while its
        endpoint was changed goes back to the queue: the old address and the old signature must not be used.
        """
        leased = time.monotonic_ns()
        async with self.clients.client_for(target) as client:
            # `now` is the database's clock; the wait since then is measured by this machine's monotonic one.
            started_at = now + timedelta(microseconds=(time.monotonic_ns() - leased) // 1_000)
            if self._targets.get(claimed.endpoint_id) != target:
                return FinishedCall(claimed, CallResult(Outcome.SUPERSEDED, 0), target.revision, started_at)
            if claimed.must_arrive and not await asyncio.to_thread(self._is_still_owed, claimed):
                return FinishedCall(claimed, CallResult(Outcome.WITHDRAWN, 0), target.revision, started_at)
            self.on_step("sending")
            sent = await client.send(claimed, started_at)
            self.on_step("sent")
            return FinishedCall(claimed, sent, target.revision, started_at)

    def _is_still_owed(self, claimed: ClaimedDelivery) -> bool:
        with self.sessions.begin() as session:
            scope_to_system(session)
            return is_still_owed(session, claimed)

    def _record_and_claim(
        self, finished: Sequence[FinishedCall], free_slots: int, in_hand: Collection[str]
    ) -> ClaimedRound:
        """Records and claims in one commit. When one outcome cannot be written, the others still are.

        The lease of that one ends, and its claim is counted, so that it cannot come back for ever.
        """
        try:
            return self._in_one_commit(finished, free_slots, in_hand)
        except (IntegrityError, DataError):
            for one in finished:
                try:
                    self._in_one_commit([one], 0, in_hand)
                except (IntegrityError, DataError):
                    _log.exception("an outcome could not be recorded")
            return NOTHING_CLAIMED

    def _in_one_commit(
        self, finished: Sequence[FinishedCall], free_slots: int, in_hand: Collection[str]
    ) -> ClaimedRound:
        with self.sessions.begin() as session:
            scope_to_system(session)
            now = self.now_of(session)
            if finished:
                self.on_step("recording")
                record_outcomes(session, finished, now)
                session.flush()
                self.on_step("marked")
            claimed = claim_deliveries(session, now, free_slots, self.lease)
            # In the transaction of the claim: its lock keeps each claimed endpoint's revision and secrets as they are.
            targets = self._targets_for(session, claimed, in_hand, now)
        self.on_step("recorded" if finished else "looked")
        self.on_step("claimed" if claimed else "nothing owed")
        return ClaimedRound(claimed, targets, now)

    def _targets_for(
        self,
        session: Session,
        claimed: Sequence[ClaimedDelivery],
        in_hand: Collection[str],
        now: datetime,
    ) -> dict[str, Target]:
        """Returns the target of each claimed delivery's endpoint, kept while its revision stands, 5 s at most.

        After that the endpoints in hand are read again too: their waiting calls must not use what has changed.
        """
        known, stale = self._targets, set[str]()
        # The absolute difference, because the database's clock may be set back.
        if abs(now - self._targets_read_at) > TARGETS_STAND_FOR:
            known, stale, self._targets_read_at = {}, set(in_hand), now
        for one in claimed:
            if one.endpoint_id not in known or known[one.endpoint_id].revision != one.revision:
                stale.add(one.endpoint_id)
        if stale:
            self._targets = known | targets_of(session, stale, self.seal, now)
        return {one.endpoint_id: self._targets[one.endpoint_id] for one in claimed}
