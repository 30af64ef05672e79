"""Requests and responses about what was released."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, StrictBool, StrictInt

from app.flows.vocabulary import FlowReceiver, MisdirectionReason, ReleaseForm
from app.foundation.web.schema import Code, Instant, Shown, Strict
from app.vocabulary import Role

FieldValue = StrictBool | StrictInt | str | Annotated[list[str], Field(max_length=50)]


class ReleaseRequest(Strict):
    """What a person of the flow's post releases. Who receives it follows from the record.

    `content` has the fields of the flow; whom to ring is filled in. `marked` names the texts that their author lets
    cross to the other side.
    """

    flow: Annotated[str, Field(pattern=r"^F\d{1,2}$")]
    receiver: FlowReceiver
    to_area: Code | None = Field(default=None, description="Of a new area, or of who is on call")
    content: dict[str, FieldValue]
    marked: Annotated[tuple[str, ...], Field(max_length=10)] = ()


class MisdirectionRequest(Strict):
    """Why what was released is not your agency's."""

    reason: MisdirectionReason


class ReleaseOut(Shown):
    """One fact that was released to a post of an agency: what passes, by when, and which named person received it.

    `case_id` is the receiver's own case, by which the perpetrator is known there.
    """

    id: str
    flow: str = Field(description="The row of docs/flows.md: the fact, and who is told of it")
    what: str
    agency: str
    role: Role
    area: str
    case_id: str | None
    perpetrator_ref: str | None = Field(description="The perpetrator as your own case names them")
    form: ReleaseForm
    content: dict[str, Any]
    danger: bool
    due_on: date | None
    due_at: Instant | None
    time_zone: str = "Europe/London"
    released_at: Instant
    received_at: Instant | None
    received_by: str | None
    misdirected_at: Instant | None
    misdirected_because: MisdirectionReason | None
    handling: str
    links: dict[str, str] = Field(default_factory=dict)


class ReleasesMadeOut(Shown):
    """What was released: one for each receiver."""

    items: list[ReleaseOut]
