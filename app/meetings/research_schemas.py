"""What agencies send back before a hearing, and how a request stands.

A supervising service answers every part by name: what is not known is said to be so, never left out
(DHR "Jean" 14.2.11: probation's return left out an order).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from app.foundation.web.schema import CivilDate, Code, Instant, Line, Shown, Strict, Text
from app.routing.policy.vocabulary import LicenceKind, OrderKind, RoshLevel

NotAssessed = Literal["NOT_ASSESSED"]
Told = Annotated[str, Field(min_length=1, max_length=8000)]


class ResearchForm(StrEnum):
    """Which questions an agency is asked."""

    AGENCY = "AGENCY"
    SUPERVISION = "SUPERVISION"


class ResearchState(StrEnum):
    """How a request stands. NOT_RETURNED is awaited no more: its day has passed."""

    AWAITED = "AWAITED"
    RETURNED = "RETURNED"
    NOT_RETURNED = "NOT_RETURNED"


class OrderHeld(Strict):
    """An order or bail condition that protects somebody from him."""

    kind: OrderKind
    protects: Line
    ends_on: CivilDate | None = None
    breached: StrictBool | None = None


class RoshByGroup(Strict):
    """Risk of serious harm, for each group by itself."""

    public: RoshLevel | NotAssessed
    known_adult: RoshLevel | NotAssessed
    children: RoshLevel | NotAssessed
    staff: RoshLevel | NotAssessed
    assessed_on: CivilDate | None


class MappaHeld(Strict):
    """His MAPPA management. "UNKNOWN" is an answer; 0 says that he is known not to be managed."""

    level: Annotated[StrictInt, Field(ge=0, le=3)] | Literal["UNKNOWN"]
    category: Annotated[StrictInt, Field(ge=1, le=4)] | None
    next_review_on: CivilDate | None


class LicenceHeld(Strict):
    """The licence or order he is supervised under."""

    kind: LicenceKind
    ends_on: CivilDate | None
    conditions: Told


class AddressHeld(Strict):
    """Where he lives, without the address itself: whether it was checked, and whether a partner or child is there."""

    approved: StrictBool | None
    checked_on: CivilDate | None
    shares_with_partner_or_child: StrictBool | None


class SupervisionReturn(Strict):
    """Everything a supervising service holds; each part is required (D12). An empty list says "looked, none"."""

    da_history: Told
    orders: Annotated[tuple[OrderHeld, ...], Field(max_length=50)]
    rosh: RoshByGroup
    mappa: MappaHeld
    licences: Annotated[tuple[LicenceHeld, ...], Field(max_length=20)]
    address: AddressHeld


class ReturnRequest(Strict):
    """An agency's answer: what it holds, or that it holds nothing on either person."""

    nothing_held: StrictBool = False
    holds: Told | None = None
    supervision: SupervisionReturn | None = None
    countersigned_by: Line | None = Field(
        default=None, description="A supervision return is countersigned by a second person"
    )

    @model_validator(mode="after")
    def _says_something(self) -> "ReturnRequest":
        if self.nothing_held == (self.holds is not None or self.supervision is not None):
            raise ValueError("give holds or supervision, or say nothing_held; not both and not neither")
        return self


class ResearchOut(Shown):
    """One agency's research for one case: asked when, due when, returned or not."""

    id: str
    meeting_id: str
    case_id: str
    action_id: str
    agency: str
    form: ResearchForm
    due_on: date
    requested_at: Instant
    state: ResearchState
    returned_at: Instant | None


class ReturnOut(Shown):
    """A return as it was sent, with what contradicts itself in it."""

    id: str
    request_id: str
    case_id: str
    document: dict[str, Any]
    countersigned_by: str | None
    returned_by: str
    returned_at: Instant
    warnings: list[str]


class ResearchList(Shown):
    """Research asked for; the earliest due first."""

    items: list[ResearchOut]


class AttendanceKind(StrEnum):
    """How an agency took part: information without a person counts, silence is named."""

    PRESENT = "PRESENT"
    SENT_INFORMATION = "SENT_INFORMATION"
    NEITHER = "NEITHER"


class AttendanceLine(Strict):
    """How one agency took part."""

    agency: Code
    how: AttendanceKind
    note: Text | None = None


class AttendanceRequest(Strict):
    """How agencies took part in a meeting. A later line for an agency corrects the earlier one, which is kept."""

    agencies: Annotated[tuple[AttendanceLine, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _one_line_each(self) -> "AttendanceRequest":
        if len({line.agency for line in self.agencies}) < len(self.agencies):
            raise ValueError("give one line for each agency")
        return self


class AttendanceOut(Shown):
    """One agency at one meeting; `how` is null while nobody has recorded it."""

    agency: str
    how: AttendanceKind | None
    note: str | None
    recorded_by: str | None


class AttendanceList(Shown):
    """Everyone who was invited or asked, and how each took part."""

    items: list[AttendanceOut]
