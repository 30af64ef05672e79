"""Every policy with its cases and promises, as the mutation run needs them."""

from functools import cache

from app.routing.case_files import cases_of as shipped_cases
from app.routing.case_files import promises_of
from app.routing.cases import Case, read_cases
from app.routing.catalogue import BASELINE, SHIPPED, policy_file
from app.routing.loader import PolicyFile, load_policy
from app.routing.mutation import Suite
from app.routing.types import Policy
from tests.policy.given import SETTINGS, case_text, shipped

MADE_UP = {"turned": ("turned.cases", "turned.more.cases"), "keeping": ("keeping.cases",)}


@cache
def suites() -> tuple[Suite, ...]:
    """The baseline first, then every local policy and the made-up ones that turn the other switches."""
    real = [Suite(shipped(name), shipped_cases(name), promises_of(name)) for name in SHIPPED]
    return (*real, *(Suite(made_up(name), made_up_cases(name)) for name in MADE_UP))


def made_up(name: str) -> Policy:
    text = (SETTINGS / f"{name}.toml").read_text(encoding="utf-8")
    return load_policy(PolicyFile(f"{name}.toml", text), policy_file(BASELINE))


def made_up_cases(name: str) -> tuple[Case, ...]:
    base = read_cases(case_text(BASELINE))
    own = [(SETTINGS / f"{file}.toml").read_text(encoding="utf-8") for file in MADE_UP[name]]
    return read_cases(case_text(BASELINE), *own)[len(base) :]
