"""Cover for owners who are away, over HTTP."""

from fastapi import APIRouter, Request, Response

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import area_or_refuse, as_system
from app.actions import cover_repository, covers
from app.actions.schemas import CoverEndRequest, CoverOut, CoverRequest
from app.audit.service import Category, record_act
from app.foundation.clock import london_date
from app.foundation.errors import NotFound
from app.foundation.idempotency import Answer, IdempotencyKey, once
from app.foundation.pagination import MOST_ITEMS
from app.foundation.schema import Shown

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
def arrange_cover(
    sent: CoverRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """From the first day to the last the owner's actions and reminders go to the cover; then they go back."""

    def act() -> Answer:
        area_or_refuse(session, caller, sent.area)
        with as_system(session, caller, rows_of(request)):
            cover = covers.arrange_cover(session, caller, sent, clock.now())
        record_act(session, caller, Category.ALTERATION, "cover", cover.id, clock.now())
        return Answer(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)


@router.get("/covers", operation_id="listCovers", summary="Who is away or will be, and who covers")
def list_covers(caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock) -> Covers:
    record_act(session, caller, Category.CONSULTATION, "cover", "list", clock.now())
    rows = cover_repository.list_covers(session, london_date(clock.now()), MOST_ITEMS)
    return Covers(items=[CoverOut.model_validate(row) for row in rows])


@router.post(
    "/covers/{cover_id}/endings",
    operation_id="endCover",
    status_code=201,
    response_model=CoverOut,
    summary="End a cover early: the owner is back, or somebody else takes over",
)
def end_cover(
    cover_id: str,
    sent: CoverEndRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """Every action that the cover had is answered for by its owner again, at once."""

    def act() -> Answer:
        if cover_repository.cover_by_id(session, cover_id) is None:
            raise NotFound("there is no such cover, or it is not yours to see")
        with as_system(session, caller, rows_of(request)):
            cover = cover_repository.cover_for_change(session, cover_id)
            assert cover is not None  # noqa: S101 - seen a moment ago
            covers.end_cover(session, caller, cover, sent, clock.now())
        record_act(session, caller, Category.ALTERATION, "cover", cover_id, clock.now())
        return Answer(status=201, body=CoverOut.model_validate(cover).model_dump(mode="json"))

    return once(session, request, caller.client_id, key, sent, clock.now(), act)
