"""Builds the responses about a policy that is tried or new: what it changes, and which cases a person looks at."""

from sqlalchemy.orm import Session

from app.policies.activation import predecessor
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import condition_labels, difference_lines
from app.routing.policy.types import Policy
from app.trials.cases_to_confirm import CasesToConfirm, CaseToConfirm
from app.trials.impact import ImpactRecord, difference_to_dict
from app.trials.models import PolicyWhatIf
from app.trials.schemas import CasesToConfirmOut, CaseToConfirmOut, ImpactOut, WhatIfOut

_NO_DIFFERENCE_KNOWN: dict[str, list[object]] = {"changes": [], "duties_gained": [], "duties_lost": []}


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


def cases_to_confirm_out(found: CasesToConfirm) -> CasesToConfirmOut:
    """Returns the cases, each with the address at which a person confirms its new decision."""
    return CasesToConfirmOut(
        activation_id=found.activation.id,
        policy=f"{found.policy.id} {found.policy.version}",
        in_force=found.policy.in_force,
        open_cases=found.open_cases,
        items=[_case_to_confirm_out(found.activation.id, item) for item in found.items],
    )


def _case_to_confirm_out(activation_id: str, item: CaseToConfirm) -> CaseToConfirmOut:
    case, decision, difference = item.case, item.decision, item.difference
    return CaseToConfirmOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=decision.id,
        decided_at=decision.decided_at,
        policy=f"{decision.policy_id} {decision.policy_version}",
        decidable=difference is not None,
        confirm=f"/v1/policy-activations/{activation_id}/cases/{case.id}/confirmations",
        **(difference_to_dict(difference) if difference else _NO_DIFFERENCE_KNOWN),
    )


def _comparison(session: Session, policy: Policy) -> dict[str, object]:
    follows = predecessor(session, policy)
    names = condition_labels(follows.policy, policy)
    return {
        "policy": f"{policy.id} {policy.version}",
        "follows": follows.id_and_version,
        "difference": list(difference_lines(compare(follows.policy, policy), names)),
    }
