"""Reads the parameters of an area's policy that meetings count with."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import area_of
from app.policies.registry import policy_in_force
from app.routing.policy.types import Policy

# [I] Defaults of this product for duties D07 and D11. The policy file holds them only inside those duties.
EMERGENCY_WITHIN_WORKING_DAYS = 1
RETURN_WORKING_DAYS_BEFORE = 3


def policy_of(session: Session, area: str, now: datetime) -> Policy:
    """The policy version that decides in this area at this instant."""
    return policy_in_force(session, area_of(session, area).policy_profile, now)


def whole_number(session: Session, area: str, name: str, now: datetime) -> int:
    """One parameter of the area's policy that is a whole number. Raises `TypeError` for any other kind."""
    value = policy_of(session, area, now).parameters[name].value
    # Python counts a bool as an int, and a yes-or-no parameter is no number.
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not a number in the policy of {area}")
    return value
