"""Needs, proposals and transfers as they are shown."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.access.victims_area import area_shown
from app.audit.service import Category, record_act
from app.foundation.caller import Caller
from app.foundation.storage.transaction import Transaction
from app.foundation.web.idempotency import OperationResult
from app.ownership import proposal_repository, repository
from app.ownership.models import AskedEnding, Need, Ownership, Proposal, ProposalAnswer, Transfer
from app.ownership.needs import transfer_repository
from app.ownership.response_schemas import (
    AnswerOut,
    AskedEndingOut,
    EndingOut,
    NeedOut,
    OverrideOut,
    OwnerOut,
    ProposalOut,
    TransferAnswerOut,
    TransferOut,
)


def need_out(session: Session, need: Need, reader: Caller) -> NeedOut:
    """Returns the need with its owners, proposals, overrides and ending, as far as the reader may know them."""
    owners = [owner_out(span) for span in repository.ownership_spans(session, need)]
    proposals = proposal_repository.proposals_of_need(session, need.id)
    ending = repository.ending_of_need(session, need.id)
    return NeedOut(
        id=need.id,
        kind=need.kind,
        area=area_shown(reader, need.area),
        opened_at=need.opened_at,
        ended_at=need.ended_at,
        end_reason=need.end_reason,
        owner=next((owner for owner in owners if owner.until is None), None),
        owners=owners,
        proposals=proposals_out(session, proposals, reader),
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


def proposals_out(session: Session, rows: Sequence[Proposal], reader: Caller) -> list[ProposalOut]:
    """Returns each proposal with its answer."""
    answers = proposal_repository.answers_by_proposal(session, [row.id for row in rows])
    return [_proposal_out(row, answers.get(row.id), reader) for row in rows]


def _proposal_out(row: Proposal, answer: ProposalAnswer | None, reader: Caller) -> ProposalOut:
    given = AnswerOut.model_validate(answer) if answer else None
    shown = ProposalOut.model_validate(row)
    return shown.model_copy(update={"answer": given, "area": area_shown(reader, row.area)})


def asked_ending_out(row: AskedEnding, reader: Caller) -> AskedEndingOut:
    """Returns what was said of the end of a need, and the answer, as far as the reader may know them."""
    return AskedEndingOut.model_validate(row).model_copy(update={"area": area_shown(reader, row.area)})


def transfer_out(session: Session, row: Transfer) -> TransferOut:
    """Returns the transfer with its answer, once there is one."""
    answer = transfer_repository.answer_of(session, row.id)
    shown = TransferOut.model_validate(row)
    return shown.model_copy(update={"answer": TransferAnswerOut.model_validate(answer) if answer else None})


def answered_transfer_result(tx: Transaction, transfer: Transfer) -> OperationResult:
    """Records the answer on the audit trail, and returns the 201 answer with the transfer as it now is."""
    record_act(tx, Category.ALTERATION, "transfer", transfer.id)
    return OperationResult(status=201, body=transfer_out(tx.session, transfer).model_dump(mode="json"))
