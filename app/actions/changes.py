"""Changes of an action that stay on record: a new owner, lead, cover or recipient, or new words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.deadlines import hand_over_reminders
from app.actions.models import Action, Change
from app.actions.notices.sending import tell_of_work
from app.actions.vocabulary import ChangeKind
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.vocabulary import ActionState, Role

BY_SERVICE = "service"  # who made a change that no person made


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change about to be recorded: what changed, its value before and after, why, and who made it."""

    what: ChangeKind
    was: str
    became: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class OwnerPost:
    """The agency and the role that are to own an action."""

    agency: str
    role: Role


def record_change(session: Session, action: Action, draft: ChangeDraft, now: datetime) -> None:
    """Records the change with its reason. The version goes up: whoever read the action must read it again."""
    action.version += 1
    session.add(
        Change(
            id=new_id("chg"),
            action_id=action.id,
            area=action.area,
            agencies=action.agencies,
            what=draft.what,
            was=draft.was,
            became=draft.became,
            reason=draft.reason,
            changed_by=draft.by,
            changed_at=now,
        )
    )


def change_owner(tx: Transaction, action: Action, owner: OwnerPost, reason: str) -> None:
    """Gives the action to the new owner, or to that owner's cover, and records the change.

    The caller sets the reminders anew, with `remind_new_holder` or with `change_deadline`.
    """
    was = post_label(action.owner_agency, action.owner_role)
    action.owner_agency, action.owner_role = owner.agency, owner.role
    covers = repository.covers_in_force(tx.session, action.area, london_date(tx.now))
    action.cover = covers.get((owner.agency, owner.role))
    named = {*action.agencies, owner.agency, action.cover.cover_agency if action.cover else owner.agency}
    action.agencies = sorted(named)
    draft = ChangeDraft(ChangeKind.OWNER, was, post_label(owner.agency, owner.role), reason, tx.by)
    record_change(tx.session, action, draft, tx.now)


def reword(session: Session, action: Action, what: str, reason: str, now: datetime) -> None:
    """Says the action in the words that are right now, and tells its owner. The earlier words stay on record."""
    if what == action.what:
        return
    was, action.what = action.what, what
    record_change(session, action, ChangeDraft(ChangeKind.WORDS, was, what, reason, BY_SERVICE), now)
    session.flush()
    tell_of_work(session, [action], (), now)


def post_label(agency: str | None, role: str) -> str:
    """Returns a post as a change names it, such as `ANYTOWN-POLICE/PVP_HUB`."""
    return f"{agency}/{role}"


def remind_new_holder(session: Session, action: Action, now: datetime) -> None:
    """Gives the reminders to the post that has the action now, and tells that agency.

    The reminders of a reported action stay with the reviewer for whom they were set.
    """
    session.flush()
    if action.state == ActionState.OPEN:
        hand_over_reminders(session, action, now)
    tell_of_work(session, [action], (), now)
