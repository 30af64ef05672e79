"""Requests and responses about research: what agencies return before a hearing, and how a request stands.

A return tells fact from opinion, says what is kept back and why, and whom nobody may contact (SafeLives, MARAC research
form: read on its page, the form itself was not readable).
A supervising service answers every part by name. It says what it does not know and leaves nothing out
(DHR "Jean" 14.2.11: probation's return left out an order).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from app.actions.response_schemas import CoveredBy
from app.foundation.web.schema import CivilDate, Explained, Instant, Line, Shown, Strict, refuses_nought
from app.meetings.vocabulary import (
    NotToContact,
    ResearchBasis,
    ResearchForm,
    ResearchState,
    ResearchSubject,
    ReturnState,
)
from app.routing.policy.vocabulary import LicenceKind, OrderKind, RoshLevel

NotAssessed = Literal["NOT_ASSESSED"]
LongText = Annotated[str, Field(min_length=1, max_length=8000)]
_SAY_NOT_MANAGED = 'say "NOT_MANAGED" (elsewhere `not_managed: true`) of somebody whom MAPPA is known not to manage'
NOT_CONTACTED = (
    "Use what your records and your workers hold. The victim is not contacted for this; where the risk is immediate, "
    "ask the IDVA or the referrer first."
)


class OrderHeld(Strict):
    """An order or bail condition that protects somebody from the perpetrator."""

    kind: OrderKind
    protects: Line
    ends_on: CivilDate | None = None
    breached: StrictBool | None = None


class RoshByGroup(Strict):
    """Risk of serious harm, for each group on its own."""

    public: RoshLevel | NotAssessed
    known_adult: RoshLevel | NotAssessed
    children: RoshLevel | NotAssessed
    staff: RoshLevel | NotAssessed
    assessed_on: CivilDate | None


class MappaHeld(Strict):
    """The perpetrator's MAPPA management.

    "UNKNOWN" is an answer; "NOT_MANAGED" says that it was looked up and MAPPA does not manage the perpetrator.
    """

    level: Annotated[
        Annotated[StrictInt, Field(ge=1, le=3)] | Literal["NOT_MANAGED", "UNKNOWN"],
        refuses_nought(f'{_SAY_NOT_MANAGED}, and "UNKNOWN" (elsewhere leave it out) where that is not known'),
    ]
    category: Annotated[
        Annotated[StrictInt, Field(ge=1, le=4)] | None,
        refuses_nought(f"send null (elsewhere leave it out) where it is not known; as the level {_SAY_NOT_MANAGED}"),
    ]
    next_review_on: CivilDate | None


class LicenceHeld(Strict):
    """The licence or order under which the perpetrator is supervised."""

    kind: LicenceKind
    ends_on: CivilDate | None
    conditions: LongText


class AddressHeld(Strict):
    """What is known of where the perpetrator lives, without the address.

    It says whether the address was checked, and who else lives there.
    """

    approved: StrictBool | None
    checked_on: CivilDate | None
    shares_with_partner_or_child: StrictBool | None


class SupervisionReturn(Strict):
    """Everything that a supervising service holds; each part is required (D12).

    An empty list means: searched, none found.
    """

    da_history: LongText
    orders: Annotated[tuple[OrderHeld, ...], Field(max_length=50)]
    rosh: RoshByGroup
    mappa: MappaHeld
    licences: Annotated[tuple[LicenceHeld, ...], Field(max_length=20)]
    address: AddressHeld


class ResearchItem(Strict):
    """One thing that an agency holds and shares. A fact is what its record shows; a judgement is an opinion."""

    about: ResearchSubject
    text: LongText
    basis: ResearchBasis
    last_contact_on: CivilDate | None = None


class ContactBar(Strict):
    """Somebody whom nobody may contact, and why."""

    who: NotToContact
    reason: Line


class ReturnRequest(Strict):
    """An agency's answer: what it holds and shares, that it keeps something back, or that it holds nothing.

    The victim is not contacted for it.
    """

    nothing_held: StrictBool = False
    items: Annotated[tuple[ResearchItem, ...], Field(max_length=50)] = ()
    kept_back_reason: Explained | None = Field(
        default=None, description="What was found and is not shared, and why. Shown at no meeting"
    )
    do_not_contact: Annotated[tuple[ContactBar, ...], Field(max_length=10)] = ()
    supervision: SupervisionReturn | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ReturnRequest":
        held = bool(self.items) or self.supervision is not None or self.kept_back_reason is not None
        says = held or self.nothing_held or bool(self.do_not_contact)
        if not says or (self.nothing_held and held):
            raise ValueError(
                "give items, supervision, kept_back_reason or do_not_contact, or say nothing_held; not both"
            )
        return self


class SharedItemOut(Shown):
    """An item that an agency shares, and which agency."""

    agency: str
    about: ResearchSubject
    text: str
    last_contact_on: date | None


class ContactBarOut(Shown):
    """Somebody whom nobody may contact, and which agency says so."""

    agency: str
    who: NotToContact
    reason: str


class SharedResearchOut(Shown):
    """What agencies share about a case, facts and opinions apart. What an agency keeps back is not in it."""

    facts: list[SharedItemOut]
    opinions: list[SharedItemOut]
    do_not_contact: list[ContactBarOut]
    kept_back_by: list[str] = Field(description="The agencies that keep something back; they are asked, not read")


class ResearchOut(Shown):
    """One agency's research for one case: when it was asked, when it is due, whether it was returned."""

    id: str
    meeting_id: str
    case_id: str
    action_id: str
    agency: str
    form: ResearchForm
    due_on: date
    covered_by: CoveredBy | None = Field(description="Who returns for the agency while it is away")
    requested_at: Instant
    state: ResearchState
    returned_at: Instant | None
    waits_for_countersignature: bool = Field(
        description="A return was written that does not count until a second person of its agency countersigns it"
    )
    instruction: str = NOT_CONTACTED
    do_not_contact: list[NotToContact] = Field(
        description="Whom nobody may contact by any agency's research: agree with the MARAC co-ordinator first"
    )


class ReturnOut(Shown):
    """A return as it was sent, with a warning for each contradiction in it."""

    id: str
    request_id: str
    case_id: str
    document: dict[str, Any]
    state: ReturnState
    countersigned_by: str | None
    returned_by: str
    returned_at: Instant
    warnings: list[str]


class ResearchList(Shown):
    """Research requests, the earliest due first."""

    items: list[ResearchOut]
