"""The two ends of the product's courier without the wire between them."""

import time

from app.webhooks.deliver import database_now
from app.webhooks.queue import claim
from app.webhooks.recording import Finished, record
from app.webhooks.sending import Sent
from app.webhooks.words import Outcome
from bench.subscribers import Subscribers

RECEIVED = Sent(Outcome.RECEIVED, 0, 204)


def claim_and_mark(subscribers: Subscribers, at_once: int) -> float:
    """Rows per second, until none is owed: each commit marks one batch as received and claims the next."""
    rows, finished, begun = 0, list[Finished](), time.perf_counter()
    while True:
        with subscribers.in_system() as session:
            now = database_now(session)
            rows += record(session, finished, now) if finished else 0
            claimed = claim(session, now, at_once)
        if not claimed:
            return rows / (time.perf_counter() - begun)
        finished = [Finished(one, RECEIVED, 1, now) for one in claimed]
