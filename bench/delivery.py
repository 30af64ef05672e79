"""Measures deliveries: against a bare client, beside a hanging receiver, and beside a general job queue.

The service's own delivery worker on a fresh embedded PostgreSQL, and a real receiver in a process of its own. The ways
alternate. Read the ratios: the absolute figures belong to one machine on one day.

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

from app.webhooks.delivery.worker import MOST_RECORDED_AT_ONCE
from bench.alternation import Goal, Rates, medians, milliseconds, ratio, run_alternating
from bench.bare_client import post_bare
from bench.claim_and_record import claim_and_record
from bench.deployment import another_database, service_process, temporary_deployment
from bench.measurements import save_measurement
from bench.noop_jobs import run_noop_jobs
from bench.receiver import arrivals_at, receiver_process, wait_for_arrivals
from bench.subscribers import IN_FLIGHT, Subscribers, deliver_all

MANY, GOOD, HANGING = "IDVA", "COUNCIL", "PROBATION"
ENDPOINTS: Final = 8
WORKER, CLIENT = "delivery worker, end to end", "bare httpx, same pools"
RECORDED, JOBS = "claim and record", "procrastinate, no-op jobs"
ALONE, BESIDE = "three endpoints alone", "three beside one that hangs"
SINGLES: Final = 100
PATIENCE_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """The ways that alternate. Every block returns calls (rows, jobs) per second."""

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
        """Claimed, signed, sent, received and recorded, until nothing is due."""
        self.subscribers.owe([MANY], self.calls // ENDPOINTS, self.now)
        begun = time.perf_counter()
        made = asyncio.run(deliver_all(self.subscribers.delivery_worker()))
        return made / (time.perf_counter() - begun)

    def bare(self) -> float:
        """The same bytes to the same addresses by the bare client."""
        return post_bare(self.urls, self.subscribers.body(), self.calls, IN_FLIGHT)

    def recorded(self) -> float:
        """Rows claimed and recorded as received, without a call, in batches of the delivery worker's size."""
        self.subscribers.owe([MANY], self.rows // ENDPOINTS, self.now)
        return claim_and_record(self.subscribers, MOST_RECORDED_AT_ONCE)

    def jobs(self) -> float:
        """As many jobs as rows, because both rates depend on the number: that of jobs falls, that of rows rises."""
        return run_noop_jobs(self.jobs_url, self.rows)

    def three(self, *, beside_hanging: bool) -> float:
        """Calls per second to three endpoints that answer, while a fourth has nothing due, or as much and hangs."""
        agencies = [GOOD, HANGING] if beside_hanging else [GOOD]
        self.subscribers.owe(agencies, self.calls // 4, self.now)
        arrivals_at(self.port)
        begun = time.monotonic()
        asyncio.run(deliver_all(self.subscribers.delivery_worker(patience_seconds=PATIENCE_SECONDS)))
        arrived = arrivals_at(self.port)
        if len(arrived) < 3 * (self.calls // 4):
            raise RuntimeError(f"only {len(arrived)} calls came; all outcomes: {self.subscribers.outcomes()}")
        self.subscribers.cancel_unsent()
        return len(arrived) / (max(arrived.values()) - begun)


def measure_latency(subscribers: Subscribers, port: int) -> list[float]:
    """Seconds from each commit to the first byte at each receiver; a worker process, otherwise idle."""
    committed: dict[str, float] = {}
    with service_process(subscribers.deployment, "worker"):
        subscribers.record_one([GOOD], datetime.now(UTC))
        wait_for_arrivals(port, 3)
        for _ in range(SINGLES):
            event_id = subscribers.record_one([GOOD], datetime.now(UTC))
            committed[event_id] = time.monotonic()
            time.sleep(0.05)
        arrived = wait_for_arrivals(port, 3 * SINGLES)
    return [at - committed[call.rpartition(" ")[2]] for call, at in arrived.items()]


def measure(calls: int, rows: int, rounds: int, now: datetime) -> tuple[dict[str, Any], list[Goal]]:
    """What was measured, and the goals it is held to."""
    with temporary_deployment() as deployment, receiver_process() as port:
        subscribers = Subscribers(deployment)
        delivery = Delivery(subscribers, port, another_database(deployment, "jobs"), calls, rows, now)
        subscribers.subscribe(MANY, delivery.urls, now)
        subscribers.subscribe(GOOD, delivery.urls[:3], now)
        subscribers.subscribe(HANGING, [f"http://127.0.0.1:{port}/hang"], now)
        latency = measure_latency(subscribers, port)
        pairs = (
            {WORKER: delivery.end_to_end, CLIENT: delivery.bare},
            {RECORDED: delivery.recorded, JOBS: delivery.jobs},
            {
                ALONE: partial(delivery.three, beside_hanging=False),
                BESIDE: partial(delivery.three, beside_hanging=True),
            },
        )
        rates: Rates = {}
        for ways in pairs:
            rates |= run_alternating(ways, rounds)
    return _result(rates, latency), _goals(rates)


def _result(rates: Rates, latency: list[float]) -> dict[str, Any]:
    pairs = ((WORKER, CLIENT), (RECORDED, JOBS), (ALONE, BESIDE))
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
        "end_to_end_ratio": round(ratio(rates, WORKER, CLIENT), 2),
        "end_to_end_per_second": round(each[WORKER]),
        "claim_and_mark_ratio": round(ratio(rates, RECORDED, JOBS), 1),
        "claim_and_mark_per_second": round(each[RECORDED]),
        "slowed_by_hanging": round(ratio(rates, ALONE, BESIDE), 2),
        "load": round(os.getloadavg()[1], 1),
        "first_byte_p50_ms": milliseconds(latency, percentile=50),
        "first_byte_p99_ms": milliseconds(latency, percentile=99),
    }


def _goals(rates: Rates) -> list[Goal]:
    return [
        Goal("end to end against the bare client", ratio(rates, WORKER, CLIENT), ">=", 0.60),
        Goal("slowed by one hanging endpoint of four", ratio(rates, ALONE, BESIDE), "<=", 1.25),
        Goal("claim and record against no-op jobs", ratio(rates, RECORDED, JOBS), ">=", 15),
    ]


def main() -> None:
    """Prints the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=4000, help="calls in one block")
    parser.add_argument("--rows", type=int, default=2000, help="rows, and jobs, in one block without calls")
    parser.add_argument("--rounds", type=int, default=3, help="blocks per way")
    asked = parser.parse_args()
    result, goals = measure(asked.calls, asked.rows, asked.rounds, datetime.now(UTC))
    save_measurement("bench_delivery", asked.rows, result.pop("figures"))
    print(json.dumps(result | {"goals": [goal.shown() for goal in goals]}, indent=2))


if __name__ == "__main__":
    main()
