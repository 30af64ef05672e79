"""Needs and proposals as they are shown."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.ownership import repository, transfer_repository
from app.ownership.models import Need, Ownership, Proposal, ProposalAnswer, Transfer
from app.ownership.schemas import (
    AnswerOut,
    EndingOut,
    NeedOut,
    OverrideOut,
    OwnerOut,
    ProposalOut,
    TransferAnswerOut,
    TransferOut,
)


def show_need(session: Session, need: Need) -> NeedOut:
    """The need, its owner now, its earlier owners, everyone who was asked, what chairs decided, and how it ended."""
    owners = [
        show_owner(span) for span in repository.ownership_spans(session, need) if not span.during.isempty
    ]
    proposals = repository.proposals_of_need(session, need.id)
    ending = repository.ending_of_need(session, need.id)
    return NeedOut(
        id=need.id,
        kind=need.kind,
        area=need.area,
        opened_at=need.opened_at,
        ended_at=need.ended_at,
        end_reason=need.end_reason,
        owner=next((owner for owner in owners if owner.until is None), None),
        owners=owners,
        proposals=show_proposals(session, proposals),
        overrides=[OverrideOut.model_validate(row) for row in repository.overrides_of_need(session, need.id)],
        ending=EndingOut.model_validate(ending) if ending else None,
    )


def show_owner(span: Ownership) -> OwnerOut:
    return OwnerOut.model_validate(
        {
            "forum": span.forum,
            "role": span.role,
            "agency": span.agency,
            "since": span.during.lower,
            "until": span.during.upper,
            "accepted_by": span.accepted_by,
            "proposal_id": span.proposal_id,
        }
    )


def show_proposals(session: Session, rows: Sequence[Proposal]) -> list[ProposalOut]:
    """Each proposal with its answer."""
    answers = repository.answers_by_proposal(session, [row.id for row in rows])
    return [show_proposal(row, answers.get(row.id)) for row in rows]


def show_proposal(row: Proposal, answer: ProposalAnswer | None) -> ProposalOut:
    shown = ProposalOut.model_validate(row)
    return shown.model_copy(update={"answer": AnswerOut.model_validate(answer) if answer else None})


def show_transfer(session: Session, row: Transfer) -> TransferOut:
    """The transfer with its answer, once there is one."""
    answer = transfer_repository.answer_of(session, row.id)
    shown = TransferOut.model_validate(row)
    return shown.model_copy(update={"answer": TransferAnswerOut.model_validate(answer) if answer else None})
