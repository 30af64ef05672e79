"""Duties that only a fact can end: being told "done" is not enough.

Source: DHR "Jean" 14.1.16, 17.15: officers saw one party, and the incident was closed.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.foundation.errors import Conflict
from app.referrals.repository import latest_decision_of
from app.vocabulary import ActionOutcome

ENDED_BY: Mapping[str, str] = {"D33": "seen_alone", "D33.alarm": "seen_alone"}


def refuse_without_evidence(session: Session, action: Action, outcome: ActionOutcome) -> None:
    """A duty to see her alone is complete only once it is on record that she was seen alone."""
    fact = ENDED_BY.get(action.duty or "")
    if fact is None or outcome is not ActionOutcome.COMPLETED:
        return
    decision = latest_decision_of(session, action.case_id)
    known = decision.record["facts"].get(fact) if decision else None
    if known is not True:
        raise Conflict(
            "this duty ends when she has been seen alone; add that fact first with POST /v1/referrals/{id}/facts "
            f"(assessment.{fact} = true), or report another outcome with its reason",
            code="evidence-missing",
        )
