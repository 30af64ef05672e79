"""Refuses to complete a duty by a report alone where only a fact on record ends it.

Source: DHR "Jean" 14.1.16, 17.15: officers saw one party, and the incident was closed.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.foundation.errors import Conflict
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import known_facts
from app.routing.policy.duty_ids import GO_TO_VICTIM_NOW, SEE_VICTIM_ALONE
from app.vocabulary import ActionOutcome

ENDING_FACTS: Mapping[str, str] = {SEE_VICTIM_ALONE: "seen_alone", GO_TO_VICTIM_NOW: "seen_alone"}


def refuse_without_evidence(session: Session, action: Action, outcome: ActionOutcome) -> None:
    """Raises `Conflict` (evidence-missing) when the newest decision does not know the fact that ends the duty."""
    fact = ENDING_FACTS.get(action.duty or "")
    if fact is None or outcome is not ActionOutcome.COMPLETED:
        return
    decision = latest_decision_of(session, action.case_id)
    known = known_facts(decision).get(fact) if decision else None
    if known is not True:
        raise Conflict(
            "this duty ends when the victim has been seen alone; add that fact first with "
            f"POST /v1/referrals/{{id}}/facts (assessment.{fact} = true), or report another outcome with its reason",
            code="evidence-missing",
        )
