"""Covers for owners who are away, over HTTP."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.access.service import area_or_refuse
from app.actions.cover import repository, service
from app.actions.cover.lookup import find_cover
from app.actions.cover.schemas import CoverEndRequest, CoverOut, CoverRequest, Covers
from app.audit.service import Category, record_act
from app.foundation.clock import london_date
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import MOST_ITEMS

router = APIRouter()


@router.post(
    "/covers",
    operation_id="arrangeCover",
    status_code=201,
    response_model=CoverOut,
    summary="Name who covers for an owner who is away",
)
def arrange_cover(sent: CoverRequest, call: Writing) -> Response:
    """From the first day to the last the owner's actions and reminders go to the cover; then they go back."""

    def arrange() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system():
            cover = service.arrange_cover(call.tx, sent)
        record_act(call.tx, Category.ALTERATION, "cover", cover.id)
        return OperationResult(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return call.once(sent, arrange)


@router.get("/covers", operation_id="listCovers", summary="Who is away or will be, and who covers")
def list_covers(call: Reading) -> Covers:
    record_act(call.tx, Category.CONSULTATION, "cover", "list")
    rows = repository.list_covers(call.session, london_date(call.now), MOST_ITEMS)
    return Covers(items=[CoverOut.model_validate(row) for row in rows])


@router.post(
    "/covers/{cover_id}/endings",
    operation_id="endCover",
    status_code=201,
    response_model=CoverOut,
    summary="End a cover early: the owner is back, or somebody else takes over",
)
def end_cover(cover_id: str, sent: CoverEndRequest, call: Writing) -> Response:
    """Ends the cover. The owner answers for every covered action again, at once."""

    def end() -> OperationResult:
        find_cover(call.session, cover_id)  # among the caller's own rows, before the filter is lifted
        with call.as_system() as session:
            cover = repository.cover_for_change(session, cover_id)
            assert cover is not None  # noqa: S101 - found above, and covers are never deleted
            service.end_cover(call.tx, cover, sent)
        record_act(call.tx, Category.ALTERATION, "cover", cover_id)
        return OperationResult(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return call.once(sent, end)
