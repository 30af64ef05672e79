"""The policies in service, loaded and proved once per process."""

from datetime import datetime
from functools import lru_cache

from app.foundation.errors import Conflict
from app.routing.catalogue import NoPolicyError, policy_at, shipped_policies
from app.routing.types import Policy


@lru_cache(maxsize=1)
def policies_in_service() -> tuple[Policy, ...]:
    """Every shipped policy. A policy that cannot be proved stops the process here, before any referral."""
    return shipped_policies()


def policy_in_force(profile: str, now: datetime) -> Policy:
    """The one version of that profile that decides at this instant, or `Conflict` where none is in force."""
    try:
        return policy_at(policies_in_service(), profile, now)
    except NoPolicyError as none:
        raise Conflict(str(none), code="no-policy-in-force") from none
