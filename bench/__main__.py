"""Every benchmark in a short form, as one JSON object: ratios, goals, and whether each is met.

A goal that is not met is a finding, not a failure: the exit code is 0 unless a benchmark breaks.

    python -m bench
"""

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

SHORT_FORMS = {
    "service": ("--seconds", "2", "--rounds", "3"),
    "delivery": ("--calls", "800", "--rounds", "3"),
    "policy": (),
}


def run(name: str) -> dict[str, Any]:
    """What the benchmark printed. Each has a process of its own, so that none heats the caches of another."""
    command = [sys.executable, "-W", "ignore", "-m", f"bench.{name}", *SHORT_FORMS[name]]
    printed: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return printed


def main() -> None:
    """Prints the results of the benchmarks that there are, one after another."""
    load_before = os.getloadavg()[0]
    results = {name: run(name) for name in SHORT_FORMS if find_spec(f"bench.{name}")}
    goals = [goal for result in results.values() for goal in result.pop("goals", [])]
    names = ("fastapi", "uvicorn", "sqlalchemy", "psycopg", "httpcore", "httpx", "procrastinate")
    context = {name: version(name) for name in names} | {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(load_before, 2),
    }
    met = {"met": sum(goal["met"] for goal in goals), "of": len(goals)}
    print(json.dumps({"context": context, **results, "goals": goals, "goals_met": met}, indent=2))


if __name__ == "__main__":
    main()
