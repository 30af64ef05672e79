"""Lists the open cases that a new policy would decide differently. A person confirms each; none is routed here."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.foundation.storage.read_only import read_only
from app.policies.models import PolicyActivation
from app.policies.registry import policy_of_draft
from app.policies.repository import draft_of
from app.referrals.models import Case, Decision
from app.routing.comparison.case_difference import CaseDifference
from app.routing.policy.types import Policy
from app.trials import repository
from app.trials.impact import Trial, difference_on, trial_of


@dataclass(frozen=True, slots=True)
class CaseToConfirm:
    """An open case, its latest decision, and the difference; None when the policy cannot decide on its facts."""

    case: Case
    decision: Decision
    difference: CaseDifference | None


@dataclass(frozen=True, slots=True)
class CasesToConfirm:
    """The cases for a person to look at after an activation, of so many open cases."""

    activation: PolicyActivation
    policy: Policy
    open_cases: int
    items: tuple[CaseToConfirm, ...]


def cases_to_confirm(session: Session, activation: PolicyActivation) -> CasesToConfirm:
    """Returns every open case of the policy's areas whose latest decision the policy would make differently."""
    policy = policy_of_draft(draft_of(session, activation), "activated").policy
    with read_only(session):
        trial = trial_of(session, policy)
        rows = repository.latest_decisions_of_open_cases(session, activation.areas)
        items = [
            item
            for case, decision in rows
            if decision.policy_sha256 != policy.sha256 and (item := _case_to_confirm(trial, case, decision))
        ]
    return CasesToConfirm(activation, policy, len(rows), tuple(items))


def _case_to_confirm(trial: Trial, case: Case, decision: Decision) -> CaseToConfirm | None:
    """Returns the case with its difference; None when nothing differs. A case that cannot be decided is listed too."""
    difference = difference_on(trial, decision)
    if difference is not None and difference.is_nothing:
        return None
    return CaseToConfirm(case, decision, difference)
