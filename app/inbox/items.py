"""One item of the inbox, and what each room's row says as one: ids, posts, times, and words without a person.

The module is long because it is one table: every kind stands beside the others and says the same things.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.actions.asked_repository import AskedAction
from app.enquiries.asked_repository import EnquiryToAnswer
from app.flows.asked_repository import ReleaseToReceive
from app.foundation.asked import Place, Urgency, place_of
from app.inbox import wording
from app.inbox.repository import SetUpFault
from app.inbox.vocabulary import NUMBERED, InboxKind, InboxSubject
from app.meetings.repositories.asked_repository import MeetingToPrepare, ResearchToReturn, ReturnToCountersign
from app.ownership.asked_repository import AskedProposal, AskedTransfer, EndingToConfirm, NotTaken
from app.people.linking.asked_repository import LinkToAnswer
from app.people.linking.asking import OPEN_PROPOSALS
from app.vocabulary import ActionState, Forum
from app.webhooks.models import WorkItem


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that is asked of one post. `due_on` is set where a date and not an instant was."""

    kind: InboxKind
    subject: tuple[InboxSubject, str]
    area: str
    what: str
    post: tuple[str, str | None]
    urgency: Urgency
    case_id: str | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    links: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where it stands in the order."""
        return place_of(self.urgency, NUMBERED[self.kind], self.subject[1])


_ACTS = {InboxKind.REVIEW: "reviews"}


def of_action(row: AskedAction, kind: InboxKind) -> InboxItem:
    """Returns an action to do, to send on because it came back, or to review because somebody reported it."""
    here = f"/v1/actions/{row.id}"
    act = "reassignments" if row.state == ActionState.RETURNED else _ACTS.get(kind, "outcomes")
    return InboxItem(
        kind=kind,
        subject=(InboxSubject.ACTION, row.id),
        area=row.area,
        what=wording.action_words(row, kind),
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from, danger=row.life_safety, came_back=kind is InboxKind.DECLINE),
        case_id=row.case_id,
        due_on=row.due_on,
        due_at=row.due_at,
        links={"subject": here, "act": f"{here}/{act}"},
    )


def of_proposal(row: AskedProposal) -> InboxItem:
    """Returns a forum's question whether it leads or supports."""
    here = f"/v1/proposals/{row.id}"
    return InboxItem(
        kind=InboxKind.PROPOSAL,
        subject=(InboxSubject.PROPOSAL, row.id),
        area=row.area,
        what=wording.proposal_words(row),
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_at=row.late_from,
        links={"accept": f"{here}/acceptances", "decline": f"{here}/declines"},
    )


def of_not_taken(row: NotTaken, chair: tuple[str, str | None]) -> InboxItem:
    """Returns a forum's refusal or silence, for the chair to decide who is asked next."""
    need = f"/v1/needs/{row.need_id}"
    return InboxItem(
        kind=InboxKind.NOT_TAKEN,
        subject=(InboxSubject.PROPOSAL, row.id),
        area=row.area,
        what=wording.not_taken_words(row),
        post=chair,
        urgency=Urgency(row.came_back_at, came_back=True),
        case_id=row.case_id,
        due_at=row.came_back_at,
        links={"subject": need, "propose": f"{need}/proposals", "override": f"{need}/overrides"},
    )


def of_transfer(row: AskedTransfer) -> InboxItem:
    """Returns another area's question whether this one takes over."""
    here = f"/v1/transfers/{row.id}"
    return InboxItem(
        kind=InboxKind.TRANSFER,
        subject=(InboxSubject.TRANSFER, row.id),
        area=row.area,
        what=wording.TRANSFER_WORDS,
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_at=row.late_from,
        links={"subject": here, "accept": f"{here}/acceptances", "decline": f"{here}/declines"},
    )


def of_ending(row: EndingToConfirm) -> InboxItem:
    """Returns the ending of a need for a second person to confirm."""
    here = f"/v1/endings/{row.id}"
    return InboxItem(
        kind=InboxKind.ENDING,
        subject=(InboxSubject.ENDING, row.id),
        area=row.area,
        what=wording.ending_words(row),
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_at=row.late_from,
        links={"subject": here, "accept": f"{here}/confirmations", "decline": f"{here}/refusals"},
    )


