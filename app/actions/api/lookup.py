"""Finds the action that a request names, within what the caller may see, and locks it for a change."""

from sqlalchemy.orm import Session

from app.actions import repository
from app.actions.api.presenters import etag
from app.actions.models import Action
from app.foundation.errors import NotFound, PreconditionFailed, PreconditionRequired

NO_ACTION = "there is no such action, or it is not yours to see"


def find_action(session: Session, action_id: str) -> Action:
    """Returns the action, or `NotFound` when there is none that the caller may see."""
    return _found(repository.action_by_id(session, action_id))


def find_action_for_change(session: Session, action_id: str, if_match: str | None) -> Action:
    """Returns the action, locked, in the version that the caller read.

    Raises `PreconditionRequired` without `If-Match`, and `PreconditionFailed` with the current ETag when it is stale.
    """
    action = _found(repository.action_for_change(session, action_id))
    if if_match is None:
        raise PreconditionRequired("send `If-Match` with the ETag you read, so that nobody's change is lost")
    # Compared under the lock: of two callers who read the same version, the second is refused.
    if if_match != etag(action):
        says = f"read /v1/actions/{action.id} again and decide on what it says now"
        stale = PreconditionFailed(says, version=action.version)
        stale.headers["ETag"] = etag(action)
        raise stale
    return action


def _found(action: Action | None) -> Action:
    if action is None:
        raise NotFound(NO_ACTION)
    return action
