"""Any agency with a part in a case may add an incident to it, without ever seeing the referral.

Source: DHR "Jean" 14.1.22: what she told one agency was not passed on and changed nothing.
"""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.actions.repository import unfinished_actions_of_case
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.schema import Instant, Shown
from app.intake import service
from app.ownership.proposal_repository import proposals_of_case
from app.referrals.repository import case_by_id, latest_referral_of
from app.referrals.schemas import IncidentRequest

router = APIRouter(prefix="/v1", tags=["cases"])


class IncidentReceived(Shown):
    """The incident is on record and the case was decided anew. The decision is for those whose case it is."""

    case_id: str
    incident_recorded_at: Instant


@router.post(
    "/cases/{case_id}/incidents",
    operation_id="addCaseIncident",
    status_code=201,
    response_model=IncidentReceived,
    summary="Add an incident to a case that your agency has a part in",
)
def add_case_incident(case_id: str, sent: IncidentRequest, call: Writing) -> Response:
    """The case is decided anew and its owners are told; your agency need not have made the referral."""

    def act() -> OperationResult:
        session = call.session
        has_a_part = (
            case_by_id(session, case_id)
            or unfinished_actions_of_case(session, case_id)
            or proposals_of_case(session, case_id)
        )
        if not has_a_part:
            raise NotFound("there is no such case, or it is not yours to see")
        with call.as_system():
            case, referral = case_by_id(session, case_id), latest_referral_of(session, case_id)
            assert case is not None  # noqa: S101 - its rows were seen a moment ago
            assert referral is not None  # noqa: S101 - a case begins with a referral
            service.receive_incident(session, call.caller, referral, case, sent, call.now)
            record_act(session, call.caller, Category.ALTERATION, "case", case.id, call.now)
        received = IncidentReceived(case_id=case_id, incident_recorded_at=call.now)
        return OperationResult(status=201, body=received.model_dump(mode="json"))

    return call.once(sent, act)
