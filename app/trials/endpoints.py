"""What a policy would change, before anybody approves it, and which open cases it asks a person about after."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.policies.registry import proved
from app.policies.repository import activation_by_id
from app.policies.service import predecessor, read_draft
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import labels, told
from app.routing.policy.types import Policy
from app.trials import repository, what_ifs
from app.trials.confirmations import to_confirm
from app.trials.impacts import Found
from app.trials.models import PolicyWhatIf
from app.trials.schemas import ImpactOut, ToConfirmListOut, WhatIfOut, WhatIfRequest

router = APIRouter(prefix="/v1", tags=["policies"])


@router.post(
    "/policy-what-ifs",
    operation_id="askWhatIf",
    response_model=WhatIfOut,
    responses={202: {"model": WhatIfOut, "description": "Many decisions: ask again at `links.self`"}},
    summary="What a policy would change: situations, stored decisions, hearings in each area",
)
def ask_what_if(sent: WhatIfRequest, call: Writing) -> Response:
    """Reads and routes nothing. 200 with the answer, or 202 with how far it has come when many decisions are read."""

    def act() -> OperationResult:
        areas = what_ifs.areas_asked(call.caller, sent)
        draft = read_draft(call.session, sent)
        total, until = repository.count_latest_decisions_in(call.session, areas)
        record_act(
            call.session, call.caller, Category.CONSULTATION, "policy-what-if", draft.policy.id, call.now
        )
        if total <= what_ifs.AT_ONCE:
            found = what_ifs.answer_at_once(call.session, draft, areas, until)
            return _answer(200, _shown(call.session, draft.policy, None, (total, total), found))
        job = what_ifs.begin(call.session, call.caller, sent, areas, (total, until), call.now)
        return _answer(202, _shown(call.session, draft.policy, job, (0, total), job.found))

    return call.once(sent, act)


@router.get(
    "/policy-what-ifs/{what_if_id}", operation_id="getWhatIf", summary="A what-if and how far it has come"
)
def get_what_if(what_if_id: str, call: Reading) -> WhatIfOut:
    job = what_ifs.find_what_if(call.session, what_if_id)
    record_act(call.session, call.caller, Category.CONSULTATION, "policy-what-if", job.id, call.now)
    policy = proved("draft.toml", job.text, job.base_text)
    return _shown(call.session, policy, job, (job.done, job.total), job.found)


def _answer(status: int, shown: WhatIfOut) -> OperationResult:
    headers = {"Location": shown.links["self"]} if "self" in shown.links else {}
    return OperationResult(status=status, body=shown.model_dump(mode="json"), headers=headers)


def _shown(
    session: Session, policy: Policy, job: PolicyWhatIf | None, progress: tuple[int, int], found: Found
) -> WhatIfOut:
    follows = predecessor(session, policy)
    return WhatIfOut(
        id=job.id if job else None,
        policy=f"{policy.id} {policy.version}",
        follows=follows.named,
        difference=list(told(compare(follows.policy, policy), labels(follows.policy, policy))),
        done=progress[0],
        total=progress[1],
        finished=progress[0] >= progress[1],
        impact=ImpactOut.model_validate(found),
        links={"self": f"/v1/policy-what-ifs/{job.id}"} if job else {},
    )


@router.get(
    "/policy-activations/{activation_id}/cases",
    operation_id="listCasesToConfirm",
    summary="Open cases that a new policy would route differently, for a person to look at",
)
def list_cases_to_confirm(activation_id: str, call: Reading) -> ToConfirmListOut:
    """A case leaves the list when a person has had it decided anew, or when it ends."""
    activation = activation_by_id(call.session, activation_id)
    if activation is None:
        raise NotFound("there is no such activation")
    record_act(call.session, call.caller, Category.CONSULTATION, "policy-activation", activation.id, call.now)
    return to_confirm(call.session, activation)
