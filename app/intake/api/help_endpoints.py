"""Receives requests for help from outside the police: from the victim, or from somebody the victim told.

Source: DHR "Jean" 16.5, 17.6: help was sought, and the reply came late.
"""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake.answer.help_answers import help_received_out
from app.intake.schemas import HelpReceived
from app.intake.service import receive_referral
from app.referrals.help_schemas import HelpRequest

router = APIRouter(prefix="/v1", tags=["referrals"])


@router.post(
    "/help-requests",
    operation_id="requestHelp",
    status_code=201,
    response_model=HelpReceived,
    summary="Pass on a request for help from a victim, or from somebody outside the police who asks for a victim",
)
def request_help(sent: HelpRequest, call: Writing) -> Response:
    """Any agency that works with victims can send it. It needs no assessment, no incident and no police identifier.

    It opens the area's case of these people, or adds to it. The answer says nothing of what was known before.
    """

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system():
            routed = receive_referral(call.tx, sent.referral())
            record_act(call.tx, Category.COLLECTION, "referral", routed.referral.id)
            received = help_received_out(call, sent.area, routed)
        return OperationResult(status=201, body=received.model_dump(mode="json"))

    return call.once(sent, act)