def of_release(row: ReleaseToReceive) -> InboxItem:
    """Returns something known elsewhere that was released to the post, until a named person receives it."""
    here = f"/v1/releases/{row.id}"
    return InboxItem(
        kind=InboxKind.RELEASE,
        subject=(InboxSubject.RELEASE, row.id),
        area=row.area,
        what=wording.release_words(row),
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from, danger=row.danger),
        case_id=row.case_id,
        due_on=row.due_on,
        due_at=row.due_at,
        links={"subject": here, "act": f"{here}/receipts"},
    )


def of_link(row: LinkToAnswer) -> InboxItem:
    """Returns the question whether two pseudonyms are one person."""
    here = f"/v1/link-proposals/{row.id}"
    return InboxItem(
        kind=InboxKind.LINK,
        subject=(InboxSubject.LINK_PROPOSAL, row.id),
        area=row.area,
        what=wording.LINK_WORDS,
        post=(row.role, row.agency),
        urgency=Urgency(row.answer_by),
        due_at=row.answer_by,
        links={"subject": OPEN_PROPOSALS, "accept": f"{here}/confirmations", "decline": f"{here}/refusals"},
    )


def of_enquiry(row: EnquiryToAnswer) -> InboxItem:
    """Returns everything that one post is asked to look up about a case."""
    here = f"/v1/enquiries/{row.id}"
    return InboxItem(
        kind=InboxKind.ENQUIRY,
        subject=(InboxSubject.ENQUIRY, row.id),
        area=row.area,
        what=wording.enquiry_words(row),
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_at=row.late_from,
        links={"subject": here, "act": f"{here}/answers"},
    )


def of_research(row: ResearchToReturn) -> InboxItem:
    """Returns a request for what the agency holds on a case."""
    here = f"/v1/research-requests/{row.id}"
    return InboxItem(
        kind=InboxKind.RESEARCH,
        subject=(InboxSubject.RESEARCH_REQUEST, row.id),
        area=row.area,
        what=wording.RESEARCH_WORDS,
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_on=row.due_on,
        links={"subject": here, "act": f"{here}/returns", "meeting": f"/v1/meetings/{row.meeting_id}"},
    )


def of_countersignature(row: ReturnToCountersign) -> InboxItem:
    """Returns a return that a second person is to countersign."""
    here = f"/v1/research-returns/{row.id}"
    return InboxItem(
        kind=InboxKind.COUNTERSIGNATURE,
        subject=(InboxSubject.RESEARCH_RETURN, row.id),
        area=row.area,
        what=wording.COUNTERSIGNATURE_WORDS,
        post=(row.role, row.agency),
        urgency=Urgency(row.late_from),
        case_id=row.case_id,
        due_on=row.due_on,
        links={"subject": here, "act": f"{here}/countersignatures"},
    )


def of_meeting(row: MeetingToPrepare, post: tuple[str, str | None]) -> InboxItem:
    """Returns a meeting with what is due for it next."""
    here = f"/v1/meetings/{row.id}"
    act = "minutes" if row.completed else "completions"
    return InboxItem(
        kind=InboxKind.MEETING,
        subject=(InboxSubject.MEETING, row.id),
        area=row.area,
        what=wording.meeting_words(row),
        post=post,
        urgency=Urgency(row.late_from),
        due_on=row.stage_due_on,
        links={"subject": here, "list": f"{here}/list", "agenda": f"{here}/agenda", "act": f"{here}/{act}"},
    )


def of_work_item(row: WorkItem, post: tuple[str, str | None]) -> InboxItem:
    """Returns what delivery cannot do by itself."""
    return InboxItem(
        kind=InboxKind.WORK_ITEM,
        subject=(InboxSubject.WORK_ITEM, row.id),
        area=row.area,
        what=wording.work_item_words(row),
        post=post,
        urgency=Urgency(row.opened_at, came_back=True),
        case_id=row.case_id,
        due_at=row.opened_at,
        links={"act": f"/v1/work-items/{row.id}/closures"},
    )


def of_fault(fault: SetUpFault, post: tuple[str, str | None], now: datetime) -> InboxItem:
    """Returns a fault of the area's set-up. It has no date of its own and stands last among what came back."""
    subject = InboxSubject.POST if fault.role else InboxSubject.FORUM
    return InboxItem(
        kind=InboxKind.SET_UP,
        subject=(subject, f"{fault.area}:{fault.role or Forum.MARAC}"),
        area=fault.area,
        what=wording.fault_words(fault),
        post=post,
        urgency=Urgency(now, came_back=True),
        links={} if fault.role else {"act": "/v1/meeting-cycles"},
    )
