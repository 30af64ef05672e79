"""Changes one action, or several in one call: what one person may do to an action is the same either way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Response
from pydantic import BaseModel

from app.access.calls import Call
from app.actions import repository
from app.actions.api.lookup import find_action_for_change
from app.actions.api.presenters import action_history_out, etag
from app.actions.api.scheme import refuse_scheme
from app.actions.models import Action
from app.actions.response_schemas import ItemOut, ItemsOut
from app.audit.service import Category, record_act
from app.foundation.errors import ServiceError
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.problems import problem_of_item

ActionChange = Callable[[Action], None]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item of a call: the action, the number of the entity tag that the caller read, and the change."""

    action_id: str
    version: int
    change: ActionChange

    @property
    def if_match(self) -> str:
        """The entity tag, as `If-Match` carries it."""
        return f'"{self.version}"'


def change_action(action_id: str, sent: BaseModel, call: Call, if_match: str | None, change: ActionChange) -> Response:
    """Makes one change of an action that nobody else has changed since the caller read it."""

    def changed() -> OperationResult:
        _hold_cases(call, [action_id])
        action = _changed_action(call, action_id, if_match, change)
        body = action_history_out(call.session, action, call.now, call.caller).model_dump(mode="json")
        headers = {"ETag": etag(action), "Location": f"/v1/actions/{action.id}"}
        return OperationResult(status=201, body=body, headers=headers)

    return call.once(sent, changed)


def change_several(sent: BaseModel, call: Call, items: Sequence[ItemChange]) -> Response:
    """Makes each change by itself: what is refused says why, and the rest is recorded in the same commit."""

    def changed() -> OperationResult:
        _hold_cases(call, [item.action_id for item in items])
        results = change_each(call, items, "/items")
        refused = sum(result.problem is not None for result in results)
        body = ItemsOut(recorded=len(results) - refused, refused=refused, items=results)
        return OperationResult(status=200, body=body.model_dump(mode="json"))

    return call.once(sent, changed)


def change_each(call: Call, items: Sequence[ItemChange], place: str) -> list[ItemOut]:
    """Makes each change within a savepoint of its own. `place` points to the list of them in what was sent.

    Call it with the cases of the actions locked.
    """
    # Every lock before the first savepoint: going back to one would give its locks up.
    repository.lock_actions(call.session, [item.action_id for item in items])
    return [_item_result(call, f"{place}/{number}", item) for number, item in enumerate(items)]


def _item_result(call: Call, place: str, item: ItemChange) -> ItemOut:
    try:
        # The row scope is a setting of the transaction: going back to the savepoint brings the caller's back, too.
        with call.session.begin_nested():
            action = _changed_action(call, item.action_id, item.if_match, item.change)
    except ServiceError as refused:
        problem = problem_of_item(refused, call.caller.trace_id, place)
        return ItemOut(action_id=item.action_id, status=refused.status, problem=problem)
    return ItemOut(action_id=action.id, status=201, version=action.version, state=action.state)


def _changed_action(call: Call, action_id: str, if_match: str | None, change: ActionChange) -> Action:
    action = find_action_for_change(call.session, action_id, if_match)
    refuse_scheme(call, action)
    # The caller saw the action; what follows from it touches reminders and actions of other agencies.
    with call.as_system():
        change(action)
    record_act(call.tx, Category.ALTERATION, "action", action.id)
    call.session.flush()
    return action


def _hold_cases(call: Call, action_ids: Sequence[str]) -> None:
    """Keeps a new decision of the cases from opening the same duties while these changes may leave them open."""
    case_ids = repository.case_ids_of(call.session, action_ids)
    if case_ids:
        # Row security may hide the case of an action that the caller sees, and a hidden row is not locked.
        with call.as_system():
            repository.hold_cases(call.session, case_ids)
