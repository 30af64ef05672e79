"""What is asked, in one plain line each. No person stands in it: forums, posts, days and counts only.

The words of an action are those of the policy or of the meeting that agreed it.
"""

from collections.abc import Mapping

from app.actions.asked_repository import AskedAction
from app.enquiries.asked_repository import EnquiryToAnswer
from app.flows.asked_repository import ReleaseToReceive
from app.flows.catalogue import flows
from app.flows.vocabulary import ReleaseForm
from app.inbox.repository import SetUpFault
from app.inbox.vocabulary import InboxKind
from app.meetings.repositories.asked_repository import MeetingToPrepare
from app.ownership.asked_repository import AskedProposal, EndingToConfirm, NotTaken
from app.ownership.vocabulary import ProposalKind
from app.routing.policy.labels import capitalised, forum_name, in_words, role_name
from app.vocabulary import ActionState, EndReason, NeedKind
from app.webhooks.models import WorkItem
from app.webhooks.vocabulary import WorkKind

TRANSFER_WORDS = "Accept or decline: another area asks this one to take over a victim's safety"
COUNTERSIGNATURE_WORDS = "Read what your agency wrote on this case and countersign it: until then it counts for nothing"
LINK_WORDS = "Confirm or refuse: somebody says that two pseudonyms are one person"
RESEARCH_WORDS = "Return what your agency holds on this case, or that it holds nothing"
_WORK_ITEMS: Mapping[WorkKind, str] = {
    WorkKind.NO_LIVE_ENDPOINT: "A reminder has no receiver that is live: ring the agency",
    WorkKind.UNDELIVERED: "A reminder has not been taken by its receiver for two hours: ring the agency",
    WorkKind.EXHAUSTED: "An event could not be delivered after every retry: ring the agency",
    WorkKind.POISON: "An event could not be sent because of a fault on our side: ring the agency",
    WorkKind.ENDPOINT_PAUSED: "A receiver has been paused. Its events are kept until a person resumes it",
    WorkKind.RECEIVER_REFUSES: "A receiver refuses or redirects our calls: ask the agency to mend it",
    WorkKind.CANNOT_SIGN: "Calls are not sent because a webhook secret cannot be opened on our side",
}


_WHY_IT_ENDS: Mapping[EndReason, str] = {
    EndReason.RISK_RESOLVED: "the chair says that the risk is resolved",
    EndReason.DECEASED: "the chair says that this person died",
    EndReason.CUSTODY_NO_RELEASE: "the chair says that this person is held with no release in sight",
    EndReason.DUPLICATE_OF: "the chair says that another need goes on for the same person",
}


def action_words(row: AskedAction, kind: InboxKind) -> str:
    """Returns the action's own words, after what is to be done with it when that is not to do it."""
    if kind is InboxKind.REVIEW:
        return f"Check what was reported: {row.what}"
    if row.state == ActionState.RETURNED:
        return f"Its recipient declined it, give it to somebody: {row.what}"
    return row.what


def proposal_words(row: AskedProposal) -> str:
    """Returns what the forum is asked to say."""
    asked = "lead" if row.kind is ProposalKind.LEAD else "support whoever leads"
    return f"Accept or decline: {forum_name(row.forum)} is asked to {asked}"


def not_taken_words(row: NotTaken) -> str:
    """Returns that a forum did not take the need, why, who still has it, and whether what it claims is on record.

    Source: DHR "Jean" 14.2.4: everyone believed that somebody else managed the perpetrator.
    """
    how = f"declined: {in_words(row.code)}" if row.code else "did not answer in time"
    claimed = f", by {forum_name(row.claimed_forum)}" if row.claimed_forum else ""
    empty = row.claimed_forum if row.claim_holds is False else None
    doubt = f" No acceptance by {forum_name(empty)} is on record." if empty else ""
    owner = capitalised(forum_name(row.owner_forum))
    return (
        f"{capitalised(forum_name(row.forum))} {how}{claimed}.{doubt} {owner} still owns it: decide who is asked next"
    )


def ending_words(row: EndingToConfirm) -> str:
    """Returns what a second person is asked to confirm. Until they do, the need stays open and owned."""
    need = "the victim's safety" if row.kind is NeedKind.VICTIM_SAFETY else "the management of the perpetrator"
    return f"Confirm or refuse that {need} needs no owner any more: {_WHY_IT_ENDS[row.reason]}"


def release_words(row: ReleaseToReceive) -> str:
    """Returns what is to be received, or that the post is to find out whom to tell."""
    act = "Find out who is to be told, and say that you received it"
    if row.form is not ReleaseForm.ENQUIRY:
        act = "Read it, and say that you received it"
    return f"{act}: {flows()[row.flow].source}"


def enquiry_words(row: EnquiryToAnswer) -> str:
    """Returns how many questions are open."""
    return f"Answer {_counted(row.questions, 'question')} about this case"


def meeting_words(row: MeetingToPrepare) -> str:
    """Returns what is due for the meeting next."""
    meeting = f"{forum_name(row.forum)} on {row.held_on.isoformat()}, {_counted(row.cases, 'case')}"
    if row.completed:
        return f"Send the minutes of {meeting}"
    if row.stage_due_on == row.cut_off_on:
        return f"Prepare {meeting}: the list closes on {row.cut_off_on.isoformat()}"
    return f"Hold {meeting}, and complete its agenda"


def work_item_words(row: WorkItem) -> str:
    """Returns what delivery cannot do, and what a person does about it."""
    if row.asked_role is not None:
        return f"New work of the post {role_name(row.asked_role)} has no receiver that is live: ring the agency"
    return _WORK_ITEMS[row.kind]


def fault_words(fault: SetUpFault) -> str:
    """Returns what the area lacks."""
    if fault.role is None:
        return "Set the year's meetings: no meeting of MARAC is in the calendar"
    post = capitalised(role_name(fault.role))
    return (
        f"Name an agency for this post: {post} is filled by nobody, and {_counted(fault.waiting, 'thing')} wait for it"
    )


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
