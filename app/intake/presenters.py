"""Builds this room's responses."""

from app.access.calls import Call
from app.actions.api.presenters import action_out
from app.actions.models import Action
from app.actions.repository import unfinished_actions_of_case
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.review_prompts import CrossedCase, ReviewPrompt
from app.intake.schemas import CaseOut, CrossedCaseOut, HelpReceived, OtherCaseOut, ReviewPromptOut, RoutedOut
from app.intake.service import Routed
from app.meetings.repositories.case_repository import discharges_of
from app.meetings.schemas import DischargeOut, HearingEstimateOut
from app.ownership.api.presenters import need_out
from app.ownership.repository import needs_of_case
from app.referrals.models import Case
from app.referrals.presenters import decision_out
from app.routing.policy.duty_ids import CONTACT_WHO_ASKED_FOR_HELP


def routed_result(call: Call, routed: Routed, category: Category) -> OperationResult:
    """Records the act on the audit trail, and returns the 201 answer with what follows from a referral.

    Call it while the session sees across agencies: needs and actions of other agencies are part of the answer.
    """
    record_act(call.tx, category, "referral", routed.referral.id)
    body = RoutedOut(
        referral_id=routed.referral.id,
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        decision=decision_out(routed.decision),
        needs=[need_out(call.session, need) for need in routed.needs],
        actions=[action_out(action, call.now) for action in routed.actions],
        hearing=HearingEstimateOut.model_validate(routed.hearing),
        deceased=routed.deceased,
        retracted=list(routed.retracted),
    )
    location = f"/v1/referrals/{routed.referral.id}"
    return OperationResult(status=201, body=body.model_dump(mode="json"), headers={"Location": location})


def case_out(call: Call, case: Case) -> CaseOut:
    """Returns the case with its needs, unfinished actions and discharges, as far as the caller may see them."""
    session = call.session
    return CaseOut(
        id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        needs=[need_out(session, need) for need in needs_of_case(session, case.id)],
        open_actions=[action_out(action, call.now) for action in unfinished_actions_of_case(session, case.id)],
        discharges=[DischargeOut.model_validate(row) for row in discharges_of(session, case.id)],
    )


def help_received_out(routed: Routed) -> HelpReceived:
    """Returns who contacts the victim and by when, taken from the action that the decision set."""
    contact: Action | None = next((one for one in routed.actions if one.duty == CONTACT_WHO_ASKED_FOR_HELP), None)
    return HelpReceived(
        referral_id=routed.referral.id,
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        contact_action_id=contact.id if contact else None,
        contact_by_role=contact.owner_role if contact else None,
        contact_by_agency=contact.owner_agency if contact else None,
        contact_due_on=contact.due_on if contact else None,
        contact_due_at=contact.due_at if contact else None,
        deceased=routed.deceased,
    )


def review_prompt_out(prompt: ReviewPrompt) -> ReviewPromptOut:
    """Returns the case to review, the later cases that are the reason, and the URL that has it decided anew."""
    case, action = prompt.case, prompt.action
    return ReviewPromptOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        decision_id=prompt.decision.id,
        decided_at=prompt.decision.decided_at,
        action_id=action.id,
        owner_agency=action.owner_agency,
        due_on=action.due_on,
        opened_since=[_other_case_out(other) for other in prompt.opened_since],
        crossed_with=[_crossed_case_out(one) for one in prompt.crossed],
        decide=_decide(case),
    )


def _decide(case: Case) -> str:
    return f"/v1/cases/{case.id}/decisions"


def _crossed_case_out(crossed: CrossedCase) -> CrossedCaseOut:
    case, prompt = crossed.case, crossed.prompt
    return CrossedCaseOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        action_id=prompt.action.id if prompt else None,
        opened_since=[_other_case_out(other) for other in prompt.opened_since] if prompt else [],
        decide=_decide(case) if prompt else None,
    )


def _other_case_out(case: Case) -> OtherCaseOut:
    return OtherCaseOut(
        case_id=case.id,
        reference=case.reference,
        area=case.area,
        opened_at=case.opened_at,
        perpetrator_known=case.perpetrator_ref is not None,
    )
