"""Takes the answers of an enquiry over HTTP. The endpoint is here, because an answer decides the case anew."""

from fastapi import APIRouter, Response

from app.access.calls import Writing
from app.audit.service import Category, record_act
from app.enquiries.lookup import find_enquiry
from app.enquiries.presenters import enquiries_out
from app.enquiries.schemas import AnswersRequest, EnquiryOut
from app.foundation.web.idempotency import OperationResult
from app.intake.enquiries.answers import receive_answers

router = APIRouter(prefix="/v1", tags=["enquiries"])


@router.post(
    "/enquiries/{enquiry_id}/answers",
    operation_id="answerEnquiry",
    status_code=201,
    response_model=EnquiryOut,
    summary="Answer questions of an enquiry, in part or whole; the case is decided anew",
)
def answer_enquiry(enquiry_id: str, sent: AnswersRequest, call: Writing) -> Response:
    """Records the answers of the agency that is asked, or of the area's co-ordinator. Other questions stay asked.

    The decision is not shown to a partner. Answers 409 when a question has ended.
    """

    def act() -> OperationResult:
        enquiry = find_enquiry(call.session, enquiry_id)
        # The enquiry is the caller's to answer; the referral and what decides it may not be.
        with call.as_system() as session:
            receive_answers(call.tx, enquiry, sent)
            record_act(call.tx, Category.ALTERATION, "enquiry", enquiry.id)
            body = enquiries_out(session, [enquiry], call.caller)[0].model_dump(mode="json")
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/enquiries/{enquiry.id}"})

    return call.once(sent, act)
