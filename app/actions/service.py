"""The use cases of actions: assigned, reported, reviewed, reassigned. Each sets or cancels its reminders in the same commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists, agency_in_post, area_by_code
from app.actions import repository
from app.actions.lifecycle import (
    REASSIGNABLE,
    REPORTABLE,
    STATE_AFTER_REVIEW,
    Deadline,
    Verdict,
    state_after_report,
)
from app.actions.models import Action, Change, Report, Review
from app.actions.schemas import ActionRequest, OutcomeRequest, ReassignmentRequest, ReviewRequest
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Fault, Forbidden, Invalid
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.outbox.service import News, record_event
from app.reminders.service import Due, Watched, cancel_ladder, redate_ladder, set_ladder
from app.vocabulary import ActionOutcome, ActionState, EventType, Role

REVIEW_WITHIN_WORKING_DAYS = (
    2  # [I] a reported action is looked at by a second person within two working days
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """An action about to be recorded: what, whose, until when, and which duty of which decision asked for it."""

    case_id: str
    area: str
    what: str
    done_when: str
    owner_role: str
    deadline: Deadline
    owner_agency: str | None = None
    recipient: str | None = None
    duty: str | None = None
    decision_id: str | None = None
    forums: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def assign(session: Session, wanted: Assignment, now: datetime) -> Action:
    """The action is open, its owner is told and its reminders are set, all in this transaction."""
    owner = wanted.owner_agency or agency_in_post(session, wanted.area, wanted.owner_role)
    action = Action(
        id=new_id("act"),
        case_id=wanted.case_id,
        decision_id=wanted.decision_id,
        area=wanted.area,
        agencies=sorted({agency for agency in (owner, *wanted.told) if agency}),
        duty=wanted.duty,
        forums=list(wanted.forums),
        what=wanted.what,
        recipient=wanted.recipient,
        done_when=wanted.done_when,
        owner_agency=owner,
        owner_role=wanted.owner_role,
        due_on=wanted.deadline.on,
        due_at=wanted.deadline.at,
        sort_at=wanted.deadline.passes_at,
        life_safety=wanted.deadline.life_safety,
        state=ActionState.OPEN,
        due_version=1,
        version=1,
        created_at=now,
    )
    session.add(action)
    session.flush()
    set_ladder(session, watched(session, action), _due(action), action.due_version, now)
    _tell(session, EventType.ACTION_ASSIGNED, action, now)
    return action


def assign_duties(session: Session, wanted: Sequence[Assignment], now: datetime) -> list[Action]:
    """Each duty is an open action of its case: a new one, or the one already open, never two.

    An earlier deadline than the open action's moves it forward; a later one leaves it.
    """
    if not wanted:
        return []
    already = repository.open_duties_of_case(session, wanted[0].case_id)
    return [_assign_or_keep(session, already, assignment, now) for assignment in wanted]


def _assign_or_keep(
    session: Session, already: Mapping[str, Action], wanted: Assignment, now: datetime
) -> Action:
    open_one = already.get(wanted.duty or "")
    if open_one is None:
        return assign(session, wanted, now)
    if wanted.deadline.passes_at < open_one.sort_at:
        _redate(session, open_one, wanted.deadline, now)
    return open_one


def add_action(
    session: Session, caller: Caller, case_id: str, area: str, sent: ActionRequest, now: datetime
) -> Action:
    """The action a meeting agreed is open; a vague one is refused with what is missing (DHR "Jean" 14.2.10)."""
    if not agency_exists(session, sent.owner_agency):
        raise Invalid(
            "`owner_agency` is not an agency of this service", faults=[_fault("/owner_agency", "unknown")]
        )
    if sent.due_on is not None and sent.due_on < london_date(now):
        raise Invalid("`due_on` has passed", faults=[_fault("/due_on", "in_the_past")])
    deadline = Deadline(sent.due_on, sent.due_at)
    wanted = Assignment(
        case_id=case_id,
        area=area,
        what=sent.what,
        done_when=sent.done_when,
        recipient=sent.recipient,
        owner_agency=sent.owner_agency,
        owner_role=sent.owner_role,
        deadline=deadline,
        forums=sent.forums,
        told=(caller.agency,),
    )
    return assign(session, wanted, now)


def _fault(pointer: str, code: str) -> Fault:
    return Fault(pointer, code, "see the detail")


def report_outcome(
    session: Session, caller: Caller, action: Action, sent: OutcomeRequest, now: datetime
) -> Report:
    """The outcome is on record and waits for a second person; a decline comes back to the chair at once."""
    if action.state not in REPORTABLE:
        raise Conflict(
            f"this action is {action.state}; an outcome can be reported while it is OPEN or RETURNED"
        )
    report = Report(
        id=new_id("rep"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        outcome=sent.outcome,
        note=sent.note,
        reported_by=person(caller),
        reported_at=now,
    )
    session.add(report)
    action.state, action.outcome = state_after_report(sent.outcome), sent.outcome
    action.version += 1
    declined = sent.outcome is ActionOutcome.DECLINED_BY_RECIPIENT
    _tell(session, EventType.ACTION_RETURNED if declined else EventType.ACTION_REPORTED, action, now)
    _await_review(session, action, now)
    return report


def _await_review(session: Session, action: Action, now: datetime) -> None:
    """The owner's reminders end; the co-ordinator's begin, so that nothing reported goes unread."""
    calendar = working_days_of(_nation(session, action.area))
    review_by = calendar.add(london_date(now), REVIEW_WITHIN_WORKING_DAYS)
    action.due_version += 1
    reader = Watched(
        "action",
        action.id,
        action.case_id,
        action.area,
        _nation(session, action.area),
        agency_in_post(session, action.area, Role.MARAC_COORDINATOR),
        Role.MARAC_COORDINATOR,
    )
    session.flush()
    redate_ladder(session, reader, Due(review_by, None, life_safety=False), action.due_version, now)


def review(session: Session, caller: Caller, action: Action, sent: ReviewRequest, now: datetime) -> Review:
    """A second person has looked. Accepted ends the action; otherwise it goes on with a new deadline."""
    after = STATE_AFTER_REVIEW.get((ActionState(action.state), sent.verdict))
    if after is None:
        raise Conflict(_legal_moves(action))
    report = repository.latest_report(session, action.id) if action.state == ActionState.REPORTED else None
    if report is not None and report.reported_by == person(caller):
        raise Forbidden("a report is reviewed by someone other than the person who made it")
    made = Review(
        id=new_id("rev"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        report_id=report.id if report else None,
        reported_by=report.reported_by if report else None,
        verdict=sent.verdict,
        note=sent.note,
        reviewed_by=person(caller),
        reviewed_at=now,
    )
    session.add(made)
    action.state, action.last_reviewed_at, action.version = after, now, action.version + 1
    if sent.verdict is Verdict.ACCEPTED:
        cancel_ladder(session, action.id, "reviewed", now)
    else:
        action.outcome = None
        _redate(session, action, Deadline(sent.due_on, None, action.life_safety), now)
    _tell(session, EventType.ACTION_REVIEWED, action, now)
    return made


def _legal_moves(action: Action) -> str:
    moves = {
        ActionState.OPEN: "report an outcome, or review it with CONTINUES and a new deadline",
        ActionState.REPORTED: "review it with ACCEPTED or RETURNED",
        ActionState.RETURNED: "reassign it, or report another outcome",
        ActionState.REVIEWED: "none, it is finished",
    }
    return f"this action is {action.state}; what can be done: {moves[ActionState(action.state)]}"


def reassign(
    session: Session, caller: Caller, action: Action, sent: ReassignmentRequest, now: datetime
) -> Action:
    """The action has a new owner and is open; the old one's reminders have ended in the same commit."""
    if action.state not in REASSIGNABLE:
        raise Conflict(_legal_moves(action))
    if not agency_exists(session, sent.owner_agency):
        raise Invalid(
            "`owner_agency` is not an agency of this service", faults=[_fault("/owner_agency", "unknown")]
        )
    became = f"{sent.owner_agency}/{sent.owner_role}"
    session.add(
        _change(
            caller, action, "owner", f"{action.owner_agency}/{action.owner_role}", became, sent.reason, now
        )
    )
    action.owner_agency, action.owner_role = sent.owner_agency, sent.owner_role
    action.agencies = sorted({*action.agencies, sent.owner_agency})
    action.state, action.outcome, action.version = ActionState.OPEN, None, action.version + 1
    deadline = Deadline(sent.due_on, None, action.life_safety) if sent.due_on else _deadline(action)
    _redate(session, action, deadline, now)
    _tell(session, EventType.ACTION_ASSIGNED, action, now)
    return action


