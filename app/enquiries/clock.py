"""The end of a clock: which questions about MARAC nobody has answered in time, and the facts that were answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.enquiries import clock_repository, repository
from app.enquiries.case_questions import AskedReports, is_asked_about
from app.enquiries.models import AskedQuestion
from app.foundation.storage.transaction import Transaction
from app.routing.facts.snapshot.answers import EarlierAnswer
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


def unanswered_in_time(session: Session, case_id: str, facts: Facts, reports: AskedReports) -> list[AskedQuestion]:
    """Returns the questions that decide MARAC, whose clock has ended, and whose fact is still not known.

    `reports` says which reports leave a fact open, where it is asked for each of them.
    """
    lapsed = clock_repository.unanswered_in_time(session, case_id)
    return [item for item in lapsed if facts.get(item.fact) is None and is_asked_about(item, reports)]


@dataclass(frozen=True, slots=True)
class Answered:
    """The newest answer to each fact: those of the case and of its newest report, and those of earlier reports."""

    now: tuple[tuple[str, Value], ...]
    earlier: tuple[EarlierAnswer, ...]


def answered_facts(session: Session, case_id: str, report_id: str | None, stored: Collection[str]) -> Answered:
    """Returns the newest answer to each fact of the case, whose newest report this is; not those stored elsewhere."""
    answered = repository.answered_items(session, case_id)
    newest = {item.fact: item for item in answered if item.fact not in stored}
    answers = [
        (item.report_id, EarlierAnswer(item.fact, item.value, item.ended_at))
        for _, item in sorted(newest.items())
        if item.value is not None and item.ended_at is not None
    ]
    of_now = {None, report_id}
    return Answered(
        now=tuple((answer.fact, answer.value) for about, answer in answers if about in of_now),
        earlier=tuple(answer for about, answer in answers if about not in of_now),
    )
