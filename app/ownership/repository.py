"""Every query of the ownership room."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.errors import Unavailable
from app.ownership.models import CaseNeed, Ending, Need, Override, Ownership, Proposal, ProposalAnswer
from app.referrals.models import Case
from app.vocabulary import ProposalState

TRIES = 3


def open_need(session: Session, row: dict[str, object]) -> tuple[Need, bool]:
    """The open need of this kind and subject, locked, and whether this call opened it.

    Whoever ends the one that was in the way commits before we look, and then it is ours to open: hence the tries.
    """
    for _ in range(TRIES):
        opened = session.scalar(
            insert(Need)
            .values(row)
            .on_conflict_do_nothing(
                index_elements=["kind", "subject_ref"], index_where=Need.ended_at.is_(None)
            )
            .returning(Need.id)
        )
        need = session.scalar(
            select(Need)
            .where(Need.kind == row["kind"], Need.subject_ref == row["subject_ref"], Need.ended_at.is_(None))
            .with_for_update()
        )
        if need is not None:
            return need, opened is not None
    raise Unavailable("this need is being ended and opened by others; send the same request again")


def link_need_to_case(session: Session, case_id: str, need_id: str) -> None:
    session.execute(insert(CaseNeed).values(case_id=case_id, need_id=need_id).on_conflict_do_nothing())


def cases_for_change(session: Session, need_ids: Collection[str], *, unless_busy: bool = False) -> list[Case]:
    """The cases these needs serve, the oldest first, locked.

    Cases are locked before needs, always and in the order of their ids: a referral does the same, so that two
    callers may wait for each other but never both for both. With `unless_busy`, cases in use are left out.
    """
    ids = select(CaseNeed.case_id).where(CaseNeed.need_id.in_(need_ids))
    locked = session.scalars(
        select(Case)
        .where(Case.id.in_(ids))
        .order_by(Case.id)
        .with_for_update(key_share=True, skip_locked=unless_busy)
        .execution_options(populate_existing=True)
    ).all()
    return sorted(locked, key=lambda case: (case.opened_at, case.id))


def need_for_change(session: Session, need_id: str, *, unless_busy: bool = False) -> Need | None:
    """The need, locked: whoever moves it next waits for this transaction. Lock its cases first."""
    return session.scalar(
        select(Need)
        .where(Need.id == need_id)
        .with_for_update(skip_locked=unless_busy)
        .execution_options(populate_existing=True)
    )


def need_by_id(session: Session, need_id: str) -> Need | None:
    return session.scalar(select(Need).where(Need.id == need_id))


def open_needs_of_case(session: Session, case_id: str) -> Sequence[Need]:
    return session.scalars(
        select(Need)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == case_id, Need.ended_at.is_(None))
        .order_by(Need.kind)
    ).all()


def needs_of_case(session: Session, case_id: str) -> Sequence[Need]:
    return session.scalars(
        select(Need)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == case_id)
        .order_by(Need.number)
    ).all()


def cases_of_need(session: Session, need_id: str) -> Sequence[str]:
    """The ids of the cases a need serves, the oldest first."""
    return session.scalars(
        select(CaseNeed.case_id)
        .join(Case, Case.id == CaseNeed.case_id)
        .where(CaseNeed.need_id == need_id)
        .order_by(Case.opened_at, Case.id)
    ).all()


def current_ownership(session: Session, need: Need) -> Ownership:
    """The one accepted owner. PostgreSQL keeps the promise that an open need always has exactly one."""
    return session.scalars(
        select(Ownership).where(Ownership.need_number == need.number, func.upper_inf(Ownership.during))
    ).one()


def ownership_spans(session: Session, need: Need) -> Sequence[Ownership]:
    return session.scalars(
        select(Ownership)
        .where(Ownership.need_number == need.number)
        .order_by(func.lower(Ownership.during).nulls_first())
    ).all()


def proposal_for_change(session: Session, proposal_id: str) -> Proposal | None:
    """The proposal as it stands now, locked. Lock its need first."""
    return session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def proposal_by_id(session: Session, proposal_id: str) -> Proposal | None:
    return session.scalar(select(Proposal).where(Proposal.id == proposal_id))


def proposals_of_need(session: Session, need_id: str) -> Sequence[Proposal]:
    return session.scalars(
        select(Proposal).where(Proposal.need_id == need_id).order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def proposals_of_case(session: Session, case_id: str) -> Sequence[Proposal]:
    return session.scalars(
        select(Proposal).where(Proposal.case_id == case_id).order_by(Proposal.proposed_at, Proposal.id)
    ).all()


def waiting_proposals(session: Session, need_id: str, kind: str | None = None) -> Sequence[Proposal]:
    """Who is being asked, to lead, to support, or either."""
    query = select(Proposal).where(Proposal.need_id == need_id, Proposal.state == ProposalState.PROPOSED)
    if kind is not None:
        query = query.where(Proposal.kind == kind)
    return session.scalars(query.order_by(Proposal.proposed_at, Proposal.id)).all()


def overdue_proposals(session: Session, now: datetime, limit: int) -> Sequence[Proposal]:
    """Proposals past their answer-by, not locked: lock the need and look again before acting."""
    return session.scalars(
        select(Proposal)
        .where(Proposal.state == ProposalState.PROPOSED, Proposal.answer_by <= now)
        .order_by(Proposal.answer_by, Proposal.id)
        .limit(limit)
    ).all()


def list_proposals(
    session: Session,
    states: Collection[str],
    area: str | None,
    after: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Proposal]:
    """The newest first, from a position."""
    query = select(Proposal).order_by(Proposal.proposed_at.desc(), Proposal.id.desc()).limit(limit)
    if states:
        query = query.where(Proposal.state.in_(states))
    if area:
        query = query.where(Proposal.area == area)
    if after:
        at, last = after
        query = query.where(
            (Proposal.proposed_at < at) | ((Proposal.proposed_at == at) & (Proposal.id < last))
        )
    return session.scalars(query).all()


def answers_by_proposal(session: Session, proposal_ids: Sequence[str]) -> dict[str, ProposalAnswer]:
    rows = session.scalars(select(ProposalAnswer).where(ProposalAnswer.proposal_id.in_(proposal_ids)))
    return {row.proposal_id: row for row in rows}


def declines_on_facts(
    session: Session, need_id: str, facts_sha256: str
) -> Sequence[tuple[Proposal, ProposalAnswer]]:
    """Who said no, or nothing, to this need on these facts, oldest first."""
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


def override_of_proposal(session: Session, proposal_id: str) -> Override | None:
    return session.scalar(select(Override).where(Override.proposal_id == proposal_id))


def overrides_of_need(session: Session, need_id: str) -> Sequence[Override]:
    """Every time a chair decided against the order or a "no", the first one first."""
    return session.scalars(
        select(Override).where(Override.need_id == need_id).order_by(Override.overridden_at, Override.id)
    ).all()


def ending_of_need(session: Session, need_id: str) -> Ending | None:
    return session.scalar(select(Ending).where(Ending.need_id == need_id))


def is_on_record(session: Session, some_id: str) -> bool:
    """Whether a need, a proposal or a case has this id."""
    return any(
        session.scalar(select(column).where(column == some_id)) is not None
        for column in (Need.id, Proposal.id, Case.id)
    )
