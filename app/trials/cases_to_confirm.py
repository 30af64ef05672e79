"""Lists the open cases that a new policy would decide differently. A person confirms each; none is routed here."""

from sqlalchemy.orm import Session

from app.foundation.storage.read_only import read_only
from app.policies.lookup import find_draft
from app.policies.models import PolicyActivation
from app.policies.registry import policy_of_draft
from app.policies.repository import areas_routed_by
from app.referrals.models import Case, Decision
from app.trials import repository
from app.trials.impact import Trial, difference_on, difference_to_dict, trial_of
from app.trials.schemas import CasesToConfirmOut, CaseToConfirmOut

_NO_DIFFERENCE_KNOWN: dict[str, list[object]] = {"changes": [], "duties_gained": [], "duties_lost": []}


def cases_to_confirm(session: Session, activation: PolicyActivation) -> CasesToConfirmOut:
    """Returns every open case of the policy's areas whose latest decision the policy would make differently."""
    policy = policy_of_draft(find_draft(session, activation.draft_id), "activated").policy
    with read_only(session):
        trial = trial_of(session, policy)
        rows = repository.latest_decisions_of_open_cases(session, areas_routed_by(session, policy.id))
        items = [
            item
            for case, decision in rows
            if decision.policy_sha256 != policy.sha256 and (item := _case_to_confirm(trial, activation, case, decision))
        ]
    return CasesToConfirmOut(
        activation_id=activation.id,
        policy=f"{policy.id} {policy.version}",
        in_force=policy.in_force,
        open_cases=len(rows),
        items=items,
    )


def _case_to_confirm(
    trial: Trial, activation: PolicyActivation, case: Case, decision: Decision
) -> CaseToConfirmOut | None:
    """Returns the case with its difference; None when nothing differs. A case that cannot be decided is listed too."""
    difference = difference_on(trial, decision)
    if difference is not None and difference.is_nothing:
        return None
    return CaseToConfirmOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=decision.id,
        decided_at=decision.decided_at,
        policy=f"{decision.policy_id} {decision.policy_version}",
        decidable=difference is not None,
        confirm=f"/v1/policy-activations/{activation.id}/cases/{case.id}/confirmations",
        **(difference_to_dict(difference) if difference else _NO_DIFFERENCE_KNOWN),
    )
