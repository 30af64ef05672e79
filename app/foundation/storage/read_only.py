"""Reading that cannot write: PostgreSQL itself refuses, whatever the code inside does."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session


@contextmanager
def read_only(session: Session) -> Iterator[Session]:
    """Inside, every statement that would write, or lock a row, fails; after, the transaction goes on as before.

    A subtransaction can be made read only and cannot be made writable again; when it ends, its caller is
    writable as before, so that the act itself can still be put on the audit trail.
    """
    session.flush()
    with session.begin_nested():
        session.execute(text("SET TRANSACTION READ ONLY"))
        yield session
