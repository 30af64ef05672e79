"""Makes a block of work read only: PostgreSQL itself refuses to write, whatever the code inside does."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session


@contextmanager
def read_only(session: Session) -> Iterator[Session]:
    """Makes every statement inside that writes or locks a row fail; afterwards the transaction goes on as before.

    A subtransaction can be made read only but not writable again. When it ends, the outer transaction is writable as
    before, so that the act can still be put on the audit trail.
    """
    # Pending rows of the outer transaction are written now: inside, a late flush would be refused.
    session.flush()
    with session.begin_nested():
        session.execute(text("SET TRANSACTION READ ONLY"))
        yield session
