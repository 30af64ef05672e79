"""Gives what waited for an empty post to the agency that fills it: actions, enquiries and proposals.

An ending that waits to be confirmed goes to whoever fills the post that was asked, also where another did before.

The worker looks for it, so no way of filling a post is missed; the command that fills one does it at once.
"""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.recording.filled_posts import give_actions_to_filled_posts
from app.enquiries.filled_posts import ask_filled_posts
from app.foundation.caller import SYSTEM
from app.foundation.storage.transaction import Transaction
from app.ownership import filled_posts_repository as repository
from app.ownership.needs.passed_posts import ask_passed_posts
from app.ownership.proposals.filled_posts import propose_to_filled_posts
from app.referrals.repositories.case_repository import lock_case_if_free

_log = logging.getLogger(__name__)
CASES_AT_A_TIME = 100


def give_work_to_filled_posts(session: Session, now: datetime) -> int:
    """Does it in up to a hundred cases, and returns in how many. A case that somebody is changing waits."""
    cases = repository.cases_that_wait_for_filled_posts(session, CASES_AT_A_TIME)
    return sum(_give_or_log(Transaction(session, SYSTEM, now), case_id) for case_id in cases)


def _give_or_log(tx: Transaction, case_id: str) -> bool:
    """Returns whether the case waits for nothing more of the kind. One bad case holds up no other."""
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with tx.session.begin_nested():
            if lock_case_if_free(tx.session, case_id) is None:
                return False
            give_actions_to_filled_posts(tx, case_id)
            ask_filled_posts(tx, case_id)
            propose_to_filled_posts(tx.session, case_id, tx.now)
            ask_passed_posts(tx.session, case_id, tx.now)
            return not repository.waits_for_a_filled_post(tx.session, case_id)
    except Exception:  # noqa: BLE001 - it waits for the next round, and the set-up fault shows until then
        _log.exception("what waited for a post could not be given to it")
        return False
