"""What is asked of a post about ownership: to answer, and to deal with a need that a forum did not take."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from app.access.models import Post
from app.actions.models import Action
from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, rows_in_order
from app.ownership.ending_repository import asked_by_agency
from app.ownership.models import AskedEnding, Need, Ownership, Proposal, ProposalAnswer, Transfer
from app.ownership.vocabulary import ProposalKind
from app.routing.policy.duty_ids import PROPOSE_NEXT_FORUM
from app.vocabulary import ActionState, DeclineCode, EndReason, Forum, NeedKind, ProposalState, Role


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


@dataclass(frozen=True, slots=True)
class EndingToConfirm:
    """A need that is to end once a person of this post confirms why."""

    id: str
    case_id: str
    area: str
    kind: NeedKind
    reason: EndReason
    role: Role
    agency: str
    late_from: datetime


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A forum that declined or did not answer, while the same owner holds the need since: the chair's to know.

    `claim_holds` is False where the forum says that another one has it and no acceptance of that one is on record.
    """

    id: str
    case_id: str
    area: str
    need_id: str
    forum: Forum
    code: DeclineCode | None
    claimed_forum: Forum | None
    claim_holds: bool | None
    owner_forum: Forum
    came_back_at: datetime


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


def endings_to_confirm(part: AskedPart, person: str, kept_from: Collection[NeedKind]) -> list[EndingToConfirm]:
    """Returns the endings that the desk is asked to confirm: never what this person said, nor of needs kept from it."""
    desk, asked = part.desk, AskedEnding
    query = select(
        asked.id, asked.case_id, asked.area, asked.kind, asked.reason, asked.role, literal(desk.agency), asked.answer_by
    ).where(
        asked.state == ProposalState.PROPOSED,
        _is_asked_now(desk.agency),
        asked.asked_by != person,
        asked.kind.not_in(kept_from),
        *([asked.role == desk.role] if desk.role is not None else []),
        *([asked.area == desk.area] if desk.area is not None else []),
    )
    return rows_in_order(part, query, OrderedBy(band_of(), asked.answer_by, asked.id), EndingToConfirm)


def _is_asked_now(agency: str) -> ColumnElement[bool]:
    """Selects what this agency is asked to confirm: as whoever fills the post now, or as a colleague of who said so."""
    asked, asker = AskedEnding, asked_by_agency()
    fills = select(Post.agency).where(Post.area == asked.area, Post.role == asked.role).scalar_subquery()
    of_colleague = and_(asked.agency == asker, asked.agency == agency)
    return or_(of_colleague, and_(asker != agency, func.coalesce(fills, asked.agency) == agency))


def not_taken(part: AskedPart) -> list[NotTaken]:
    """Returns the proposals of the desk's areas that were not taken and whose need has the same owner since.

    One leaves when somebody else owns the need, or when the holder's duty to ask again has ended. What the desk's own
    agency holds is left out: it has that duty itself.
    """
    desk, answer = part.desk, ProposalAnswer
    columns = (Proposal.id, Proposal.case_id, Proposal.area, Proposal.need_id, Proposal.forum)
    given = (answer.code, answer.claimed_forum, answer.claim_holds, Ownership.forum, answer.answered_at)
    query = (
        select(*columns, *given)
        .join(answer, answer.proposal_id == Proposal.id)
        .join(Need, Need.id == Proposal.need_id)
        .join(Ownership, Ownership.need_number == Need.number)
        .where(
            Proposal.area.in_(desk.stands_in if desk.area is None else desk.stands_in & {desk.area}),
            Proposal.state.in_([ProposalState.DECLINED, ProposalState.EXPIRED]),
            *_held_since(desk.agency),
            *([literal(Role.MARAC_CHAIR) == desk.role] if desk.role is not None else []),
        )
    )
    return rows_in_order(part, query, OrderedBy(band_of(came_back=True), answer.answered_at, Proposal.id), NotTaken)


def _held_since(own_agency: str) -> list[ColumnElement[bool]]:
    """Selects the answers since which another agency than this one owns the need and has not asked again."""
    asked_again = exists().where(
        Action.case_id == Proposal.case_id,
        Action.duty == literal(f"{PROPOSE_NEXT_FORUM}:") + Proposal.kind + ":" + Proposal.forum,
        Action.state.in_([ActionState.REVIEWED, ActionState.ENDED]),
        Action.created_at >= ProposalAnswer.answered_at,
    )
    return [
        Need.ended_at.is_(None),
        func.upper_inf(Ownership.during),
        # The span that has no end and holds the instant of the answer: nobody else has owned the need since.
        Ownership.during.contains(ProposalAnswer.answered_at),
        Ownership.agency != own_agency,
        ~asked_again,
    ]
