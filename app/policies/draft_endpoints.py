"""Drafts and proposes policies, and has a second person put them in force."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.policies import activation, drafting
from app.policies.change_presenters import draft_out
from app.policies.change_schemas import (
    ActivationOut,
    ActivationProposalOut,
    ActivationReasonRequest,
    ActivationRequest,
    DraftOut,
    DraftRequest,
    DraftsOut,
)
from app.policies.lookup import find_draft, find_drafts

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/policy-drafts",
    operation_id="draftPolicy",
    status_code=201,
    response_model=DraftOut,
    summary="Draft a policy: proved now, or refused with file, line and situation",
)
def draft_policy(sent: DraftRequest, call: Writing) -> Response:
    """Stores a draft for `areas`, which decides nothing. 422 `policy-refused` lists each fault in `policy_faults`.

    403 for an area that is not the person's, and for the id of a policy that ships with the product.
    """

    def act() -> OperationResult:
        draft = drafting.draft_policy(call.tx, sent)
        record_act(call.tx, Category.COLLECTION, "policy-draft", draft.id)
        body = draft_out(call.session, draft).model_dump(mode="json")
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/policy-drafts/{draft.id}"})

    return call.once(sent, act)


@router.get("/policy-drafts", operation_id="listPolicyDrafts", summary="Every draft for your areas")
def list_policy_drafts(call: Reading) -> DraftsOut:
    """Lists the newest first, for a named person: the drafts whose areas are all that person's."""
    return DraftsOut(items=[draft_out(call.session, draft) for draft in find_drafts(call.tx)])


@router.get("/policy-drafts/{draft_id}", operation_id="getPolicyDraft", summary="A draft and its state")
def get_policy_draft(draft_id: str, call: Reading) -> DraftOut:
    return draft_out(call.session, find_draft(call.tx, draft_id))


@router.post(
    "/policy-drafts/{draft_id}/proposals",
    operation_id="proposePolicy",
    status_code=201,
    response_model=ActivationProposalOut,
    summary="Propose that a draft be put in force",
)
def propose_policy(draft_id: str, sent: ActivationReasonRequest, call: Writing) -> Response:
    """Proposes the draft to a second person. `X-On-Behalf-Of` names the person who proposes."""

    def act() -> OperationResult:
        draft = find_draft(call.tx, draft_id)
        proposal = activation.propose_activation(call.tx, draft, sent.reason)
        record_act(call.tx, Category.ALTERATION, "policy-draft", draft.id)
        body = ActivationProposalOut.model_validate(proposal).model_dump(mode="json")
        return OperationResult(status=201, body=body)

    return call.once(sent, act)


@router.post(
    "/policy-drafts/{draft_id}/activations",
    operation_id="activatePolicy",
    status_code=201,
    response_model=ActivationOut,
    summary="Put a proposed draft in force, as a second person",
)
def activate_policy(draft_id: str, sent: ActivationRequest, call: Writing) -> Response:
    """The draft's areas follow it from its `in_force` on. Open cases are listed and wait for a person."""

    def act() -> OperationResult:
        draft = find_draft(call.tx, draft_id)
        made = activation.activate_draft(call.tx, draft, sent.approved_where)
        record_act(call.tx, Category.ALTERATION, "policy-draft", draft.id)
        body = ActivationOut.model_validate(made).model_dump(mode="json")
        headers = {"Location": f"/v1/policy-activations/{made.id}/cases"}
        return OperationResult(status=201, body=body, headers=headers)

    return call.once(sent, act)
