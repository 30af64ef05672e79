"""Runs a play on an embedded PostgreSQL in a folder of its own, where its rows stay."""

import gc
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import text

from app.foundation.clock import SettableClock, london_instant
from app.foundation.settings import Settings
from app.foundation.storage.database import make_engine, make_sessions
from app.foundation.storage.embedded import start_embedded
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.main import create_app
from app.startup import migrate_as_owner
from bench.receiver import receiver_process
from bench.year.behaviour import read_behaviour
from bench.year.force import Force, open_force, subscribe
from bench.year.playing import Year, played
from tests.limits import NO_LIMITS

ROWS, TOLD = "rows", "play.json"
SUNDAY = 6
# How a commit reaches the disk changes no figure, and waiting for it takes time.
FAST_COMMITS = text("ALTER DATABASE postgres SET synchronous_commit = off")


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of the server of this folder, until the block ends."""
    server = start_embedded(folder)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def prepare(url: str, secret_key: str) -> None:
    """Migrates an empty database of the deployment with that secret."""
    make_logins(url)
    migrate_as_owner(as_login(url, OWNER_LOGIN), secret_key)
    administrator = make_engine(url, pool_size=2)
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(FAST_COMMITS)
    administrator.dispose()


def settle(url: str) -> None:
    """Refreshes the planner's statistics, as a server that has run for a while has them."""
    administrator = make_engine(url, pool_size=1)
    with administrator.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    administrator.dispose()


@dataclass
class Progress:
    """Says after each day how far the play has come, keeps that in a file, and ends it when its minutes are over."""

    url: str
    folder: Path
    scale: float
    begun_at: float
    ends_at: float

    def __call__(self, year: Year, day: date) -> bool:
        minutes = round((time.monotonic() - self.begun_at) / 60)
        told = told_of(year, day, self.scale) | {"minutes": minutes}
        (self.folder / TOLD).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        print(
            f"{day}: {year.sent} referrals, {year.heard} heard, {len(year.plan)} answers planned, {minutes} min",
            flush=True,
        )
        if day.weekday() == SUNDAY:
            settle(self.url)
            gc.collect()
        return time.monotonic() < self.ends_at


def told_of(year: Year, day: date, scale: float) -> dict[str, Any]:
    """What the page says of a play that has come to the end of this day."""
    behaviour = year.behaviour
    return {
        "scale": scale,
        "first_day": behaviour.first_day.isoformat(),
        "last_day": day.isoformat(),
        "weeks_played": ((day - behaviour.first_day).days + 1) // 7,
        "sent": year.sent,
        "heard": year.heard,
        "refused": refusals(year.force),
    }


def refusals(force: Force) -> list[dict[str, Any]]:
    """What the service refused, the most frequent first, each with the words of the first."""
    return [
        {"what": what, "status": status, "code": code, "times": times, "says": force.examples[what, status, code]}
        for (what, status, code), times in force.refused.most_common()
    ]


def play(folder: Path, scale: float, minutes: float, weeks: int | None) -> None:
    """Plays into a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    behaviour, begun_at = read_behaviour(), time.monotonic()
    gc.set_threshold(100_000, 50, 100)  # many short-lived rows, and nothing that grows but the plan
    with database(folder / ROWS) as url:
        clock, key = SettableClock(london_instant(behaviour.first_day, 7)), secrets.token_hex(32)
        prepare(url, key)
        services = as_login(url, SERVICE_LOGIN)
        engine = make_engine(services, secret_key=key)
        settings = Settings(
            database_url=services, data_dir=folder, secret_key=key, allow_loopback_http=True, **NO_LIMITS
        )
        with TestClient(create_app(settings, engine, clock)) as http, receiver_process() as port:
            force = open_force(http, make_sessions(engine), clock, key)
            subscribe(force, port)
            progress = Progress(url, folder, scale, begun_at, begun_at + 60 * minutes)
            last = behaviour.first_day + timedelta(days=7 * (weeks or behaviour.weeks) - 1)
            for _ in played(force, behaviour, scale, lambda year, day: progress(year, day) and day < last):
                pass
        engine.dispose()
