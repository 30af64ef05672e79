"""Keeps a sender's action about notices that nobody received true to what somebody still has to receive.

One action may stand for several notices, of one decision after the other, to the same post.
"""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.changes import reword
from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.actions.notices.repository import unreceived_for_change
from app.actions.outcomes.ending import Evidence, end_actions
from app.actions.repository import actions_for_change
from app.foundation.storage.transaction import Transaction
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import answer_of, duties_of
from app.routing.policy.duty_ids import MARAC_REFERRAL
from app.vocabulary import ActionState, Role

UNREPORTED = frozenset({ActionState.OPEN, ActionState.RETURNED})


def steps_owed(session: Session, case_id: str) -> frozenset[str]:
    """Returns the duties that the newest decision of the case owes, and the referral while MARAC is asked.

    A case comes on MARAC's list with the decision, so the next decision owes no referral: nobody there knows for that.
    """
    decision = latest_decision_of(session, case_id)
    if decision is None:
        return frozenset()
    asked = {MARAC_REFERRAL} if answer_of(decision, "marac") == "yes" else set()
    return frozenset({*duties_of(decision), *asked})


def what_to_tell(session: Session, notices: Sequence[WorkNotice], owed: Collection[str]) -> str:
    """Returns the words of the action for these notices to one post, in the newest words of each step still owed.

    Nobody is asked to tell the own agency: what is sent from one post of it to another is the sender's to do.
    """
    first = notices[0]
    asks = {step: ask for one in notices for step, ask in zip(one.steps, one.asks, strict=True) if step in owed}
    words = "; ".join(dict.fromkeys(asks.values()))
    if is_own_to_do(session, first):
        return words
    return f"Tell {first.agency} in person, for nobody there has received the notice: {words}"


def is_own_to_do(session: Session, notice: WorkNotice) -> bool:
    """Returns whether whoever would tell is of the agency that is to be told."""
    teller = notice.sender_agency or agency_in_post(session, notice.area, Role.MARAC_COORDINATOR)
    return teller == notice.agency


def follow_notices(tx: Transaction, notices: Sequence[WorkNotice], evidence: Evidence) -> None:
    """Ends each sender's action for these notices once none is left to receive, and says what is left otherwise."""
    tx.session.flush()
    action_ids = {one.action_id for one in notices if one.action_id}
    if not action_ids:
        return
    for action in actions_for_change(tx.session, Action.id.in_(action_ids)):
        if action.state in UNREPORTED:
            _follow(tx, action, evidence)


def _follow(tx: Transaction, action: Action, evidence: Evidence) -> None:
    left = unreceived_for_change(tx.session, WorkNotice.action_id == action.id)
    if not left:
        end_actions(tx, [action], evidence)
    elif words := what_to_tell(tx.session, left, steps_owed(tx.session, action.case_id)):
        reword(tx.session, action, words, "part of it is received or owed no longer", tx.now)
