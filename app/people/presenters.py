"""Proposals, links and persons as they are shown: only pseudonyms, and only those the caller may see."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.people import repository
from app.people.models import LinkProposal, PersonLink
from app.people.schemas import LinkAnswerOut, LinkOut, LinkProposalOut, LinkState, PersonOut, WithdrawalOut


def show_proposals(session: Session, rows: Sequence[LinkProposal]) -> list[LinkProposalOut]:
    """Each proposal with its answer, and its link once it is confirmed."""
    ids = [row.id for row in rows]
    answers = repository.answers_by_proposal(session, ids)
    links = repository.links_by_proposal(session, ids)
    shown = []
    for row in rows:
        answer = answers.get(row.id)
        came_of_it = {
            "state": LinkState(answer.answer) if answer else LinkState.OPEN,
            "answer": LinkAnswerOut.model_validate(answer) if answer else None,
            "link_id": links.get(row.id),
        }
        shown.append(LinkProposalOut.model_validate(row).model_copy(update=came_of_it))
    return shown


def show_links(session: Session, rows: Sequence[PersonLink]) -> list[LinkOut]:
    """Each link, and why it no longer stands when it does not."""
    ended = repository.withdrawals_by_link(session, [row.id for row in rows])
    withdrawals = {link_id: WithdrawalOut.model_validate(row) for link_id, row in ended.items()}
    return [
        LinkOut.model_validate(row).model_copy(update={"withdrawal": withdrawals.get(row.id)}) for row in rows
    ]


def show_person(session: Session, refs: frozenset[str], person_id: str) -> PersonOut:
    """The person by what the transaction's row scope shows."""
    seen = [row.ref for row in repository.persons(session, refs)]
    links = repository.links_around(session, refs)
    return PersonOut(
        id=person_id, refs=seen, known_elsewhere=len(seen) < len(refs), links=show_links(session, links)
    )
