"""What the forms of the pages ask for. FastAPI reads each field from the query of the address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from app.actions.list_repository import ActionFilter
from app.foundation.web.schema import CivilDate
from app.pages.rendering.dates import rest_of_week
from app.vocabulary import Forum


def _none_if_blank(value: object) -> object:
    """Turns an empty field of a form, which a browser sends all the same, into none."""
    return value or None


_BlankIsNone = BeforeValidator(_none_if_blank)


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """Which actions the form or a counter of the board asks for."""

    overdue: Annotated[bool | None, _BlankIsNone] = None
    unreviewed: Annotated[bool | None, _BlankIsNone] = None
    due_this_week: Annotated[bool | None, _BlankIsNone] = None
    owner_agency: Annotated[str, Query(max_length=64)] = ""
    forum: Annotated[Forum | None, _BlankIsNone] = None

    def actions(self, now: datetime) -> ActionFilter:
        """Turns the form into a filter of actions; "this week" ends with the week of `now`."""
        due_after, due_before = rest_of_week(now) if self.due_this_week else (None, None)
        return ActionFilter(
            overdue=self.overdue,
            unreviewed=self.unreviewed,
            owner_agency=self.owner_agency or None,
            forum=self.forum,
            due_before=due_before,
            due_after=due_after,
        )


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """The area, the forum and the London days that the form of the statistics asks for."""

    area: Annotated[str | None, _BlankIsNone, Query(max_length=64)] = None
    forum: Annotated[Forum | None, _BlankIsNone] = None
    first: Annotated[CivilDate | None, _BlankIsNone, Query(alias="from")] = None
    last: Annotated[CivilDate | None, _BlankIsNone, Query(alias="to")] = None
