"""Gives what waited for an empty post to the agency that fills it now."""

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.changes import OwnerPost, change_owner
from app.actions.deadlines import hand_over_reminders
from app.actions.notices.sending import tell_of_work
from app.foundation.storage.transaction import Transaction
from app.vocabulary import ActionState

FILLED = "the post has been filled"


def give_actions_to_filled_posts(tx: Transaction, case_id: str) -> None:
    """Gives the case's unfinished actions without an agency to whoever fills their posts, and tells each agency once.

    Call it while the case is held. A planned action finds its agency on the day on which it opens.
    """
    given = []
    for action in repository.actions_of_filled_posts(tx.session, case_id):
        agency = agency_in_post(tx.session, action.area, action.owner_role)
        if agency is not None:
            change_owner(tx, action, OwnerPost(agency, action.owner_role), FILLED)
            given.append(action)
    tx.session.flush()
    opened = [action for action in given if action.state == ActionState.OPEN]
    for action in opened:
        hand_over_reminders(tx.session, action, tx.now)
    tell_of_work(tx.session, opened, (), tx.now)
