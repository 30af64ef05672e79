"""One authorised call as an endpoint receives it: the caller, the transaction, the instant, the rows it may see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.access import service
from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock
from app.access.matrix import RowScope
from app.audit.service import acts_recorded, record_again
from app.foundation.caller import Caller
from app.foundation.storage.keys import secret_key_of
from app.foundation.storage.transaction import Transaction
from app.foundation.web.idempotency import IdempotencyKey, OneAct, OperationResult, answer_once
from app.foundation.web.pagination import CursorKey


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the matrix allows. Its session shows the caller's rows and commits before the answer is sent."""

    request: Request
    caller: Caller
    session: Session
    now: datetime
    key: str | None = None

    @property
    def tx(self) -> Transaction:
        """The transaction, caller and instant of this call, as use cases take them."""
        return Transaction(self.session, self.caller, self.now)

    @property
    def rows(self) -> RowScope:
        """The row filter that the matrix gave this operation."""
        rows: RowScope = self.request.state.rows
        return rows

    @contextmanager
    def as_system(self) -> Iterator[Session]:
        """Lets the session see every row inside. Use it only once the object was found among the caller's own rows."""
        with service.as_system(self.session, self.caller, self.rows):
            yield self.session

    def once(self, sent: BaseModel | None, act: Callable[[], OperationResult]) -> Response:
        """Acts once for each Idempotency-Key of the sender; the same key again gives the stored answer.

        To be given it again is to read it again, and stands on the audit trail as the first time.
        """
        tx = self.tx
        once = OneAct(act, lambda: acts_recorded(tx.session), lambda acts: record_again(tx, acts))
        return answer_once(self.session, self.request, self.caller.sender, self.key, sent, self.now, once)

    def cursor_key(self, filters: str) -> CursorKey:
        """Seals this caller's cursors for this very list."""
        # Bound to the client and its filters: a position in one caller's list says nothing in another's.
        return CursorKey(secret_key_of(self.session) or "", f"{self.caller.client_id} {filters}")

    def query_without_cursor(self) -> str:
        """Returns the filters of this request, for the link to the next page."""
        pairs = self.request.query_params.multi_items()
        return "".join(f"{name}={value}&" for name, value in pairs if name != "cursor")


async def _reading(request: Request, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock) -> Call:
    return Call(request, caller, session, clock.now())


async def _writing(
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Call:
    return Call(request, caller, session, clock.now(), key)


Reading = Annotated[Call, Depends(_reading)]
Writing = Annotated[Call, Depends(_writing)]
