"""Measures the running service: a referral recorded and a page of actions read, each against a constant answer.

One web process on a fresh embedded PostgreSQL, driven by concurrent callers over kept connections. The ways alternate
in short blocks. Read the ratios: the absolute figures belong to one machine on one day.

    python -m bench.service --seconds 3 --rounds 5
"""

import argparse
import asyncio
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

from fastapi.testclient import TestClient
from sqlalchemy import text

from app.foundation.storage.database import row_scope_key
from app.main import create_app
from bench.alternation import Goal, medians, milliseconds, ratio, run_alternating
from bench.callers import ask, drive_bare, drive_http
from bench.deployment import Deployment, temporary_deployment, web_process
from bench.http_requests import get_request, post_request, referral
from bench.statements import ExecutedStatement, recorded_statements, replay_reads

CALLERS: Final = 8
OPEN_ACTIONS: Final = 20_000
ACTIONS_PER_CASE: Final = 10
PAGES: Final = 20
LIVE: Final = b"GET /health/live HTTP/1.1\r\nhost: bench\r\n\r\n"
CONSTANT, POST, PAGE, BARE = "constant answer", "record a referral", "page of 50", "same reads, bare driver"
SPREAD_CASES: Final = """
    INSERT INTO case_file SELECT made.*
    FROM case_file AS c CROSS JOIN generate_series(1, :cases) AS n CROSS JOIN LATERAL jsonb_populate_record(
        c, jsonb_build_object(
            'id', 'case_bench' || n, 'reference', 'BENCH-' || n, 'victim_ref', 'V-S' || n,
            'perpetrator_ref', 'P-S' || n)) AS made
    WHERE c.id = (SELECT min(id) FROM case_file)
"""
SPREAD_ACTIONS: Final = """
    INSERT INTO action SELECT made.*
    FROM action AS a CROSS JOIN generate_series(1, :actions) AS n CROSS JOIN LATERAL jsonb_populate_record(
        a, jsonb_build_object(
            'id', 'act_bench' || n, 'case_id', 'case_bench' || 1 + n % :cases, 'duty', null,
            'sort_at', a.sort_at + n * interval '1 minute')) AS made
    WHERE a.id = (SELECT min(id) FROM action)
"""


@dataclass(slots=True)
class Service:
    """The served deployment and its requests. `latencies` holds the seconds of every answer by way."""

    deployment: Deployment
    port: int
    seconds: float
    now: datetime
    pages: list[str] = field(default_factory=list)
    reads: list[list[ExecutedStatement]] = field(default_factory=list)
    latencies: dict[str, list[float]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def ways(self) -> dict[str, Callable[[], float]]:
        """Requests per second of one block of each way."""
        asked = itertools.cycle([get_request(path, self._key("coordinator")) for path in self.pages])
        return {
            CONSTANT: partial(self._block, CONSTANT, itertools.repeat(LIVE)),
            PAGE: partial(self._block, PAGE, asked),
            POST: partial(self._block, POST, self._posts()),
            BARE: self._bare_block,
        }

    def prepare(self) -> None:
        """Makes the open actions, and notes the pages to request with the statements the service reads for each."""
        asyncio.run(ask(self.port, next(self._posts())))
        spread_actions(self.deployment)
        app = create_app(self.deployment.settings, self.deployment.engine)
        client = TestClient(app)
        authorised = {"Authorization": f"Bearer {self._key('coordinator')}"}
        path = "/v1/actions?limit=50"
        for _ in range(PAGES):
            with recorded_statements(self.deployment.engine) as executed:
                answer = client.get(path, headers=authorised).raise_for_status().json()
            assert len(answer["items"]) == 50
            self.pages.append(path)
            self.reads.append([one for one in executed if one.is_read])
            path = answer["links"]["next"]
        self._count_a_post(client, pages=len(executed))

    def _count_a_post(self, client: TestClient, pages: int) -> None:
        body = referral(next(self.numbers), self.now)
        sent = {
            "Authorization": f"Bearer {self._key('hub')}",
            "Idempotency-Key": str(body["source_reference"]),
        }
        with recorded_statements(self.deployment.engine) as executed:
            answer = client.post("/v1/referrals", json=body, headers=sent).raise_for_status()
        self.counted = {
            PAGE: pages,
            POST: len(executed),
            "actions": len(answer.json()["actions"]) + answer.json()["left_out"]["actions"],
        }

    def _block(self, way: str, requests: Iterator[bytes]) -> float:
        begun = time.perf_counter()
        taken = asyncio.run(drive_http(self.port, requests, begun + self.seconds, CALLERS))
        self.latencies.setdefault(way, []).extend(taken)
        return len(taken) / (time.perf_counter() - begun)

    def _bare_block(self) -> float:
        begun = time.perf_counter()
        replay = partial(replay_reads, row_scope_key(self.deployment.secret_key))
        reads = itertools.cycle(self.reads)
        taken = drive_bare(self.deployment.url, replay, reads, begun + self.seconds, CALLERS, "-c TimeZone=UTC")
        return len(taken) / (time.perf_counter() - begun)

    def _posts(self) -> Iterator[bytes]:
        return (post_request(referral(n, self.now), self._key("hub")) for n in self.numbers)

    def _key(self, caller: str) -> str:
        return self.deployment.furnished.keys[caller]


def spread_actions(deployment: Deployment) -> None:
    """Many open actions over many cases, copies of the first referral's."""
    with deployment.owner.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        cases = OPEN_ACTIONS // ACTIONS_PER_CASE
        connection.execute(text(SPREAD_CASES), {"cases": cases})
        connection.execute(text(SPREAD_ACTIONS), {"cases": cases, "actions": OPEN_ACTIONS})
    deployment.settle()


def measure(seconds: float, rounds: int, now: datetime) -> tuple[dict[str, object], list[Goal]]:
    """What was measured, and the goals it is held to."""
    with temporary_deployment() as deployment, web_process(deployment) as port:
        service = Service(deployment, port, seconds, now)
        service.prepare()
        for warm_up in service.ways().values():
            warm_up()
        service.latencies.clear()
        rates = run_alternating(service.ways(), rounds)
    posts = service.latencies[POST]
    result: dict[str, object] = {
        "ratios": {
            f"{one} / {other}": round(ratio(rates, one, other), 4)
            for one, other in ((PAGE, CONSTANT), (POST, CONSTANT), (PAGE, BARE), (POST, PAGE))
        },
        "statements_each": {way: service.counted[way] for way in (PAGE, POST)},
        "actions_of_one_referral": service.counted["actions"],
        "per_second_on_this_machine": medians(rates),
        "p95_ms_on_this_machine": {way: milliseconds(taken, percentile=95) for way, taken in service.latencies.items()},
        "callers": CALLERS,
        "open_actions": OPEN_ACTIONS,
    }
    return result, [
        Goal("referrals recorded per second", medians(rates)[POST], ">=", 100, is_ratio=False),
        Goal("95th percentile of recording, ms", milliseconds(posts, percentile=95), "<=", 50, is_ratio=False),
        Goal("99th percentile of recording, ms", milliseconds(posts, percentile=99), "<=", 150, is_ratio=False),
    ]


def main() -> None:
    """Prints the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=3, help="length of one block")
    parser.add_argument("--rounds", type=int, default=5, help="blocks per way")
    asked = parser.parse_args()
    result, goals = measure(asked.seconds, asked.rounds, datetime.now(UTC))
    print(json.dumps(result | {"goals": [goal.shown() for goal in goals]}, indent=2))


if __name__ == "__main__":
    main()
