"""The policies that ship with the product, and which version of a policy decides at an instant."""

from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files

from app.routing.facts.dates import utc
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.types import Policy

BASELINE = "national-baseline"
SHIPPED = (
    BASELINE,
    "cleveland-2018",
    "cleveland-current",
    "northumbria",
    "greater-manchester",
    "london-pilot-boroughs",
    "north-wales",
    "feeder-drive",
)


class NoPolicyError(Exception):
    """No version, or more than one, decides at that instant."""


def policy_file(name: str) -> PolicyFile:
    """Returns the approved text of a shipped policy."""
    resource = files("app.routing").joinpath("policies", f"{name}.toml")
    return PolicyFile(f"{name}.toml", resource.read_text(encoding="utf-8"))


def shipped_policies() -> tuple[Policy, ...]:
    """Returns every shipped policy, proved. Raises PolicyErrors when one has a fault."""
    base = policy_file(BASELINE)
    return tuple(load_policy(policy_file(name), None if name == BASELINE else base) for name in SHIPPED)


def policy_at(versions: Iterable[Policy], partnership: str, instant: datetime) -> Policy:
    """Returns the version of that policy that decides at the instant: the one with the latest `in_force` not after it.

    `partnership` is the policy's id. Raises NoPolicyError before the first version, for an id that no policy
    has, and when two versions begin at the same instant.
    """
    own = [policy for policy in versions if policy.id == partnership]
    if not own:
        raise NoPolicyError(f"no policy is called '{partnership}'")
    begun = [policy for policy in own if policy.in_force <= utc(instant)]
    if not begun:
        first = min(policy.in_force for policy in own)
        raise NoPolicyError(
            f"{partnership} has no policy at {instant.isoformat()}: the first applies from {first.isoformat()}"
        )
    newest = max(policy.in_force for policy in begun)
    latest = [policy for policy in begun if policy.in_force == newest]
    if len(latest) > 1:
        versions_named = ", ".join(policy.version for policy in latest)
        raise NoPolicyError(f"{partnership} has two policies from {newest.isoformat()}: {versions_named}")
    return latest[0]
