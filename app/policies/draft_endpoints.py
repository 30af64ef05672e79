"""Policies that are written: drafted, proposed, and put in force by a second person."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.policies import repository, service
from app.policies.change_schemas import (
    ActivationOut,
    ActivationProposalOut,
    ActivationReasonRequest,
    ActivationRequest,
    DraftOut,
    DraftRequest,
    DraftsOut,
)
from app.policies.presenters import show_draft

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/policy-drafts",
    operation_id="draftPolicy",
    status_code=201,
    response_model=DraftOut,
    summary="Draft a policy: proved now, or refused with file, line and situation",
)
def draft_policy(sent: DraftRequest, call: Writing) -> Response:
    """A draft decides nothing. 422 `policy-refused` lists every fault under `policy_faults`."""

    def act() -> OperationResult:
        made = service.draft(call.session, call.caller, sent, call.now)
        record_act(call.session, call.caller, Category.COLLECTION, "policy-draft", made.id, call.now)
        body = show_draft(call.session, made).model_dump(mode="json")
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/policy-drafts/{made.id}"})

    return call.once(sent, act)


@router.get("/policy-drafts", operation_id="listPolicyDrafts", summary="Every draft, the newest first")
def list_policy_drafts(call: Reading) -> DraftsOut:
    return DraftsOut(items=[show_draft(call.session, draft) for draft in repository.drafts(call.session)])


@router.get(
    "/policy-drafts/{draft_id}", operation_id="getPolicyDraft", summary="A draft and how far it has come"
)
def get_policy_draft(draft_id: str, call: Reading) -> DraftOut:
    return show_draft(call.session, service.find_draft(call.session, draft_id))


@router.post(
    "/policy-drafts/{draft_id}/proposals",
    operation_id="proposePolicy",
    status_code=201,
    response_model=ActivationProposalOut,
    summary="Propose that a draft be put in force",
)
def propose_policy(draft_id: str, sent: ActivationReasonRequest, call: Writing) -> Response:
    """Name the person in `X-On-Behalf-Of`."""

    def act() -> OperationResult:
        draft = service.find_draft(call.session, draft_id)
        made = service.propose(call.session, call.caller, draft, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "policy-draft", draft.id, call.now)
        return OperationResult(
            status=201, body=ActivationProposalOut.model_validate(made).model_dump(mode="json")
        )

    return call.once(sent, act)


@router.post(
    "/policy-drafts/{draft_id}/activations",
    operation_id="activatePolicy",
    status_code=201,
    response_model=ActivationOut,
    summary="Put a proposed draft in force, as a second person",
)
def activate_policy(draft_id: str, sent: ActivationRequest, call: Writing) -> Response:
    """It decides new referrals from its own `in_force` on. Open cases are listed and never routed in silence."""

    def act() -> OperationResult:
        draft = service.find_draft(call.session, draft_id)
        made = service.activate(call.session, call.caller, draft, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "policy-draft", draft.id, call.now)
        headers = {"Location": f"/v1/policy-activations/{made.id}/cases"}
        return OperationResult(
            status=201, body=ActivationOut.model_validate(made).model_dump(mode="json"), headers=headers
        )

    return call.once(sent, act)
