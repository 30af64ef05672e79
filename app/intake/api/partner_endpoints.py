"""Receives incidents from any agency with a part in a case. The agency never sees the referral.

Source: DHR "Jean" 14.1.22: what the victim told one agency was not passed on and changed nothing.
"""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.intake import service
from app.intake.case_access import refuse_without_part_in_case
from app.intake.schemas import IncidentReceived
from app.referrals.repository import case_by_id, latest_referral_of
from app.referrals.schemas.requests import IncidentRequest

router = APIRouter(prefix="/v1", tags=["cases"])


@router.post(
    "/cases/{case_id}/incidents",
    operation_id="addCaseIncident",
    status_code=201,
    response_model=IncidentReceived,
    summary="Add an incident to a case that your agency has a part in",
)
def add_case_incident(case_id: str, sent: IncidentRequest, call: Writing) -> Response:
    """Records the incident, decides the case anew and tells its owners. Another agency may have made the referral."""

    def act() -> OperationResult:
        refuse_without_part_in_case(call.session, case_id)
        # The agency has a part in the case; its referral and incidents are still not the agency's to see.
        with call.as_system() as session:
            case, referral = case_by_id(session, case_id), latest_referral_of(session, case_id)
            assert case is not None  # noqa: S101 - its rows were seen a moment ago
            assert referral is not None  # noqa: S101 - a case begins with a referral
            routed = service.receive_incident(call.tx, referral, case, sent)
            record_act(call.tx, Category.ALTERATION, "case", case.id)
        received = IncidentReceived(
            case_id=case_id,
            incident_recorded_at=call.now,
            deceased=routed.deceased,
            retracted=list(routed.retracted),
        )
        return OperationResult(status=201, body=received.model_dump(mode="json"))

    return call.once(sent, act)
