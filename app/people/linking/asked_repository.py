"""What is asked of a post about links: whether two pseudonyms are one person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, rows_in_order
from app.people.linking.models import LinkAsk
from app.people.models import LinkAnswer, LinkProposal
from app.people.repository import state_of_proposal
from app.people.vocabulary import LinkState
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class LinkToAnswer:
    """A proposed link that this area has not answered."""

    id: str
    area: str
    role: Role
    agency: str
    answer_by: datetime


def links_to_answer(part: AskedPart, person: str) -> list[LinkToAnswer]:
    """Returns what the desk is asked and may still answer: never what this person proposed."""
    desk, asked = part.desk, LinkAsk
    answered = exists().where(LinkAnswer.proposal_id == asked.proposal_id, LinkAnswer.area == asked.area)
    waits = state_of_proposal(part.window.now) == LinkState.OPEN
    query = (
        select(asked.proposal_id, asked.area, asked.role, asked.agency, asked.answer_by)
        .join(LinkProposal, LinkProposal.id == asked.proposal_id)
        .where(
            ~answered,
            waits,
            asked.agency == desk.agency,
            LinkProposal.proposed_by != person,
            *([asked.role == desk.role] if desk.role is not None else []),
            *([asked.area == desk.area] if desk.area is not None else []),
        )
    )
    return rows_in_order(part, query, OrderedBy(band_of(), asked.answer_by, asked.proposal_id), LinkToAnswer)
