"""The figures of an area's policy that meetings count with, and the working days of its nation."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import area_by_code
from app.foundation.errors import Invalid
from app.foundation.working_days import WorkingDays, working_days_of
from app.policies.registry import policy_in_force
from app.routing.policy.types import Policy

# [I] product defaults of duties D07, D10 and D11; the policy holds them only inside its duties
EMERGENCY_WITHIN_WORKING_DAYS = 1
INVITE_WORKING_DAYS_BEFORE = 8
RETURN_WORKING_DAYS_BEFORE = 3


def policy_of(session: Session, area: str, now: datetime) -> Policy:
    """The policy version that decides in this area at this instant."""
    known = area_by_code(session, area)
    if known is None:
        raise Invalid("`area` is not an area of this service")
    return policy_in_force(session, known.policy_profile, now)


def number(session: Session, area: str, name: str, now: datetime) -> int:
    """One whole figure of the area's policy."""
    value = policy_of(session, area, now).parameters[name].value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is not a number in the policy of {area}")
    return value


def calendar_of(session: Session, area: str) -> WorkingDays:
    """The working days of the nation the area is in."""
    known = area_by_code(session, area)
    return working_days_of(known.nation if known else "ENG")