def _change(
    caller: Caller, action: Action, what: str, was: str, became: str, reason: str, now: datetime
) -> Change:
    return Change(
        id=new_id("chg"),
        action_id=action.id,
        area=action.area,
        agencies=action.agencies,
        what=what,
        was=was,
        became=became,
        reason=reason,
        changed_by=person(caller),
        changed_at=now,
    )


def _redate(session: Session, action: Action, deadline: Deadline, now: datetime) -> None:
    action.due_on, action.due_at, action.sort_at = deadline.on, deadline.at, deadline.passes_at
    action.due_version += 1
    session.flush()
    redate_ladder(session, watched(session, action), _due(action), action.due_version, now)


def watched(session: Session, action: Action) -> Watched:
    """The action as the reminder ladder knows it: ids and roles only."""
    return Watched(
        "action",
        action.id,
        action.case_id,
        action.area,
        _nation(session, action.area),
        action.owner_agency,
        action.owner_role,
    )


def _nation(session: Session, area: str) -> str:
    known = area_by_code(session, area)
    return known.nation if known else "ENG"


def _deadline(action: Action) -> Deadline:
    return Deadline(action.due_on, action.due_at, action.life_safety)


def _due(action: Action) -> Due:
    return Due(action.due_on, action.due_at, action.life_safety)


def person(caller: Caller) -> str:
    """Who is answerable: the named user when the client says on whose behalf it calls, else the client."""
    return f"{caller.agency}/{caller.on_behalf_of or caller.client_id}"


def _tell(session: Session, kind: EventType, action: Action, now: datetime) -> None:
    coordinator = agency_in_post(session, action.area, Role.MARAC_COORDINATOR)
    due: date | datetime | None = action.due_on or action.due_at
    news = News(
        type=kind,
        subject_type="action",
        subject_id=action.id,
        area=action.area,
        agencies=(*action.agencies, coordinator),
        case_id=action.case_id,
        forums=tuple(action.forums),
        owner_agency=action.owner_agency,
        details={"duty": action.duty, "state": action.state, "outcome": action.outcome, "due": due},
    )
    record_event(session, news, now)
