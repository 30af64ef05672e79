"""Opens the follow-up that a report leaves owed: the same again after its interval, or soon when it was not done.

Source: DHR "Jean" 14.3.9 (the perpetrator was not seen weekly) and 14.2.13 (a visit was cancelled, then failed).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.events import action_event
from app.actions.models import Action
from app.actions.recording.assignment import assign_action, assign_duties
from app.actions.recording.draft import Assignment
from app.actions.wording.contact_bars import bar_in, with_bar
from app.outbox.service import URGENT, record_event
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import decision_of
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_on
from app.routing.policy.grammar import parse_due
from app.routing.policy.types import DueUnit
from app.routing.record.decision import Anchors
from app.vocabulary import ActionOutcome, EventType, Role

MISSED = frozenset({ActionOutcome.NOT_DONE, ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED})
# What was withdrawn, superseded or declined opens no follow-up here.
OWED_AGAIN = MISSED | {ActionOutcome.COMPLETED}
BOOK_AGAIN = ": it was not done, so book it again"


@dataclass(frozen=True, slots=True)
class OwedCommitment:
    """What is owed again, in the words of the decision that owes it or of the meeting that agreed it."""

    what: str
    done_when: str
    decision_id: str | None


def open_follow_up(session: Session, action: Action, outcome: ActionOutcome, now: datetime) -> Action | None:
    """Opens the same commitment in another action; None when nothing follows. When it was missed, tells the chair.

    Nothing follows twice, nor once the newest decision of the case no longer owes the duty, nor once the need it
    serves has ended. Call it with the report flushed.
    """
    missed = outcome in MISSED and action.again_within is not None
    interval = action.again_within if missed else action.repeats_every
    if interval is None or outcome not in OWED_AGAIN or repository.is_followed(session, action.id):
        return None
    owed = _still_owed(session, action)
    if owed is None:
        return None
    deadline = _deadline_after(session, action, interval, now)
    following = _following_assignment(action, owed, missed=missed, deadline=deadline)
    opened = _assign(session, following, now)
    if missed:
        _record_missed(session, action, now)
    return opened


def _assign(session: Session, following: Assignment, now: datetime) -> Action:
    return assign_duties(session, [following], now)[0] if following.duty else assign_action(session, following, now)


def _record_missed(session: Session, action: Action, now: datetime) -> None:
    """Tells the MARAC chair at once that the action was not done."""
    event = action_event(session, EventType.ACTION_NOT_DONE, action)
    chair = agency_in_post(session, action.area, Role.MARAC_CHAIR)
    record_event(session, replace(event, agencies=(*event.agencies, chair), priority=URGENT), now)


def _still_owed(session: Session, action: Action) -> OwedCommitment | None:
    """Returns what a duty of the newest decision or an agreed action still owes, or None when no open need is left."""
    if not repository.serves_an_open_need(session, action):
        return None
    if action.duty is None:
        # Without the suffix of an earlier miss, or the wording would grow with every one.
        return OwedCommitment(action.what.removesuffix(BOOK_AGAIN), action.done_when, None)
    decision = latest_decision_of(session, action.case_id)
    if decision is None:
        return None
    owed = (
        OwedCommitment(one.do, one.done_when, decision.id)
        for one in decision_of(session, decision).duties
        if one.id == action.duty
    )
    return next(owed, None)


def _following_assignment(action: Action, owed: OwedCommitment, *, missed: bool, deadline: Deadline) -> Assignment:
    """Returns the same for the same owner, with everybody who was named on it."""
    return Assignment(
        case_id=action.case_id,
        area=action.area,
        what=with_bar(owed.what + (BOOK_AGAIN if missed else ""), bar_in(action.what)),
        done_when=owed.done_when,
        owner_role=action.owner_role,
        owner_agency=action.owner_agency,
        recipient=action.recipient,
        recipient_agency=action.recipient_agency,
        deadline=deadline,
        duty=action.duty,
        about=action.about,
        decision_id=owed.decision_id,
        forums=tuple(action.forums),
        informed=tuple(action.agencies),
        repeats_every=action.repeats_every,
        again_within=action.again_within,
        follows_id=action.id,
        reaches_victim=action.reaches_victim,
    )


def _deadline_after(session: Session, action: Action, interval: str, now: datetime) -> Deadline:
    """Returns the end of the interval: an instant for hours, otherwise a London date in the area's working days."""
    # The interval is read as the policy's own due rules are, so that days, weeks and months mean the same here.
    rule = parse_due(f"{interval} from decision", {})
    if rule.unit is DueUnit.HOURS:
        return Deadline(None, now + timedelta(hours=rule.amount), action.life_safety)
    calendar = calendar_of_area(session, action.area)
    return Deadline(due_on(rule, Anchors(now, {}), calendar), None, action.life_safety)
