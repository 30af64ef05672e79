"""Makes one decision about a need while it and everything that it serves is locked."""

from collections.abc import Callable, Sequence

from fastapi import Response
from pydantic import BaseModel

from app.access.calls import Call
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.ownership import repository
from app.ownership.models import Need
from app.referrals.models import Case


def decide_on_locked_needs(
    find: Callable[[], Sequence[str]],
    sent: BaseModel,
    call: Call,
    decide: Callable[[Need, Sequence[Case]], BaseModel | Callable[[], BaseModel]],
) -> Response:
    """Makes one decision about the first need that `find` names, with all of them and their cases locked.

    `find` looks among the caller's own rows, before the filter is lifted. `decide` returns the answer,
    or what makes it of no more than the caller's own rows.
    """

    def decided() -> OperationResult:
        need_ids = find()
        with call.as_system() as session:
            cases = repository.cases_for_change(session, need_ids)
            # In the order of their ids, so that two decisions that name each other's need never wait for each other.
            locked = {one: repository.need_for_change(session, one) for one in sorted(set(need_ids))}
            need = locked[need_ids[0]]
            assert need is not None  # noqa: S101 - found above, and needs are never deleted
            decision = decide(need, cases)
        answer = decision if isinstance(decision, BaseModel) else decision()
        record_act(call.tx, Category.ALTERATION, "need", need.id)
        return OperationResult(status=201, body=answer.model_dump(mode="json"))

    return call.once(sent, decided)
