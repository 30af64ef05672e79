"""Needs, proposals and transfers as they are shown."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.audit.service import Category, record_act
from app.foundation.storage.transaction import Transaction
from app.foundation.web.idempotency import OperationResult
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Ownership, Proposal, ProposalAnswer, Transfer
from app.ownership.needs import transfer_repository
from app.ownership.response_schemas import (
    AnswerOut,
    EndingOut,
    NeedOut,
    OverrideOut,
    OwnerOut,
    ProposalOut,
    TransferAnswerOut,
    TransferOut,
)


def need_out(session: Session, need: Need) -> NeedOut:
    """Returns the need with its owners, proposals, overrides and ending."""
    owners = [owner_out(span) for span in repository.ownership_spans(session, need)]
    proposals = proposal_repository.proposals_of_need(session, need.id)
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
        proposals=proposals_out(session, proposals),
        overrides=[OverrideOut.model_validate(row) for row in repository.overrides_of_need(session, need.id)],
        ending=EndingOut.model_validate(ending) if ending else None,
    )


def owner_out(span: Ownership) -> OwnerOut:
    """Returns one span of ownership, from when until when."""
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


def proposals_out(session: Session, rows: Sequence[Proposal]) -> list[ProposalOut]:
    """Returns each proposal with its answer."""
    answers = proposal_repository.answers_by_proposal(session, [row.id for row in rows])
    return [_proposal_out(row, answers.get(row.id)) for row in rows]


def _proposal_out(row: Proposal, answer: ProposalAnswer | None) -> ProposalOut:
    shown = ProposalOut.model_validate(row)
    return shown.model_copy(update={"answer": AnswerOut.model_validate(answer) if answer else None})


def transfer_out(session: Session, row: Transfer) -> TransferOut:
    """Returns the transfer with its answer, once there is one."""
    answer = transfer_repository.answer_of(session, row.id)
    shown = TransferOut.model_validate(row)
    return shown.model_copy(update={"answer": TransferAnswerOut.model_validate(answer) if answer else None})


def answered_transfer_result(tx: Transaction, transfer: Transfer) -> OperationResult:
    """Records the answer on the audit trail, and returns the 201 answer with the transfer as it now is."""
    record_act(tx, Category.ALTERATION, "transfer", transfer.id)
    return OperationResult(status=201, body=transfer_out(tx.session, transfer).model_dump(mode="json"))
