"""A change and the calls it owes are one: whenever its process ends, both are stored or neither is."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.postgres import SECRET_KEY
from tests.webhooks.builders import DeliverySetup
from tests.webhooks.measurements import save_measurement
from tests.webhooks.processes import ROOT

LIVES_MICROSECONDS = 8_000  # to begin with: what lives too short or too long changes it
UNQUEUED = text("SELECT count(*) FROM event n WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = n.id)")
ORPHANED = text("SELECT count(*) FROM delivery d WHERE NOT EXISTS (SELECT FROM event n WHERE n.id = d.event_id)")


@contextmanager
def changes(setup: DeliverySetup) -> Iterator[Callable[[int], bool]]:
    """Makes one change that has so many microseconds to live, and says whether it was killed."""
    url = setup.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.webhooks.kills.doomed_changes"],
        cwd=ROOT, env=os.environ | {"DATABASE": url, "SECRET": SECRET_KEY, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    into, out = process.stdin, process.stdout

    def change(microseconds: int) -> bool:
        into.write(f"{microseconds}\n")
        into.flush()
        return out.readline() == "killed\n"

    with process:
        yield change


@pytest.mark.parametrize("wanted", [20, pytest.param(1_000, marks=pytest.mark.proof)])
def test_change_killed_around_its_commit_is_stored_and_queued_or_neither(wanted: int, setup: DeliverySetup) -> None:
    setup.an_endpoint("https://hooks.a.gov.uk/")
    chance, kills, committed = random.Random(wanted), 0, 0  # noqa: S311 - chance, not a secret
    longest: float = LIVES_MICROSECONDS

    with changes(setup) as change:
        while kills < wanted or committed < wanted // 4:
            was_killed = change(chance.randint(1, int(longest)))
            kills += was_killed
            committed += not was_killed
            longest *= 1.05 if was_killed else 0.95  # every second one is killed, anywhere up to its commit

    stored = len(setup.rows("event"))
    unqueued, orphaned = (setup.in_system(lambda s, q=query: s.scalar(q)) for query in (UNQUEUED, ORPHANED))
    save_measurement("killed_commit", wanted, kills=kills, stored=stored, unqueued=unqueued, orphaned=orphaned)
    assert (unqueued, orphaned) == (0, 0)
    assert committed <= stored < committed + kills
