"""Tells which duties end with their owner's word that they are done. A second person looks at all the others."""

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.outcomes.settled_repository import declined_before
from app.policies.registry import policy_by_sha256
from app.referrals.repositories.decision_repository import decision_by_id
from app.routing.policy.duty_ids import EMERGENCY_MEETING, IDENTIFY_PERPETRATOR
from app.routing.policy.types import DutyKind, DutyTemplate
from app.vocabulary import ActionState

SHOWN_BY_AN_ACT = frozenset({EMERGENCY_MEETING, IDENTIFY_PERPETRATOR})
"""Duties that an act of its own on record ends. A report without that act shows nothing."""


def is_ordinary(session: Session, action: Action) -> bool:
    """Returns whether nobody but its owner need look at the action once it is done.

    It is an act that a decision owes. It protects nobody, no fact and no act on record shows it, and nobody has
    declined it before. What a meeting agreed and what this service itself asks for is not ordinary: to propose the next
    forum, to send the minutes, to decide anew, to name an owner.
    Source: DHR "Jean" 14.2.16: what had been declined was "closed", and nobody looked.
    """
    if action.decision_id is None or action.life_safety or action.state != ActionState.OPEN:
        return False
    decision = decision_by_id(session, action.decision_id)
    policy = policy_by_sha256(session, decision.policy_sha256) if decision else None
    duty = next((one for one in policy.duties if one.id == action.duty), None) if policy else None
    return duty is not None and _ends_by_word(duty) and not declined_before(session, action)


def _ends_by_word(duty: DutyTemplate) -> bool:
    is_shown = bool(duty.shown_by) or duty.id in SHOWN_BY_AN_ACT
    return duty.kind is DutyKind.ACT and not duty.lasts_until_done and not is_shown
