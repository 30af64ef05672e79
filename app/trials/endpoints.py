"""Shows what a policy would change before anybody approves it, and which open cases a person looks at afterwards."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.policies.drafting import prove_draft
from app.policies.lookup import find_activation
from app.policies.registry import proved_policy
from app.trials import repository, what_ifs
from app.trials.cases_to_confirm import cases_to_confirm
from app.trials.lookup import find_what_if
from app.trials.presenters import cases_to_confirm_out, finished_out, what_if_out
from app.trials.schemas import CasesToConfirmOut, WhatIfOut, WhatIfRequest

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/policy-what-ifs",
    operation_id="askWhatIf",
    response_model=WhatIfOut,
    responses={202: {"model": WhatIfOut, "description": "Many decisions: ask again at `links.self`"}},
    summary="What a policy would change: situations, stored decisions, hearings in each area",
)
def ask_what_if(sent: WhatIfRequest, call: Writing) -> Response:
    """Routes nothing. 200 with the answer; 202 with the progress so far when there are many decisions to read."""

    def act() -> OperationResult:
        areas = what_ifs.requested_areas(call.caller, sent)
        draft = prove_draft(sent)
        latest = repository.measure_latest_decisions(call.session, areas)
        record_act(call.tx, Category.CONSULTATION, "policy-what-if", draft.policy.id)
        if latest.total <= what_ifs.MAX_AT_ONCE:
            impact = what_ifs.answer_at_once(call.session, draft, areas, latest.last_number)
            body = finished_out(call.session, draft.policy, latest.total, impact)
            return OperationResult(status=200, body=body.model_dump(mode="json"), headers={})
        what_if = what_ifs.start_what_if(call.tx, draft, areas, latest)
        body = what_if_out(call.session, draft.policy, what_if)
        headers = {"Location": body.links["self"]}
        return OperationResult(status=202, body=body.model_dump(mode="json"), headers=headers)

    return call.once(sent, act)


@router.get("/policy-what-ifs/{what_if_id}", operation_id="getWhatIf", summary="A what-if and its progress so far")
def get_what_if(what_if_id: str, call: Reading) -> WhatIfOut:
    what_if = find_what_if(call.session, call.caller, what_if_id)
    record_act(call.tx, Category.CONSULTATION, "policy-what-if", what_if.id)
    policy = proved_policy("draft.toml", what_if.text, what_if.base_text)
    return what_if_out(call.session, policy, what_if)


@router.get(
    "/policy-activations/{activation_id}/cases",
    operation_id="listCasesToConfirm",
    summary="Open cases that a new policy would route differently, for a person to look at",
)
def list_cases_to_confirm(activation_id: str, call: Reading) -> CasesToConfirmOut:
    """A case leaves the list when a person has it decided anew, or when it ends."""
    activation = find_activation(call.session, call.caller, activation_id)
    record_act(call.tx, Category.CONSULTATION, "policy-activation", activation.id)
    return cases_to_confirm_out(cases_to_confirm(call.session, activation))
