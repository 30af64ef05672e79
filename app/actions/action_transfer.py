"""Moves open actions after an accepted change: a new lead on the perpetrator, or a victim's move to another area."""

from collections.abc import Collection
from dataclasses import dataclass

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.changes import ChangeDraft, OwnerPost, change_owner, record_change, remind_new_holder
from app.actions.models import Action
from app.actions.vocabulary import ChangeKind
from app.foundation.storage.transaction import Transaction
from app.vocabulary import Forum, NeedKind, Role


@dataclass(frozen=True, slots=True)
class LeadForum:
    """A forum that owns a need, with the agency and the role that act for it."""

    forum: Forum
    agency: str
    role: Role


def move_actions_to_lead(tx: Transaction, case_ids: Collection[str], was: LeadForum, became: LeadForum) -> list[Action]:
    """Moves every unfinished action about the perpetrator to the new lead. Call only once that lead has accepted.

    The forum that tracks the action changes. Its owner changes only where the earlier lead itself owned what a
    meeting agreed: a duty that the policy gives to a post stays with that post.
    """
    moved = repository.actions_for_change(
        tx.session, Action.case_id.in_(case_ids), Action.about == NeedKind.PERPETRATOR
    )
    reason = f"{became.forum} accepted the lead"
    draft = ChangeDraft(ChangeKind.LEAD, was.forum, became.forum, reason, tx.by)
    for action in moved:
        action.forums = sorted({*action.forums} - {was.forum, Forum.MARAC} | {became.forum})
        action.agencies = sorted({*action.agencies, became.agency})
        record_change(tx.session, action, draft, tx.now)
        if action.duty is None and (action.owner_agency, action.owner_role) == (was.agency, was.role):
            change_owner(tx, action, OwnerPost(became.agency, became.role), reason)
            remind_new_holder(tx.session, action, tx.now)
    return list(moved)


def move_actions_to_area(tx: Transaction, action_ids: Collection[str], to_area: str, receiver: str) -> list[Action]:
    """Gives each action to the same role in the receiving area, or to its co-ordinator where nobody fills the role."""
    moved = repository.actions_for_change(tx.session, Action.id.in_(action_ids))
    for action in moved:
        # The role moves and not the agency: in the receiving area another agency may fill the post.
        agency = agency_in_post(tx.session, to_area, action.owner_role)
        role = action.owner_role if agency else Role.MARAC_COORDINATOR
        action.area = to_area
        change_owner(tx, action, OwnerPost(agency or receiver, role), f"the victim moved to {to_area}")
        remind_new_holder(tx.session, action, tx.now)
    return list(moved)
