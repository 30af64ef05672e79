"""What follows when the perpetrator of a case is identified: the search ends, and other cases are decided anew."""

from app.foundation.storage.transaction import Transaction
from app.intake.case_reviews.relink_review import ask_to_decide_anew
from app.intake.case_reviews.review_prompts import prompt_owner_of_crossed_case
from app.meetings.duty_completion import complete_duties
from app.referrals.models import Case
from app.referrals.repositories.case_repository import cases_of_pair
from app.referrals.repositories.decision_repository import latest_decision_of
from app.routing.policy.duty_ids import IDENTIFY_PERPETRATOR

FOUND = "The perpetrator is identified"


def follow_identification(tx: Transaction, case: Case) -> None:
    """Reports the search as done, and has the other cases of the same two people, in either role, looked at again."""
    complete_duties(tx, case.id, (IDENTIFY_PERPETRATOR,), FOUND)
    others = [one for one in cases_of_pair(tx.session, case) if one.id != case.id]
    decisions = [latest_decision_of(tx.session, one.id) for one in others]
    ask_to_decide_anew(tx, [decision.id for decision in decisions if decision is not None])
    prompt_owner_of_crossed_case(tx, case)
