"""Open cases under a new policy: listed for a person, routed by nobody."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.foundation.storage.read_only import read_only
from app.policies.models import PolicyActivation
from app.policies.registry import policies_in_service, taken_down
from app.policies.repository import areas_routed_by
from app.policies.service import find_draft
from app.referrals.models import Case, Decision
from app.routing.policy.types import Policy
from app.trials import repository
from app.trials.impacts import difference_on, plain
from app.trials.schemas import ToConfirmListOut, ToConfirmOut


def to_confirm(session: Session, activation: PolicyActivation) -> ToConfirmListOut:
    """Every open case of the policy's areas whose standing decision the policy would make differently."""
    policy = taken_down(find_draft(session, activation.draft_id), "activated").policy
    with read_only(session):
        by_sha = {each.sha256: each for each in policies_in_service(session)}
        areas = areas_routed_by(session, policy.id)
        rows = repository.latest_decisions_of_open_cases(session, areas)
        listed = [
            item
            for case, decision in rows
            if decision.policy_sha256 != policy.sha256
            and (item := _item(session, activation, policy, case, decision, by_sha))
        ]
    return ToConfirmListOut(
        activation_id=activation.id,
        policy=f"{policy.id} {policy.version}",
        in_force=policy.in_force,
        open_cases=len(rows),
        items=listed,
    )


def _item(
    session: Session,
    activation: PolicyActivation,
    policy: Policy,
    case: Case,
    decision: Decision,
    by_sha: Mapping[str, Policy],
) -> ToConfirmOut | None:
    """The case with what would differ, or None when nothing would. One that cannot be decided on is listed too."""
    difference = difference_on(session, policy, decision, by_sha)
    if difference is not None and difference.is_nothing:
        return None
    return ToConfirmOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=decision.id,
        decided_at=decision.decided_at,
        policy=f"{decision.policy_id} {decision.policy_version}",
        decidable=difference is not None,
        confirm=f"/v1/policy-activations/{activation.id}/cases/{case.id}/confirmations",
        **(plain(difference) if difference else {"moved": [], "duties_gained": [], "duties_lost": []}),
    )
