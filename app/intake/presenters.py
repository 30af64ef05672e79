"""What came of a referral, as it is answered."""

from app.access.calls import Call
from app.actions.api.presenters import action_out
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.schemas import RoutedOut
from app.intake.service import Routed
from app.ownership.api.presenters import need_out
from app.referrals.presenters import show_decision


def answer_routed(call: Call, routed: Routed, category: Category) -> OperationResult:
    """What came of it, and the act on the audit trail. To be called while the session sees across agencies."""
    record_act(call.session, call.caller, category, "referral", routed.referral.id, call.now)
    body = RoutedOut(
        referral_id=routed.referral.id,
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        decision=show_decision(routed.decision),
        needs=[need_out(call.session, need) for need in routed.needs],
        actions=[action_out(action, call.now) for action in routed.actions],
        hearing=routed.hearing,
    )
    location = f"/v1/referrals/{routed.referral.id}"
    return OperationResult(status=201, body=body.model_dump(mode="json"), headers={"Location": location})
