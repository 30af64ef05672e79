"""Requests and responses of this room: a whole case, help requests, review prompts."""

from typing import Annotated

from pydantic import Field

from app.actions.response_schemas import ActionOut, ItemOut
from app.actions.schemas import MOST_AT_ONCE, NamedItem
from app.enquiries.schemas import EnquiryBriefOut
from app.foundation.web.schema import CivilDate, Instant, Shown, Strict, Text
from app.meetings.schemas import DischargeOut
from app.meetings.vocabulary import NotToContact
from app.ownership.response_schemas import NeedOut
from app.ownership.schemas import AcceptanceRequest
from app.referrals.before_contact.response_schemas import ContactNoteOut
from app.vocabulary import Grade, Role


class LaterOut(Shown):
    """A duty that opens on a later day: whose it is then, and until when."""

    action_id: str
    duty: str | None
    what: str
    owner_role: str
    opens_on: CivilDate
    due_on: CivilDate | None
    due_at: Instant | None


class GuardOut(Shown):
    """A rule that this service enforces at its moment, such as at the discharge."""

    duty: str
    rule: str
    holds_when: str


class CaseOut(Shown):
    """A case across all forums: who owns each need, who was asked, and what is not finished."""

    id: str
    reference: str
    area: str
    opened_at: Instant
    needs: list[NeedOut]
    before_contact: list[ContactNoteOut] | None = Field(
        description="What whoever reaches the victim must know first, as it stands now; null for everybody who is not "
        "of the victim's side"
    )
    do_not_contact: list[NotToContact] = Field(
        description="Whom nobody may contact by the research of an agency: agree with the MARAC co-ordinator first. "
        "Why is in the research, for those who read it"
    )
    open_actions: list[ActionOut]
    later: list[LaterOut] = Field(description="What opens on a later day, the earliest first")
    guards: list[GuardOut] = Field(
        description="What is refused to MARAC until it holds, by the newest decision; empty for everybody else"
    )
    open_enquiries: list[EnquiryBriefOut]
    discharges: list[DischargeOut]


class ProposalAcceptance(AcceptanceRequest):
    """The forum takes the need, and with it the actions of the owner before that it names."""

    actions: Annotated[tuple[NamedItem, ...], Field(max_length=MOST_AT_ONCE)] = Field(
        default=(),
        description="Actions of the cases of this need that the owner before holds, or nobody: your post owns them "
        "from now on. Each has its own result; what is refused changes nothing of the acceptance",
    )


class AcceptedOut(NeedOut):
    """The need with its new owner, and what came of each action that was named."""

    actions: list[ItemOut]


class ContactOwed(Shown):
    """The case that the request belongs to, and who contacts the victim and by when."""

    case_id: str
    case_reference: str
    action_id: str | None
    by_role: str | None
    by_agency: str | None
    due_on: CivilDate | None
    due_at: Instant | None
    deceased: str | None = Field(
        description="One sentence when a person of the case died: the report is kept, and nobody is sent to that person"
    )


class HelpReceived(Shown):
    """The request is stored and routed. It says who holds it and by when it is answered, but not the decision.

    It is the same whether or not this service knew the people before.
    """

    referral_id: str
    received_at: Instant
    held_by_role: Role
    held_by_agency: str | None
    answered_by: CivilDate = Field(
        description="By the end of this day somebody reaches the victim by the safe route, or has it agreed whether "
        "and how; until then reminders go up to the managers"
    )
    contact: ContactOwed | None = Field(description="For the hub and MARAC of the area; null for everybody else")


class IncidentReceived(Shown):
    """The incident is on record and the case was decided anew. The decision is not shown to a partner."""

    case_id: str
    incident_id: str = Field(description="Names your report, for a later review of its grade by your agency")
    incident_recorded_at: Instant
    deceased: str | None = Field(
        description="One sentence when a person of the case died: the report is kept, and nobody is sent to that person"
    )
    retracted: list[str] = Field(description="JSON pointers of the facts that this request took back by null")


class OwnReportReviewed(Shown):
    """The grade of your agency's own report is on record and the case was decided anew."""

    case_id: str
    incident_id: str
    grade: Grade
    reviewed_at: Instant


class DecideAnewRequest(Strict):
    """Why a person asks for a new decision."""

    reason: Text


class OtherCaseOut(Shown):
    """A later case of the same victim with another perpetrator."""

    case_id: str
    reference: str
    area: str
    opened_at: Instant
    perpetrator_known: bool


class CrossedCaseOut(Shown):
    """The case in which the same two people have the opposite roles. It has no line of its own in the list.

    `action_id` and `decide` are null unless this case too should be decided anew.
    """

    case_id: str
    reference: str
    area: str
    opened_at: Instant
    action_id: str | None
    opened_since: list[OtherCaseOut]
    decide: str | None


class ReviewPromptOut(Shown):
    """An open case whose decision stands until a person has it decided anew."""

    case_id: str
    reference: str
    area: str
    decision_id: str
    decided_at: Instant
    action_id: str
    owner_agency: str | None
    due_on: CivilDate | None
    opened_since: list[OtherCaseOut] = Field(description="The later cases that are the reason, in your own areas")
    reported_elsewhere: bool = Field(
        description="A report to another area is a reason: decide anew on what this service knows, which counts it"
    )
    crossed_with: list[CrossedCaseOut] = Field(
        description="The cases of the same two people with the opposite roles, in your own areas: one line of the list "
        "for the pair"
    )
    decide: str


class ReviewPromptListOut(Shown):
    """The cases to review, the one with the oldest decision first."""

    items: list[ReviewPromptOut]


class ConfirmationRequest(Strict):
    """Why the case is decided under the new policy."""

    reason: Text
