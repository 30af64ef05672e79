"""The statistics of an area over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.calls import Reading
from app.access.service import area_or_refuse
from app.audit.service import Category, record_act
from app.foundation.web.schema import CivilDate, Code
from app.statistics.counting import Period
from app.statistics.report import area_statistics
from app.statistics.schemas import StatisticsOut
from app.vocabulary import Forum

router = APIRouter(prefix="/v1", tags=["meetings"])


@router.get(
    "/statistics",
    operation_id="getStatistics",
    summary=(
        "Statistics of an area and a period: screened and heard, refused and why, late and failed, how long it took"
    ),
)
def get_statistics(
    call: Reading,
    area: Annotated[Code, Query()],
    first: Annotated[CivilDate, Query(alias="from")],
    last: Annotated[CivilDate, Query(alias="to")],
    forum: Forum | None = None,
) -> StatisticsOut:
    """Counts from the first day to the last, both included.

    The counts are for the partnership's own review; a small count can point to a person.
    """
    area_or_refuse(call.session, call.caller, area)
    # The area is the caller's own; a count needs the rows of every agency in it.
    with call.as_system() as session:
        statistics = area_statistics(session, area, Period(first, last), forum, call.now)
    record_act(call.tx, Category.CONSULTATION, "statistics", area)
    return statistics
