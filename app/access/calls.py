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
from app.access.matrix import Rows
from app.foundation.caller import Caller
from app.foundation.storage.transaction import Transaction
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
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
    def rows(self) -> Rows:
        """The row filter that the matrix gave this operation."""
        rows: Rows = self.request.state.rows
        return rows

    @contextmanager
    def as_system(self) -> Iterator[Session]:
        """Inside, the session sees every row. Use it only after the object was found among the caller's own rows."""
        with service.as_system(self.session, self.caller, self.rows):
            yield self.session

    def once(self, sent: BaseModel | None, act: Callable[[], OperationResult]) -> Response:
        """Acts once for each Idempotency-Key of the caller; the same key again gives the stored answer."""
        return once(self.session, self.request, self.caller.client_id, self.key, sent, self.now, act)

    def cursor_key(self, filters: str) -> CursorKey:
        """Signs this caller's cursors for this very list."""
        secret = (self.request.app.state.settings.secret_key or "").encode()
        return CursorKey(secret, f"{self.caller.client_id} {filters}")

    def query_without_cursor(self) -> str:
        """The filters of this request, for the link to the next page."""
        pairs = self.request.query_params.multi_items()
        return "".join(f"{name}={value}&" for name, value in pairs if name != "cursor")


async def _reading(
    request: Request, caller: AuthorisedCaller, session: DatabaseSession, clock: TheClock
) -> Call:
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
