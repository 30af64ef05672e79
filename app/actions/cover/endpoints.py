"""Cover for owners who are away, over HTTP."""

from fastapi import APIRouter, Response

from app.access.calls import Reading, Writing
from app.access.service import area_or_refuse
from app.actions.cover import repository, service
from app.actions.schemas import CoverEndRequest, CoverOut, CoverRequest
from app.audit.service import Category, record_act
from app.foundation.clock import london_date
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import MOST_ITEMS
from app.foundation.web.schema import Shown

router = APIRouter()


class Covers(Shown):
    """Who is away or will be, and who covers, the soonest first."""

    items: list[CoverOut]


@router.post(
    "/covers",
    operation_id="arrangeCover",
    status_code=201,
    response_model=CoverOut,
    summary="Name who covers for an owner who is away",
)
def arrange_cover(sent: CoverRequest, call: Writing) -> Response:
    """From the first day to the last the owner's actions and reminders go to the cover; then they go back."""

    def act() -> OperationResult:
        area_or_refuse(call.session, call.caller, sent.area)
        with call.as_system() as session:
            cover = service.arrange_cover(session, call.caller, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "cover", cover.id, call.now)
        return OperationResult(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return call.once(sent, act)


@router.get("/covers", operation_id="listCovers", summary="Who is away or will be, and who covers")
def list_covers(call: Reading) -> Covers:
    record_act(call.session, call.caller, Category.CONSULTATION, "cover", "list", call.now)
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
    """Every action that the cover had is answered for by its owner again, at once."""

    def act() -> OperationResult:
        if repository.cover_by_id(call.session, cover_id) is None:
            raise NotFound("there is no such cover, or it is not yours to see")
        with call.as_system() as session:
            cover = repository.cover_for_change(session, cover_id)
            assert cover is not None  # noqa: S101 - seen a moment ago
            service.end_cover(session, call.caller, cover, sent, call.now)
        record_act(call.session, call.caller, Category.ALTERATION, "cover", cover_id, call.now)
        return OperationResult(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return call.once(sent, act)
