"""Notices over HTTP: what a case's agencies were told, and a named person's receipt."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from app.access.calls import Reading, Writing
from app.actions.notices import repository
from app.actions.notices.models import WorkNotice
from app.actions.outcomes.notice_receipt import receive_notices
from app.actions.repository import hold_cases
from app.actions.response_schemas import NoticeOut
from app.audit.service import Category, record_act
from app.foundation.errors import Forbidden, NotFound
from app.foundation.web.idempotency import OperationResult

router = APIRouter()


@router.get("/notices", operation_id="listNotices", summary="What agencies of a case were told, and who received it")
def list_notices(call: Reading, case_id: Annotated[str, Query(max_length=64)]) -> list[NoticeOut]:
    """Lists the notices of the case that the caller sent or received, the oldest first."""
    record_act(call.tx, Category.CONSULTATION, "notice", "list")
    return [NoticeOut.model_validate(one) for one in repository.notices_of_case(call.session, case_id)]


@router.post(
    "/notices/{notice_id}/receipts",
    operation_id="receiveNotice",
    status_code=201,
    response_model=NoticeOut,
    summary="Say that a named person has received a notice",
)
def post_receipt(notice_id: str, call: Writing) -> Response:
    """The sender's action to tell your agency, if one was opened, ends in the same commit."""

    def receive() -> OperationResult:
        notice = _find_notice(call.session, notice_id)
        if notice.agency != call.caller.agency:
            raise Forbidden("a notice is received by the agency that it went to")
        with call.as_system() as session:  # the sender's action is not always the receiver's to see
            hold_cases(session, [notice.case_id])
            receive_notices(call.tx, [repository.notice_for_change(session, notice.id)], call.tx.by)
        record_act(call.tx, Category.ALTERATION, "notice", notice.id)
        body = NoticeOut.model_validate(notice).model_dump(mode="json")
        return OperationResult(status=201, body=body, headers={"Location": f"/v1/notices?case_id={notice.case_id}"})

    return call.once(None, receive)


def _find_notice(session: Session, notice_id: str) -> WorkNotice:
    notice = repository.notice_by_id(session, notice_id)
    if notice is None:
        raise NotFound("there is no such notice, or it is not yours to see")
    return notice
