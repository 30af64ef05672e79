"""Open actions follow an accepted change: a perpetrator's to his new lead, a victim's to the area she moved to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.models import Action
from app.actions.upkeep import deadline_of, give_to, record_change, redate, tell
from app.vocabulary import ActionState, EventType, Forum, NeedKind, Role


@dataclass(frozen=True, slots=True)
class Holder:
    """A forum that leads, in the post that answers for it."""

    forum: str
    agency: str
    role: str


def follow_the_lead(
    session: Session, case_ids: Collection[str], was: Holder, became: Holder, by: str, now: datetime
) -> list[Action]:
    """Every unfinished action about the perpetrator answers to his new lead. Call only once that lead has accepted.

    The forum that tracks it changes. Its owner changes only where the earlier lead itself owned what a meeting
    agreed: a duty that the policy gives to a post stays with that post.
    """
    moved = repository.actions_for_change(
        session, Action.case_id.in_(case_ids), Action.about == NeedKind.PERPETRATOR
    )
    reason = f"{became.forum} accepted the lead"
    for action in moved:
        action.forums = sorted({*action.forums} - {was.forum, Forum.MARAC} | {became.forum})
        action.agencies = sorted({*action.agencies, became.agency})
        record_change(session, action, "lead", was.forum, became.forum, reason, by, now)
        if action.duty is None and (action.owner_agency, action.owner_role) == (was.agency, was.role):
            give_to(session, action, became.agency, became.role, reason, by, now)
            _remind(session, action, now)
    return list(moved)


def hand_over_to_area(
    session: Session, action_ids: Collection[str], to_area: str, receiver: str, by: str, now: datetime
) -> list[Action]:
    """Each action belongs to the receiving area: to the same post there, or to its co-ordinator where nobody fills it."""
    moved = repository.actions_for_change(session, Action.id.in_(action_ids))
    for action in moved:
        agency, role = agency_in_post(session, to_area, action.owner_role), action.owner_role
        action.area = to_area
        give_to(
            session,
            action,
            agency or receiver,
            role if agency else Role.MARAC_COORDINATOR,
            f"the victim moved to {to_area}",
            by,
            now,
        )
        _remind(session, action, now)
    return list(moved)


def _remind(session: Session, action: Action, now: datetime) -> None:
    session.flush()
    if action.state == ActionState.OPEN:
        redate(session, action, deadline_of(action), now)
    tell(session, EventType.ACTION_ASSIGNED, action, now)
