"""Where routing is tried without a trace, and where a person has an open case decided under a new policy."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import PlainSerializer

from app.access.calls import Reading, Writing
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.errors import Conflict, NotFound
from app.foundation.storage.read_only import read_only
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.schema import Shown, Strict, Text
from app.intake import service as intake
from app.intake.presenters import answer_routed
from app.intake.previews import service
from app.intake.schemas import RoutedOut
from app.meetings.schemas import HearingEstimate
from app.policies.authority import deciding_person
from app.policies.repository import activation_by_id
from app.referrals.repository import case_by_id, latest_referral_of
from app.referrals.response_schemas import PassageOut
from app.referrals.schemas import ReferralRequest
from app.routing.handbook.explain import Audience, explain
from app.routing.record.codec import to_dict
from app.routing.record.decision import RoutingDecision
from app.trials.cases_to_confirm import cases_to_confirm
from app.vocabulary import EventType

router = APIRouter(prefix="/v1", tags=["policies"])


class PreviewOut(Shown):
    """What would be decided, and why. Nothing was stored, nobody was asked and nobody was told."""

    preview: bool = True
    case_id: str | None
    decision: Annotated[RoutingDecision, PlainSerializer(to_dict)]
    explanation: list[PassageOut]
    hearing: HearingEstimate


@router.post(
    "/routing-previews",
    operation_id="previewRouting",
    summary="What a referral would be decided to be; nothing is stored",
)
def preview_routing(sent: ReferralRequest, call: Reading) -> PreviewOut:
    """The same body, checks and refusals as a referral. The database refuses any write while it is worked out."""
    area_or_refuse(call.session, call.caller, sent.area)
    with call.as_system(), read_only(call.session):
        tried = service.preview(call.session, call.caller, sent, call.now)
    record_act(
        call.session, call.caller, Category.CONSULTATION, "routing-preview", tried.case_id or "none", call.now
    )
    told = explain(tried.decision, Audience.PRACTITIONER)
    return PreviewOut(
        case_id=tried.case_id,
        decision=tried.decision,
        explanation=[PassageOut(heading=p.heading, sentences=list(p.sentences)) for p in told.passages],
        hearing=tried.hearing,
    )


class ConfirmationRequest(Strict):
    """Why the case is decided under the new policy."""

    reason: Text


@router.post(
    "/policy-activations/{activation_id}/cases/{case_id}/confirmations",
    operation_id="confirmRerouting",
    status_code=201,
    response_model=RoutedOut,
    summary="Have an open case decided anew under the policy that is now in force",
)
def confirm_rerouting(
    activation_id: str,
    case_id: str,
    sent: ConfirmationRequest,
    call: Writing,
) -> Response:
    """A named person looked. The earlier decision stays as it was made; owners change only by acceptance."""

    def act() -> OperationResult:
        activation, case = activation_by_id(call.session, activation_id), case_by_id(call.session, case_id)
        if activation is None or case is None:
            raise NotFound("there is no such activation or case, or it is not yours to see")
        if activation.in_force > call.now:
            raise Conflict("this policy is not in force yet; confirm its cases from its `in_force` on")
        if case.id not in {item.case_id for item in cases_to_confirm(call.session, activation).items}:
            raise Conflict("this case comes out the same under the policy, or was confirmed already")
        because = f"{deciding_person(call.caller)} confirmed {activation.policy_id} {activation.version}: {sent.reason}"
        with call.as_system():
            referral = latest_referral_of(call.session, case.id)
            if referral is None:
                raise NotFound("this case has no referral")
            routed = intake.route(
                call.session, call.caller, referral, case, because, EventType.REFERRAL_REROUTED, call.now
            )
            return answer_routed(call, routed, Category.ALTERATION)

    return call.once(sent, act)
