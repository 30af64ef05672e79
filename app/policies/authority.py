"""Who may change a policy: a named person whose areas are all the areas that the policy routes."""

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Forbidden
from app.policies import repository
from app.routing.policy.types import Policy


def deciding_person(caller: Caller) -> str:
    """Returns the named person who decides, as `AGENCY/name`, or `Invalid` (no-person)."""
    return caller.named_person("no program proposes a policy or puts it in force")


def refuse_areas_of_others(session: Session, caller: Caller, policy: Policy) -> None:
    """Raises `Forbidden` when the policy routes an area that the caller does not answer for."""
    if set(repository.areas_routed_by(session, policy.id)) - caller.areas:
        raise Forbidden(
            f"{policy.id} routes areas that are not yours; write a local policy that extends it instead",
            code="policy-of-other-areas",
        )
