"""Opens actions with an owner, a deadline and reminders, and never opens the same duty twice.

A duty about a person is owed once in all cases of that person in the area.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.changes import BY_SERVICE, ChangeDraft, record_change, reword
from app.actions.deadlines import deadline_of, watched_action
from app.actions.models import Action, Cover
from app.actions.notices.sending import StepNotice, tell_of_work
from app.actions.recording.dangers import becomes_danger, bring_forward, call_what_was_declined
from app.actions.recording.draft import Assignment
from app.actions.recording.once_for_person import (
    open_in_other_cases,
    own_or_same,
    same_in_other_case,
    serve_further_case,
)
from app.actions.vocabulary import ChangeKind
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.reminders.deadline import Deadline
from app.reminders.service import set_ladders
from app.vocabulary import ActionState

Covers = Mapping[tuple[str, str], Cover]  # by the agency and role of the owner who is away


def assign_action(session: Session, assignment: Assignment, now: datetime) -> Action:
    """Opens one action. Its event and its reminders are in the same transaction."""
    covers = repository.covers_in_force(session, assignment.area, london_date(now))
    action = _action_row(session, assignment, covers, now)
    tell_of_work(session, _stored(session, [action], now), (), now)
    return action


def assign_duties(
    session: Session, assignments: Sequence[Assignment], now: datetime, steps: Sequence[StepNotice] = ()
) -> list[Action]:
    """Opens an action for each duty of a case, or returns the one that is already open, in the given order.

    An earlier deadline than the open action's replaces it; a later one does not. `steps` reach the same agencies or
    others, and each agency is told of everything at once.
    """
    if not assignments:
        tell_of_work(session, (), steps, now)
        return []
    case_ids = dict.fromkeys(one.case_id for one in assignments)
    open_duties = {case_id: repository.open_duties_of_case(session, case_id) for case_id in case_ids}
    others = open_in_other_cases(session, assignments)
    covers = repository.covers_in_force(session, assignments[0].area, london_date(now))
    # Every match comes before any update: an update changes what the next assignment would match.
    matches = [
        _match(own_or_same(open_duties[one.case_id].get(one.duty or "", ()), one), one.about)
        or same_in_other_case(others, one)
        for one in assignments
    ]
    pairs = list(zip(matches, assignments, strict=True))
    new_dangers = [match for match, one in pairs if match is not None and _asked_again(session, match, one, now)]
    call_what_was_declined(session, assignments, now)
    actions = [match or _action_row(session, assignment, covers, now) for match, assignment in pairs]
    opened = _stored(session, [one for one, match in zip(actions, matches, strict=True) if match is None], now)
    tell_of_work(session, [*opened, *new_dangers], steps, now)
    return actions


def _stored(session: Session, actions: Sequence[Action], now: datetime) -> list[Action]:
    """Stores the actions, and the reminders of those that are not planned for later. Returns these."""
    session.add_all(actions)
    session.flush()
    opened = [one for one in actions if one.state == ActionState.OPEN]
    _remind(session, opened, now)
    return opened


def _remind(session: Session, actions: Sequence[Action], now: datetime) -> None:
    set_ladders(session, [(watched_action(session, one), deadline_of(one), one.due_version) for one in actions], now)


def _action_row(session: Session, assignment: Assignment, covers: Covers, now: datetime) -> Action:
    owner = assignment.owner_agency or agency_in_post(session, assignment.area, assignment.owner_role)
    # Who covers a planned action is settled on the day on which it opens.
    cover = covers.get((owner or "", assignment.owner_role)) if assignment.opens_on is None else None
    covering = cover.cover_agency if cover else None
    named = {owner, covering, assignment.recipient_agency, *assignment.informed}
    return Action(
        id=new_id("act"),
        case_id=assignment.case_id,
        decision_id=assignment.decision_id,
        area=assignment.area,
        agencies=sorted(agency for agency in named if agency),
        duty=assignment.duty,
        about=assignment.about,
        approach=assignment.approach,
        forums=list(assignment.forums),
        what=assignment.what,
        recipient=assignment.recipient,
        recipient_agency=assignment.recipient_agency,
        done_when=assignment.done_when,
        owner_agency=owner,
        owner_role=assignment.owner_role,
        cover=cover,
        opens_on=assignment.opens_on,
        due_on=assignment.deadline.on,
        due_at=assignment.deadline.at,
        sort_at=assignment.deadline.passes_at,
        life_safety=assignment.deadline.life_safety,
        reaches_victim=assignment.reaches_victim,
        repeats_every=assignment.repeats_every,
        again_within=assignment.again_within,
        follows_id=assignment.follows_id,
        state=ActionState.PLANNED if assignment.opens_on else ActionState.OPEN,
        due_version=1,
        version=1,
        created_at=now,
    )


def _match(open_actions: Sequence[Action], about: str | None) -> Action | None:
    """Returns the open action about the same need; else one where either side names no need. The one due first."""
    same = [one for one in open_actions if one.about == about]
    unnamed = [one for one in open_actions if None in {one.about, about}]
    return next(iter((*same, *unnamed)), None)


def _asked_again(session: Session, action: Action, assignment: Assignment, now: datetime) -> bool:
    """Lets the action serve what is asked again. Returns whether it became a danger that somebody has to hear of."""
    if action.case_id != assignment.case_id:
        return serve_further_case(session, action, assignment, now)
    return _update_open_action(session, action, assignment, now)


def _update_open_action(session: Session, action: Action, assignment: Assignment, now: datetime) -> bool:
    if assignment.decision_id is not None:
        _apply_newest_decision(session, action, assignment, now)
    if action.state != ActionState.PLANNED:
        return bring_forward(session, action, assignment.deadline, now)
    becomes_danger(action, assignment.deadline)
    plan_anew(session, action, assignment.deadline, assignment.opens_on, now)
    return False


def plan_anew(session: Session, action: Action, deadline: Deadline, opens_on: date | None, now: datetime) -> None:
    """Gives a planned action this deadline and this day to open on, and opens it at once without a day."""
    action.opens_on = opens_on or action.opens_on
    action.due_on, action.due_at = deadline.on, deadline.at
    action.sort_at, action.version = deadline.passes_at, action.version + 1
    if opens_on is None:
        open_planned(session, action, now)


def open_planned(session: Session, action: Action, now: datetime) -> None:
    """Opens a planned action for whoever fills its post now, or covers it on this day."""
    action.owner_agency = agency_in_post(session, action.area, action.owner_role) or action.owner_agency
    covers = repository.covers_in_force(session, action.area, london_date(now))
    action.cover = covers.get((action.owner_agency or "", action.owner_role))
    named = (action.owner_agency, action.cover.cover_agency if action.cover else None)
    action.agencies = sorted({*action.agencies, *filter(None, named)})
    action.state, action.version = ActionState.OPEN, action.version + 1
    action.opens_on = london_date(now)  # it may open before or after the day that was planned
    session.flush()
    _remind(session, [action], now)
    tell_of_work(session, [action], (), now)


def _apply_newest_decision(session: Session, action: Action, assignment: Assignment, now: datetime) -> None:
    """Gives the action the need, the repetition, the words and the recipient that the newest decision names."""
    action.about = assignment.about or action.about
    action.repeats_every, action.again_within = assignment.repeats_every, assignment.again_within
    if action.follows_id is None:  # one that follows another says what was missed
        reword(session, action, assignment.what, "the newest decision says it so", now)
    recipient = assignment.recipient_agency
    if recipient is None or recipient == action.recipient_agency:
        return
    was, action.recipient_agency = action.recipient_agency or "", recipient
    action.agencies = sorted({*action.agencies, recipient})
    reason = "the newest decision names this agency"
    record_change(session, action, ChangeDraft(ChangeKind.RECIPIENT, was, recipient, reason, BY_SERVICE), now)
    session.flush()
    if action.state != ActionState.PLANNED:  # nobody is told of what is for later
        tell_of_work(session, [action], (), now)
