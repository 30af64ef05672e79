"""Decides a case anew by itself when the clock of a question about MARAC ends and nobody has answered.

The worker looks for such cases. All it knows is in rows of the database, so a worker that is killed loses nothing: the
questions are marked in the commit of the decision, and until then another worker finds them.
Source: DHR "Jean" 14.1.13: questions were left unanswered, and nothing followed.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.enquiries.asking import end_questions
from app.enquiries.clock import lapse_questions
from app.enquiries.clock_repository import cases_with_ended_clock, mark_tried
from app.enquiries.models import AskedQuestion
from app.foundation.caller import SYSTEM
from app.foundation.clock import LONDON
from app.foundation.storage.transaction import Transaction
from app.intake.enquiries.inspector import ask_inspector
from app.intake.service import RoutingTrigger, route
from app.ownership.repository import open_needs_of_case
from app.referrals.lookup import find_latest_referral
from app.referrals.models import Case
from app.referrals.repositories.case_repository import lock_case_if_free
from app.vocabulary import NeedKind

_log = logging.getLogger(__name__)
MOST_TRIED = 20


def decide_after_ended_clock(session: Session, now: datetime) -> int:
    """Decides one case whose clock has ended, for the worker, and returns how many it did: 1, or 0 when none is left.

    One case for each call, so that each is a transaction of its own. A case that another worker holds is passed over;
    one that cannot be decided is logged, waits a minute, and holds up no other.
    """
    for case_id in cases_with_ended_clock(session, now, MOST_TRIED):
        if _decide_or_log(Transaction(session, SYSTEM, now), case_id):
            return 1
    return 0


def _decide_or_log(tx: Transaction, case_id: str) -> bool:
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with tx.session.begin_nested():
            case = lock_case_if_free(tx.session, case_id)
            return case is not None and _decide(tx, case)
    except Exception:  # noqa: BLE001 - one bad case must not hold up the others
        _log.exception("a case could not be decided at the end of its clock")
        mark_tried(tx.session, case_id, tx.now)
        return False


def _decide(tx: Transaction, case: Case) -> bool:
    """Marks the questions and decides the case; returns False when somebody has answered them meanwhile."""
    lapsed = lapse_questions(tx, case.id)
    if not lapsed:
        return False
    if NeedKind.VICTIM_SAFETY in {need.kind for need in open_needs_of_case(tx.session, case.id)}:
        referral = find_latest_referral(tx.session, case.id)
        ask_inspector(tx, route(tx, referral, case, RoutingTrigger(_because(lapsed))))
    else:
        # A report opens an ended need again; a clock does not.
        end_questions(tx, case.id, about=NeedKind.VICTIM_SAFETY)
    return True


def _because(lapsed: Sequence[AskedQuestion]) -> str:
    """Returns why the case is decided, with the London time of the last clock that ended."""
    ended = max(item.due_at for item in lapsed).astimezone(LONDON)
    number = "1 question" if len(lapsed) == 1 else f"{len(lapsed)} questions"
    return f"nobody answered {number} by {ended.day} {ended:%B %Y at %H:%M}"
