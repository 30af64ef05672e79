"""The inbox over HTTP."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from app.foundation.asked import AskedSection
from app.foundation.web.pagination import DEFAULT_LIMIT, PageInfo
from app.foundation.web.schema import Instant, Shown
from app.inbox.vocabulary import InboxKind, InboxSubject
from app.vocabulary import Role


class InboxQuery(BaseModel):
    """The filters of the inbox, all joined by "and", and which page of it. `kind` may be given more than once."""

    kind: Annotated[list[InboxKind], Field(max_length=len(InboxKind))] = []
    section: AskedSection | None = None
    role: Role | None = None
    area: Annotated[str | None, Field(max_length=64)] = None
    limit: Annotated[int, Field(ge=1)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=500)] = None


class InboxItemOut(Shown):
    """One thing that is asked of one post. `what` names no person."""

    kind: InboxKind
    section: AskedSection
    subject_type: InboxSubject
    subject_id: str
    case_id: str | None
    case_reference: str | None = Field(description="How people call the case in a meeting")
    area: str
    what: str
    owner_role: str
    owner_agency: str | None = Field(description="Null while nobody fills the post: its area's co-ordinator stands in")
    due_on: date | None
    due_at: Instant | None
    late_from: Instant = Field(description="From then on it is late; a date counts until the end of its London day")
    time_zone: str = "Europe/London"
    links: dict[str, str] = Field(description="`subject`: to read it. `act`, `accept`, `decline`: what ends it")


class InboxCountsOut(Shown):
    """How many items meet the filters. 1001 means more than a thousand."""

    in_all: int
    by_kind: dict[InboxKind, int]
    by_section: dict[AskedSection, int]


class InboxOut(Shown):
    """One page of the inbox, in the order danger, came back, late for longest, today, next.

    `as_of` is when the first page was read; the pages after it keep its order, and have no `counts`.
    """

    as_of: Instant
    items: list[InboxItemOut]
    counts: InboxCountsOut | None
    page: PageInfo
    links: dict[str, str] = Field(default_factory=dict)
