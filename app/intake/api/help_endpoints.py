"""Where help comes in that was asked for outside the police: by her, or by whom she told.

Source: DHR "Jean" 16.5, 17.6: help was sought, and the reply came late.
"""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.access.service import area_or_refuse
from app.actions.models import Action
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.schema import CivilDate, Instant, Shown
from app.intake.service import Routed, receive_referral
from app.referrals.help_schemas import HelpRequest

router = APIRouter(prefix="/v1", tags=["referrals"])
CONTACT = "D06s"


class HelpReceived(Shown):
    """The request is stored and routed; who reaches her and by when. The decision is for those whose case it is."""

    referral_id: str
    case_id: str
    case_reference: str
    contact_action_id: str | None
    contact_by_role: str | None
    contact_by_agency: str | None
    contact_due_on: CivilDate | None
    contact_due_at: Instant | None


@router.post(
    "/help-requests",
    operation_id="requestHelp",
    status_code=201,
    response_model=HelpReceived,
    summary="Pass on that a victim asks for help, or that somebody outside the police asks for her",
)
def request_help(sent: HelpRequest, call: Writing) -> Response:
    """For any agency that works with victims. It needs no assessment, no incident and no police identifier."""

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system() as session:
            routed = receive_referral(session, call.caller, sent.referral(), call.now)
            record_act(session, call.caller, Category.COLLECTION, "referral", routed.referral.id, call.now)
        return OperationResult(status=201, body=_received(routed).model_dump(mode="json"))

    return call.once(sent, act)


def _received(routed: Routed) -> HelpReceived:
    contact: Action | None = next((one for one in routed.actions if one.duty == CONTACT), None)
    return HelpReceived(
        referral_id=routed.referral.id,
        case_id=routed.case.id,
        case_reference=routed.case.reference,
        contact_action_id=contact.id if contact else None,
        contact_by_role=contact.owner_role if contact else None,
        contact_by_agency=contact.owner_agency if contact else None,
        contact_due_on=contact.due_on if contact else None,
        contact_due_at=contact.due_at if contact else None,
    )
