"""What is asked of a post about ownership: to answer a proposal, or a transfer from another area."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, literal, or_, select

from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, rows_in_order
from app.ownership.models import Proposal, Transfer
from app.ownership.vocabulary import ProposalKind
from app.vocabulary import Forum, ProposalState, Role


@dataclass(frozen=True, slots=True)
class AskedProposal:
    """A forum that is to say whether it leads or supports."""

    id: str
    case_id: str
    area: str
    kind: ProposalKind
    forum: Forum
    role: Role
    agency: str | None
    late_from: datetime


@dataclass(frozen=True, slots=True)
class AskedTransfer:
    """A co-ordinator who is to say whether the area takes over a victim who moves there."""

    id: str
    case_id: str
    area: str
    role: Role
    agency: str
    late_from: datetime


def proposals_to_answer(part: AskedPart) -> list[AskedProposal]:
    """Returns the proposals that the desk has to answer: its own, and those to posts of its areas nobody fills."""
    desk, asked = part.desk, Proposal
    query = select(
        asked.id, asked.case_id, asked.area, asked.kind, asked.forum, asked.role, asked.agency, asked.answer_by
    ).where(
        asked.state == ProposalState.PROPOSED,
        or_(asked.agency == desk.agency, and_(asked.agency.is_(None), asked.area.in_(desk.stands_in))),
        *([asked.role == desk.role] if desk.role is not None else []),
        *([asked.area == desk.area] if desk.area is not None else []),
    )
    return rows_in_order(part, query, OrderedBy(band_of(), asked.answer_by, asked.id), AskedProposal)


def transfers_to_answer(part: AskedPart) -> list[AskedTransfer]:
    """Returns the transfers into the desk's areas that wait for its answer."""
    desk = part.desk
    role = literal(Role.MARAC_COORDINATOR)
    query = select(
        Transfer.id, Transfer.case_id, Transfer.to_area, role, Transfer.receiver_agency, Transfer.answer_by
    ).where(
        Transfer.state == ProposalState.PROPOSED,
        Transfer.receiver_agency == desk.agency,
        Transfer.to_area.in_(desk.stands_in),
        *([role == desk.role] if desk.role is not None else []),
        *([Transfer.to_area == desk.area] if desk.area is not None else []),
    )
    return rows_in_order(part, query, OrderedBy(band_of(), Transfer.answer_by, Transfer.id), AskedTransfer)
