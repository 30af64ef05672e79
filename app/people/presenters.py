"""Builds the responses about link proposals, links and persons: pseudonyms only, and only those the caller may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.people import repository
from app.people.linking.repository import asked_areas
from app.people.models import LinkProposal, PersonLink
from app.people.schemas import LinkAnswerOut, LinkOut, LinkProposalOut, WithdrawalOut
from app.people.vocabulary import LinkState


def link_proposals_out(session: Session, rows: Sequence[LinkProposal], now: datetime) -> list[LinkProposalOut]:
    """Returns each proposal as the row scope shows it: with an area of the reader's and that area's answers."""
    ids = [row.id for row in rows]
    areas = asked_areas(session, ids)
    states = repository.states_of_proposals(session, ids, now)
    links = repository.links_by_proposal(session, ids)
    answers = repository.answers_to_proposals(session, ids)
    return [
        LinkProposalOut.model_validate(row).model_copy(
            update={
                "area": areas.get(row.id, [row.area])[0],
                "state": states.get(row.id, LinkState.OPEN),
                "answers": [
                    LinkAnswerOut.model_validate(one)
                    for one in answers
                    if one.proposal_id == row.id and one.area in areas.get(row.id, ())
                ],
                "link_id": links.get(row.id),
            }
        )
        for row in rows
    ]


def links_out(session: Session, rows: Sequence[PersonLink]) -> list[LinkOut]:
    """Returns each link, with its withdrawal when it no longer stands."""
    ended = repository.withdrawals_by_link(session, [row.id for row in rows])
    withdrawals = {link_id: WithdrawalOut.model_validate(row) for link_id, row in ended.items()}
    return [LinkOut.model_validate(row).model_copy(update={"withdrawal": withdrawals.get(row.id)}) for row in rows]
