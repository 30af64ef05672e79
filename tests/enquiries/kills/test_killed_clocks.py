"""The end of a clock is decided on once for each case, whatever is killed around the commit and however many work."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.enquiries.given_enquiries import DAY, Asked
from tests.postgres import SECRET_KEY
from tests.webhooks.processes import ROOT

LIVES_MICROSECONDS = 60_000  # to begin with: what lives too short or too long changes it


@contextmanager
def workers(asked: Asked) -> Iterator[Callable[[int], str]]:
    """Starts one worker that has so many microseconds to live, and says how it ended."""
    url = asked.sessions.kw["bind"].url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.enquiries.kills.doomed_clocks", asked.clock.now().isoformat()],
        cwd=ROOT, env=os.environ | {"DATABASE": url, "SECRET": SECRET_KEY, "PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    into, out = process.stdin, process.stdout

    def work(microseconds: int) -> str:
        into.write(f"{microseconds}\n")
        into.flush()
        return out.readline().strip()

    with process:
        yield work


def cases_with_open_clocks(asked: Asked, number: int) -> None:
    """So many cases about different people, whose clock ends now."""
    for n in range(number):
        asked.referred(f"DV-{n}", victim={"ref": f"V-{n}"}, perpetrator={"ref": f"P-{n}"})
    asked.pass_time(DAY)


def assert_each_was_decided_once(asked: Asked, number: int) -> None:
    decided = "SELECT count(*) AS n FROM decision WHERE because LIKE 'nobody answered%' GROUP BY case_id"
    told = "SELECT count(*) AS n FROM event WHERE type = 'referral.rerouted' GROUP BY case_id"
    marked = """
        SELECT count(*) AS n FROM enquiry_item i WHERE 'marac' = ANY (decides) AND lapsed_at IS DISTINCT FROM (
            SELECT decided_at FROM decision d WHERE d.case_id = i.case_id AND because LIKE 'nobody answered%')
    """
    assert asked.rows(decided) == [{"n": 1}] * number
    assert asked.rows(told) == [{"n": 1}] * number
    assert asked.rows(marked) == [{"n": 0}]


@pytest.mark.parametrize(("cases", "wanted"), [(6, 12), pytest.param(100, 500, marks=pytest.mark.proof)])
def test_workers_killed_around_the_commit_lose_no_clock_and_decide_none_twice(
    cases: int, wanted: int, asked: Asked
) -> None:
    cases_with_open_clocks(asked, cases)
    chance, kills = random.Random(wanted), 0  # noqa: S311 - chance, not a secret
    longest: float = LIVES_MICROSECONDS

    with workers(asked) as work:
        while kills < wanted:
            ended = work(chance.randint(int(longest / 2), int(longest)))
            kills += ended == "killed"
            assert ended != "nothing", "every case was decided before enough workers were killed"
            longest *= 1.05 if ended == "killed" else 0.75  # most are killed, anywhere up to and after the commit
        while work(0) == "done":
            pass

    assert_each_was_decided_once(asked, cases)


def test_workers_side_by_side_decide_each_case_once(asked: Asked) -> None:
    cases_with_open_clocks(asked, 6)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: asked.end_clocks(), range(4)))
    done.append(asked.end_clocks())  # what one passed over because another held it

    assert sum(done) == 6
    assert_each_was_decided_once(asked, 6)
