"""Builds the response of a what-if: the exact difference of the policies, and what was found so far."""

from sqlalchemy.orm import Session

from app.policies.activation import predecessor
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import condition_labels, difference_lines
from app.routing.policy.types import Policy
from app.trials.impact import ImpactRecord
from app.trials.models import PolicyWhatIf
from app.trials.schemas import ImpactOut, WhatIfOut


def finished_out(session: Session, policy: Policy, total: int, impact: ImpactRecord) -> WhatIfOut:
    """Returns a what-if that was answered at once and is not stored."""
    return WhatIfOut(
        id=None,
        **_comparison(session, policy),
        done=total,
        total=total,
        finished=True,
        impact=ImpactOut.model_validate(impact),
        links={},
    )


def what_if_out(session: Session, policy: Policy, what_if: PolicyWhatIf) -> WhatIfOut:
    """Returns a stored what-if, with how many decisions it has looked at."""
    return WhatIfOut(
        id=what_if.id,
        **_comparison(session, policy),
        done=what_if.done,
        total=what_if.total,
        finished=what_if.done >= what_if.total,
        impact=ImpactOut.model_validate(what_if.found),
        links={"self": f"/v1/policy-what-ifs/{what_if.id}"},
    )


def _comparison(session: Session, policy: Policy) -> dict[str, object]:
    follows = predecessor(session, policy)
    names = condition_labels(follows.policy, policy)
    return {
        "policy": f"{policy.id} {policy.version}",
        "follows": follows.id_and_version,
        "difference": list(difference_lines(compare(follows.policy, policy), names)),
    }
