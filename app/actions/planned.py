"""Opens the actions that were planned for a later day, for the worker."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.models import Action
from app.actions.outcomes.ending import PLAN_FINISHED, Evidence, end_actions, no_longer_owed, shown_done
from app.actions.outcomes.settled_repository import is_plan_finished
from app.actions.recording.assignment import open_planned
from app.foundation.caller import SYSTEM
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.routing.policy.duty_ids import PLAN_STATUS, REPORT_FROM_HOLDER

AT_A_TIME = 100


def open_planned_actions(session: Session, now: datetime) -> int:
    """Opens up to a hundred planned actions whose day has come, and returns how many it looked at.

    One whose need has ended, that asks why nothing was reviewed although something was, or that asks about a plan of
    which nothing is open, ends instead.
    """
    actions = repository.planned_actions_to_open(session, london_date(now), AT_A_TIME)
    for action in actions:
        evidence = _what_ends(session, action)
        if evidence is None:
            open_planned(session, action, now)
        else:
            end_actions(Transaction(session, SYSTEM, now), [action], evidence)
    return len(actions)


def _what_ends(session: Session, action: Action) -> Evidence | None:
    if not repository.serves_an_open_need(session, action):
        return no_longer_owed("The need that it serves has ended")
    if action.duty == REPORT_FROM_HOLDER and repository.was_reviewed_since(session, action.case_id, action.created_at):
        return shown_done("An action of the case was reviewed since")
    if action.duty == PLAN_STATUS and is_plan_finished(session, action):
        return no_longer_owed(PLAN_FINISHED)
    return None
