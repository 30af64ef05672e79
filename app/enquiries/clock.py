"""The end of a clock: which questions about MARAC nobody has answered in time, and the facts that were answered."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from app.enquiries import clock_repository, repository
from app.enquiries.models import AskedQuestion
from app.foundation.storage.transaction import Transaction
from app.routing.policy.types import Facts, Value


def lapse_questions(tx: Transaction, case_id: str) -> Sequence[AskedQuestion]:
    """Marks the questions that decide MARAC and whose clock has ended, each once, and returns them.

    Call it while the case is held, in the commit of the decision that follows.
    """
    lapsed = clock_repository.lapsing_items(tx.session, case_id, tx.now)
    for item in lapsed:
        item.lapsed_at = tx.now
    tx.session.flush()
    return lapsed


def unanswered_in_time(session: Session, case_id: str, facts: Facts) -> list[AskedQuestion]:
    """Returns the questions that decide MARAC, whose clock has ended, and whose fact is still not known."""
    lapsed = clock_repository.unanswered_in_time(session, case_id)
    return [item for item in lapsed if facts.get(item.fact) is None]


def answered_facts(session: Session, case_id: str, report_id: str | None, stored: Collection[str]) -> dict[str, Value]:
    """Returns the newest answer to each fact of the case and of this report, those stored elsewhere left out."""
    answers: dict[str, Value] = {
        item.fact: item.value
        for item in repository.answered_items(session, case_id)
        if item.value is not None and item.fact not in stored and item.report_id in {None, report_id}
    }
    return dict(sorted(answers.items()))
