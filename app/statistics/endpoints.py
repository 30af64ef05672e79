"""The report of figures over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.web.schema import CivilDate, Code
from app.statistics.counting import Period
from app.statistics.report import figures_of
from app.statistics.schemas import StatisticsOut
from app.vocabulary import Forum

router = APIRouter(prefix="/v1", tags=["meetings"])


@router.get(
    "/figures",
    operation_id="getFigures",
    summary="Figures of an area and a period: screened and heard, refused and why, late and failed, how long it took",
)
def get_figures(
    call: Reading,
    area: Annotated[Code, Query()],
    first: Annotated[CivilDate, Query(alias="from")],
    last: Annotated[CivilDate, Query(alias="to")],
    forum: Forum | None = None,
) -> StatisticsOut:
    """Both days are included. Counts only, for the partnership's own review; a small count can point to a person."""
    area_or_refuse(call.session, call.caller, area)
    with call.as_system() as session:
        figures = figures_of(session, area, Period(first, last), forum, call.now)
    record_act(call.session, call.caller, Category.CONSULTATION, "figures", area, call.now)
    return figures
