"""What the forms of the pages ask for. FastAPI reads each field from the query of the address."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from app.foundation.asked import AskedSection
from app.foundation.web.schema import CivilDate
from app.inbox.service import InboxFilter
from app.inbox.vocabulary import InboxKind
from app.vocabulary import Forum, Role


def _none_if_blank(value: object) -> object:
    """Turns an empty field of a form, which a browser sends all the same, into none."""
    return value or None


_BlankIsNone = BeforeValidator(_none_if_blank)


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """What the form or a counter of the board asks for."""

    kind: Annotated[InboxKind | None, _BlankIsNone] = None
    section: Annotated[AskedSection | None, _BlankIsNone] = None
    role: Annotated[Role | None, _BlankIsNone] = None

    def wanted(self) -> InboxFilter:
        """Turns the form into a filter of the inbox."""
        return InboxFilter((self.kind,) if self.kind else (), self.section, self.role)


@dataclass(frozen=True, slots=True)
class StatisticsQuery:
    """The area, the forum and the London days that the form of the statistics asks for."""

    area: Annotated[str | None, _BlankIsNone, Query(max_length=64)] = None
    forum: Annotated[Forum | None, _BlankIsNone] = None
    first: Annotated[CivilDate | None, _BlankIsNone, Query(alias="from")] = None
    last: Annotated[CivilDate | None, _BlankIsNone, Query(alias="to")] = None
