"""What a report leaves owed: the same again after its interval, or soon when it was not done.

Source: DHR "Jean" 14.3.9 (he was not seen weekly) and 14.2.13 (a visit was cancelled, then failed).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.assignment import Assignment, assign, assign_duties
from app.actions.models import Action
from app.actions.upkeep import tell
from app.outbox.service import URGENT
from app.referrals.repository import latest_decision_of
from app.reminders.deadline import Deadline
from app.routing.engine.due_dates import due_on
from app.routing.policy.grammar import parse_due
from app.routing.policy.types import DueUnit
from app.routing.record.decision import Anchors
from app.vocabulary import ActionOutcome, EventType, Role

MISSED = frozenset({ActionOutcome.NOT_DONE, ActionOutcome.NOT_POSSIBLE_CIRCUMSTANCES_CHANGED})
OWED_AGAIN = MISSED | {ActionOutcome.COMPLETED}  # what was withdrawn, superseded or declined goes other ways
AGAIN = ": it was not done, so book it again"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed again, in the words of the decision that owes it or of the meeting that agreed it."""

    what: str
    done_when: str
    decision_id: str | None


def open_follow_up(session: Session, action: Action, outcome: ActionOutcome, now: datetime) -> Action | None:
    """The same is open again in another action, or None when nothing follows. When it was missed the chair is told.

    Nothing follows twice, nor once the newest decision of the case no longer owes the duty, nor once the need it
    serves has ended. To be called with the report flushed.
    """
    missed = outcome in MISSED and action.again_within is not None
    interval = action.again_within if missed else action.repeats_every
    if interval is None or outcome not in OWED_AGAIN or repository.is_followed(session, action.id):
        return None
    owed = _still_owed(session, action)
    if owed is None:
        return None
    wanted = _next(action, owed, missed=missed, deadline=_deadline(session, action, interval, now))
    following = assign_duties(session, [wanted], now)[0] if action.duty else assign(session, wanted, now)
    if missed:
        chair = agency_in_post(session, action.area, Role.MARAC_CHAIR)
        tell(session, EventType.ACTION_NOT_DONE, action, now, also=[chair], priority=URGENT)
    return following


def _still_owed(session: Session, action: Action) -> Owed | None:
    """A duty as the newest decision owes it, if it does; what was agreed stays agreed. Neither outlives its need."""
    if not repository.serves_an_open_need(session, action):
        return None
    if action.duty is None:
        return Owed(action.what.removesuffix(AGAIN), action.done_when, None)
    decision = latest_decision_of(session, action.case_id)
    duties = decision.record["duties"] if decision else []
    owed = (
        Owed(one["do"], one["done_when"], decision.id if decision else None)
        for one in duties
        if one["id"] == action.duty and (one["certain"] or one["life_safety"])
    )
    return next(owed, None)


def _next(action: Action, owed: Owed, *, missed: bool, deadline: Deadline) -> Assignment:
    """The same for the same owner, with everybody who was named on it."""
    return Assignment(
        case_id=action.case_id,
        area=action.area,
        what=owed.what + (AGAIN if missed else ""),
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
        told=tuple(action.agencies),
        repeats_every=action.repeats_every,
        again_within=action.again_within,
        follows_id=action.id,
    )


def _deadline(session: Session, action: Action, interval: str, now: datetime) -> Deadline:
    """So long after now: an instant for hours, otherwise a London date in the area's working days."""
    rule = parse_due(f"{interval} from decision", {})
    if rule.unit is DueUnit.HOURS:
        return Deadline(None, now + timedelta(hours=rule.amount), action.life_safety)
    calendar = calendar_of_area(session, action.area)
    return Deadline(due_on(rule, Anchors(now, {}), calendar), None, action.life_safety)
