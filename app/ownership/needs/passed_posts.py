"""Asks whoever fills a post now to confirm the ending that the post was asked for before."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.ownership import ending_repository, repository
from app.ownership.models import AskedEnding
from app.ownership.needs.confirmers import confirmer_now
from app.ownership.waiting_endings import ask_other_post
from app.vocabulary import ProposalState


def ask_passed_posts(session: Session, case_id: str, now: datetime) -> None:
    """Asks whoever fills their posts now the waiting endings of the case's needs, and tells and reminds them.

    Where the post passed to the agency that said so, the next post is asked. A need that somebody is changing waits for
    the next round of the worker.
    """
    for asked in ending_repository.endings_of_passed_posts(session, case_id):
        _ask(session, asked, now)


def _ask(session: Session, waiting: AskedEnding, now: datetime) -> None:
    # The worker waits for nobody, and locks in the order cases, need, ending, as whoever answers does.
    served = len(repository.cases_of_need(session, waiting.need_id))
    if len(repository.cases_for_change(session, [waiting.need_id], unless_busy=True)) < served:
        return
    if repository.need_for_change(session, waiting.need_id, unless_busy=True) is None:
        return
    asked = ending_repository.asked_ending_for_change(session, waiting.id)
    other = confirmer_now(session, asked)
    if asked.state == ProposalState.PROPOSED and other and (other.role, other.agency) != (asked.role, asked.agency):
        ask_other_post(session, asked, other.role, other.agency, now)
