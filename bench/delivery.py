"""Measures deliveries: against a bare client, beside a hanging receiver, and beside a general job queue.

The product's own courier on a fresh embedded PostgreSQL, and a real receiver in a process of its own. The ways take
turns. Read the ratios: the absolute figures belong to one machine on one day.

    python -m bench.delivery --calls 4000 --rounds 3
"""

import argparse
import asyncio
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from app.webhooks.delivery.worker import MOST_MARKED_AT_ONCE
from bench.bare_client import post_bare
from bench.courier import claim_and_mark
from bench.figures import leave_figures
from bench.house import a_house, a_process, another_database
from bench.noop_jobs import run_noop_jobs
from bench.receiver import a_receiver, arrivals_at, wait_for_arrivals
from bench.subscribers import IN_FLIGHT, Subscribers, deliver_all
from bench.turns import Goal, Rates, by_turns, medians, milliseconds, ratio

MANY, GOOD, HANGING = "IDVA", "COUNCIL", "PROBATION"
ENDPOINTS: Final = 8
COURIER, CLIENT = "courier, end to end", "bare httpx, same pools"
MARKED, JOBS = "claim and mark", "procrastinate, no-op jobs"
ALONE, BESIDE = "three endpoints alone", "three beside one that hangs"
SINGLES: Final = 100
PATIENCE_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """What takes turns. Every block gives calls (rows, jobs) per second."""

    subscribers: Subscribers
    port: int
    jobs_url: str
    calls: int
    rows: int
    now: datetime

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{self.port}/hooks/{n}" for n in range(ENDPOINTS)]

    def end_to_end(self) -> float:
        """Claimed, signed, sent, received and marked, until nothing is owed."""
        self.subscribers.owe([MANY], self.calls // ENDPOINTS, self.now)
        begun = time.perf_counter()
        made = asyncio.run(deliver_all(self.subscribers.courier()))
        return made / (time.perf_counter() - begun)

    def bare(self) -> float:
        """The same bytes to the same addresses by the bare client."""
        return post_bare(self.urls, self.subscribers.body(), self.calls, IN_FLIGHT)

    def marked(self) -> float:
        """Rows claimed and marked as received, without a call, as many at once as the courier marks."""
        self.subscribers.owe([MANY], self.rows // ENDPOINTS, self.now)
        return claim_and_mark(self.subscribers, MOST_MARKED_AT_ONCE)

    def jobs(self) -> float:
        """As many jobs as there are rows, for both rates move with the number: theirs falls, ours rises."""
        return run_noop_jobs(self.jobs_url, self.rows)

    def three(self, *, beside_hanging: bool) -> float:
        """Calls per second to three endpoints that answer, while the fourth is owed nothing, or as much and hangs."""
        agencies = [GOOD, HANGING] if beside_hanging else [GOOD]
        self.subscribers.owe(agencies, self.calls // 4, self.now)
        arrivals_at(self.port)
        begun = time.monotonic()
        asyncio.run(deliver_all(self.subscribers.courier(patience_seconds=PATIENCE_SECONDS)))
        arrived = arrivals_at(self.port)
        if len(arrived) < 3 * (self.calls // 4):
            raise RuntimeError(f"only {len(arrived)} calls came; all outcomes: {self.subscribers.outcomes()}")
        self.subscribers.drop_what_is_owed()
        return len(arrived) / (max(arrived.values()) - begun)


def measure_latency(subscribers: Subscribers, port: int) -> list[float]:
    """Seconds from each commit to the first byte at each receiver; a worker process, otherwise idle."""
    committed: dict[str, float] = {}
    with a_process(subscribers.house, "worker"):
        subscribers.tell([GOOD], datetime.now(UTC))
        wait_for_arrivals(port, 3)
        for _ in range(SINGLES):
            event_id = subscribers.tell([GOOD], datetime.now(UTC))
            committed[event_id] = time.monotonic()
            time.sleep(0.05)
        arrived = wait_for_arrivals(port, 3 * SINGLES)
    return [at - committed[call.rpartition(" ")[2]] for call, at in arrived.items()]


def measure(calls: int, rows: int, rounds: int, now: datetime) -> tuple[dict[str, Any], list[Goal]]:
    """What was measured, and the goals it is held to."""
    with a_house() as house, a_receiver() as port:
        subscribers = Subscribers(house)
        delivery = Delivery(subscribers, port, another_database(house, "jobs"), calls, rows, now)
        subscribers.subscribe(MANY, delivery.urls, now)
        subscribers.subscribe(GOOD, delivery.urls[:3], now)
        subscribers.subscribe(HANGING, [f"http://127.0.0.1:{port}/hang"], now)
        latency = measure_latency(subscribers, port)
        pairs = (
            {COURIER: delivery.end_to_end, CLIENT: delivery.bare},
            {MARKED: delivery.marked, JOBS: delivery.jobs},
            {
                ALONE: partial(delivery.three, beside_hanging=False),
                BESIDE: partial(delivery.three, beside_hanging=True),
            },
        )
        rates: Rates = {}
        for ways in pairs:
            rates |= by_turns(ways, rounds)
    return _result(rates, latency), _goals(rates)


def _result(rates: Rates, latency: list[float]) -> dict[str, Any]:
    pairs = ((COURIER, CLIENT), (MARKED, JOBS), (ALONE, BESIDE))
    return {
        "ratios": {f"{one} / {other}": round(ratio(rates, one, other), 3) for one, other in pairs},
        "per_second_on_this_machine": medians(rates),
        "commit_to_first_byte_ms": {f"p{p}": milliseconds(latency, percentile=p) for p in (50, 99)},
        "endpoints": ENDPOINTS,
        "in_flight_each": IN_FLIGHT,
        "figures": _figures(rates, latency),
    }


def _figures(rates: Rates, latency: list[float]) -> dict[str, float]:
    """What docs/delivery.md shows."""
    each = medians(rates)
    return {
        "end_to_end_ratio": round(ratio(rates, COURIER, CLIENT), 2),
        "end_to_end_per_second": round(each[COURIER]),
        "claim_and_mark_ratio": round(ratio(rates, MARKED, JOBS), 1),
        "claim_and_mark_per_second": round(each[MARKED]),
        "slowed_by_hanging": round(ratio(rates, ALONE, BESIDE), 2),
        "load": round(os.getloadavg()[1], 1),
        "first_byte_p50_ms": milliseconds(latency, percentile=50),
        "first_byte_p99_ms": milliseconds(latency, percentile=99),
    }


def _goals(rates: Rates) -> list[Goal]:
    return [
        Goal("end to end against the bare client", ratio(rates, COURIER, CLIENT), ">=", 0.60),
        Goal("slowed by one hanging endpoint of four", ratio(rates, ALONE, BESIDE), "<=", 1.25),
        Goal("claim and mark against no-op jobs", ratio(rates, MARKED, JOBS), ">=", 15),
    ]


def main() -> None:
    """Prints the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=4000, help="calls in one block")
    parser.add_argument("--rows", type=int, default=2000, help="rows, and jobs, in one block without calls")
    parser.add_argument("--rounds", type=int, default=3, help="blocks per way")
    asked = parser.parse_args()
    result, goals = measure(asked.calls, asked.rows, asked.rounds, datetime.now(UTC))
    leave_figures("bench_delivery", asked.rows, result.pop("figures"))
    print(json.dumps(result | {"goals": [goal.shown() for goal in goals]}, indent=2))


if __name__ == "__main__":
    main()
