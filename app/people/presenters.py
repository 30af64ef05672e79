"""Builds the responses about link proposals, links and persons: pseudonyms only, and only those the caller may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.people import repository
from app.people.models import LinkAnswer, LinkProposal, PersonLink
from app.people.schemas import LinkAnswerOut, LinkOut, LinkProposalOut, PersonOut, WithdrawalOut
from app.people.vocabulary import RULE_AUTHOR, LinkState


def link_proposals_out(session: Session, rows: Sequence[LinkProposal], now: datetime) -> list[LinkProposalOut]:
    """Returns each proposal with the answer that the transaction's row scope shows, and with its link."""
    ids = [row.id for row in rows]
    answers = repository.answers_by_proposal(session, ids)
    links = repository.links_by_proposal(session, ids)
    return [_link_proposal_out(row, answers.get(row.id), links.get(row.id), now) for row in rows]


def _link_proposal_out(
    row: LinkProposal, answer: LinkAnswer | None, link_id: str | None, now: datetime
) -> LinkProposalOut:
    state = {
        "state": answer.answer if answer else state_unanswered(row, now),
        "answer": LinkAnswerOut.model_validate(answer) if answer else None,
        "link_id": link_id,
    }
    return LinkProposalOut.model_validate(row).model_copy(update=state)


def state_unanswered(row: LinkProposal, now: datetime) -> LinkState:
    """Returns whether a proposal without an answer still waits: what the rule asks waits until somebody answers it."""
    has_lapsed = row.proposed_by != RULE_AUTHOR and now >= row.answer_by
    return LinkState.LAPSED if has_lapsed else LinkState.OPEN


def links_out(session: Session, rows: Sequence[PersonLink]) -> list[LinkOut]:
    """Returns each link, with its withdrawal when it no longer stands."""
    ended = repository.withdrawals_by_link(session, [row.id for row in rows])
    withdrawals = {link_id: WithdrawalOut.model_validate(row) for link_id, row in ended.items()}
    return [LinkOut.model_validate(row).model_copy(update={"withdrawal": withdrawals.get(row.id)}) for row in rows]


def person_out(session: Session, refs: frozenset[str], person_id: str) -> PersonOut:
    """Returns the person by the pseudonyms and links that the transaction's row scope shows."""
    seen = [row.ref for row in repository.persons_by_ref(session, refs)]
    links = repository.standing_links_from(session, refs)
    return PersonOut(id=person_id, refs=seen, links=links_out(session, links))
