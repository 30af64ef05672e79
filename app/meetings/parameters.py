"""The figures of an area's policy that meetings count with."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import area_of
from app.policies.registry import policy_in_force
from app.routing.policy.types import Policy

# [I] product defaults of duties D07 and D11; the policy holds them only inside its duties
EMERGENCY_WITHIN_WORKING_DAYS = 1
RETURN_WORKING_DAYS_BEFORE = 3


def policy_of(session: Session, area: str, now: datetime) -> Policy:
    """The policy version that decides in this area at this instant."""
    return policy_in_force(session, area_of(session, area).policy_profile, now)


def number(session: Session, area: str, name: str, now: datetime) -> int:
    """One whole figure of the area's policy."""
    value = policy_of(session, area, now).parameters[name].value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not a number in the policy of {area}")
    return value
