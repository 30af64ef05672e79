"""The queries for proposals and their answers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.access.models import Post
from app.ownership.models import CaseNeed, Proposal, ProposalAnswer
from app.ownership.vocabulary import ProposalKind
from app.vocabulary import ProposalState


def proposal_for_change(session: Session, proposal_id: str) -> Proposal | None:
    """Locks the proposal and returns it as it stands now. Lock its need first."""
    return session.scalar(
        # `populate_existing`: whoever locks has read the proposal before, and it may have been answered meanwhile.
        select(Proposal).where(Proposal.id == proposal_id).with_for_update().execution_options(populate_existing=True)
    )


def proposal_by_id(session: Session, proposal_id: str) -> Proposal | None:
    return session.scalar(select(Proposal).where(Proposal.id == proposal_id))


def proposals_of_need(session: Session, need_id: str) -> Sequence[Proposal]:
    """Returns every proposal of the need, the oldest first."""
    return session.scalars(
        select(Proposal).where(Proposal.need_id == need_id).order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def proposals_about_case(session: Session, case_id: str) -> Sequence[Proposal]:
    """Returns every proposal about a need of the case, the oldest first, also those that another case brought about."""
    needs = select(CaseNeed.need_id).where(CaseNeed.case_id == case_id)
    return session.scalars(
        select(Proposal).where(Proposal.need_id.in_(needs)).order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def proposals_of_case(session: Session, case_id: str) -> Sequence[Proposal]:
    """Returns every proposal that the case brought about, the oldest first."""
    return session.scalars(
        select(Proposal).where(Proposal.case_id == case_id).order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def answers_at(session: Session, proposal_ids: Collection[str]) -> dict[str, datetime]:
    """Returns when each of these proposals that waits no longer was answered, expired or was withdrawn."""
    answered = select(ProposalAnswer).where(ProposalAnswer.proposal_id.in_(proposal_ids))
    return {row.proposal_id: row.answered_at for row in session.scalars(answered)}


def waiting_proposals(session: Session, need_id: str, kind: ProposalKind | None = None) -> Sequence[Proposal]:
    """Returns the unanswered proposals of the need, to lead, to support, or both kinds when `kind` is None."""
    query = select(Proposal).where(Proposal.need_id == need_id, Proposal.state == ProposalState.PROPOSED)
    if kind is not None:
        query = query.where(Proposal.kind == kind)
    return session.scalars(query.order_by(Proposal.proposed_at, Proposal.id)).all()


def overdue_proposals(session: Session, now: datetime, limit: int) -> Sequence[Proposal]:
    """Returns unanswered proposals past their `answer_by`, not locked: lock the need and read again before acting."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.PROPOSED, Proposal.answer_by <= now)
        .order_by(Proposal.answer_by, Proposal.id)
        .limit(limit)
    ).all()


def proposals_of_filled_posts(session: Session, case_id: str) -> Sequence[Proposal]:
    """Returns the case's unanswered proposals without an agency whose post is filled, not locked."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.case_id == case_id, Proposal.state == ProposalState.PROPOSED, Proposal.agency.is_(None))
        .where(exists().where(Post.area == Proposal.area, Post.role == Proposal.role))
        .order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def list_proposals(
    session: Session,
    states: Collection[str],
    area: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Proposal]:
    """Returns the next `limit` proposals after a position, the newest first. No states mean every state."""
    # The id breaks ties of one instant, so that no page skips or repeats a proposal.
    query = select(Proposal).order_by(Proposal.proposed_at.desc(), Proposal.id.desc()).limit(limit)
    if states:
        query = query.where(Proposal.state.in_(states))
    if area:
        query = query.where(Proposal.area == area)
    if after:
        at, last = after
        query = query.where((Proposal.proposed_at < at) | ((Proposal.proposed_at == at) & (Proposal.id < last)))
    return session.scalars(query).all()


def answers_by_proposal(session: Session, proposal_ids: Sequence[str]) -> dict[str, ProposalAnswer]:
    """Returns the answers of these proposals by the id of the proposal. One that waits has none."""
    rows = session.scalars(select(ProposalAnswer).where(ProposalAnswer.proposal_id.in_(proposal_ids)))
    return {row.proposal_id: row for row in rows}


def declines_on_facts(session: Session, need_id: str, facts_sha256: str) -> Sequence[tuple[Proposal, ProposalAnswer]]:
    """Returns the proposals of the need declined or expired on these facts, with their answers, the oldest first."""
    rows = session.execute(
        select(Proposal, ProposalAnswer)
        .join(ProposalAnswer, ProposalAnswer.proposal_id == Proposal.id)
        .where(
            Proposal.need_id == need_id,
            Proposal.facts_sha256 == facts_sha256,
            Proposal.state.in_([ProposalState.DECLINED, ProposalState.EXPIRED]),
        )
        .order_by(ProposalAnswer.answered_at)
    )
    return [(proposal, answer) for proposal, answer in rows]
