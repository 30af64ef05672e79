"""One row of the board: an action, or a request that came back declined. It shows no person and no pseudonym."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.actions.models import Action, Report
from app.ownership.models import Proposal, ProposalAnswer
from app.ownership.vocabulary import ProposalKind
from app.pages.rendering.dates import due_words, instant_words, overdue_words, until_words, upcoming_words
from app.pages.rendering.labels import DECLINES, NEEDS, OUTCOMES, forum_words, role_words
from app.pages.repository import DeclinedRequest
from app.routing.policy.labels import forum_name
from app.vocabulary import ActionState, ProposalState


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action on the board."""

    action_id: str
    case: str
    what: str
    owner: str
    role: str
    due: str
    lateness: str
    is_overdue: bool
    is_life_safety: bool
    status: str
    colour: str
    reviewed: str
    decision_id: str | None
    report: str


@dataclass(frozen=True, slots=True)
class DeclinedRow:
    """A request that came back declined, and who owns the need meanwhile."""

    case: str
    forum: str
    asked: str
    answered: str
    why: str
    doubt: str
    owner: str
    next_step: str
    decision_id: str | None


@dataclass(frozen=True, slots=True)
class CodeNames:
    """The names of agencies and the references of cases, read once for the page."""

    agencies: Mapping[str, str]
    cases: Mapping[str, str]

    def agency(self, code: str | None) -> str:
        return self.agencies.get(code, code) if code else "No agency fills this post"

    def case(self, case_id: str) -> str:
        return self.cases.get(case_id, case_id)


def action_row(action: Action, report: Report | None, names: CodeNames, now: datetime) -> ActionRow:
    """Returns the action as it stands at `now`."""
    is_late = action.sort_at <= now and action.state in {ActionState.OPEN, ActionState.RETURNED}
    status, colour = _status(action, is_late=is_late)
    lateness = overdue_words if is_late else upcoming_words
    return ActionRow(
        action_id=action.id,
        case=names.case(action.case_id),
        what=action.what,
        owner=names.agency(action.owner_agency),
        role=role_words(action.owner_role),
        due=due_words(action.due_on, action.due_at),
        lateness=lateness(action.due_on, action.due_at, now) if action.state != ActionState.REPORTED else "",
        is_overdue=is_late,
        is_life_safety=action.life_safety,
        status=status,
        colour=colour,
        reviewed=instant_words(action.last_reviewed_at) if action.last_reviewed_at else "Never",
        decision_id=action.decision_id,
        report=_report_words(report, names) if report and action.state != ActionState.OPEN else "",
    )


def _status(action: Action, *, is_late: bool) -> tuple[str, str]:
    if action.state == ActionState.REPORTED:
        return "Unreviewed", "yellow"
    if action.state == ActionState.RETURNED:
        return "Came back declined", "orange"
    return ("Overdue", "red") if is_late else ("Open", "blue")


def _report_words(report: Report, names: CodeNames) -> str:
    """Returns who reported what, and when. The note stays off the board, because notes are about people."""
    agency = names.agency(report.reported_by.partition("/")[0])
    return f"Reported {OUTCOMES[report.outcome]} by {agency}, {instant_words(report.reported_at)}"


def declined_row(request: DeclinedRequest, waiting: Proposal | None, names: CodeNames) -> DeclinedRow:
    """Returns the request with its answer, who owns the need now, and who is asked next (`waiting`)."""
    proposal, answer, owner = request.proposal, request.answer, request.owner
    since = owner.during.lower
    owner_words = f"{names.agency(owner.agency)} ({forum_name(owner.forum)})"
    about = NEEDS[request.need.kind]
    return DeclinedRow(
        case=names.case(proposal.case_id),
        forum=forum_words(proposal.forum),
        asked=f"asked to {'lead' if proposal.kind is ProposalKind.LEAD else 'support'} on {about}",
        answered=instant_words(answer.answered_at),
        why=_why(answer),
        doubt=_doubt(answer),
        owner=f"{owner_words}, since {instant_words(since)}" if since else owner_words,
        next_step=_next_step(waiting),
        decision_id=proposal.decision_id,
    )


def _why(answer: ProposalAnswer) -> str:
    if answer.state == ProposalState.EXPIRED:
        return "No answer in time"
    words = DECLINES[answer.code] if answer.code else "no reason given"
    claimed = f", by {forum_name(answer.claimed_forum)}" if answer.claimed_forum else ""
    return f"Declined: {words}{claimed}"


def _doubt(answer: ProposalAnswer) -> str:
    """Returns a warning where the claim that another forum manages the perpetrator does not hold.

    Source: DHR "Jean" 14.2.4: everyone believed that somebody else managed the perpetrator.
    """
    if answer.claim_holds is False and answer.claimed_forum:
        return f"No acceptance by {forum_name(answer.claimed_forum)} is on record"
    return ""


def _next_step(waiting: Proposal | None) -> str:
    if waiting is None:
        return "Nobody is asked now"
    return f"{forum_words(waiting.forum)} has been asked, to answer by {until_words(waiting.answer_by)}"
