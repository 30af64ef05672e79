"""Authentication, authorisation and the row scope of a transaction."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import repository
from app.access.matrix import Rows, access_matrix
from app.access.models import Client
from app.foundation.caller import Caller
from app.foundation.errors import Forbidden, Invalid, Unauthenticated
from app.foundation.identifiers import new_id


def hash_of_key(key: str) -> str:
    """What is stored of an API key. The key has 256 random bits, so a plain hash cannot be searched back."""
    return hashlib.sha256(key.encode()).hexdigest()


def add_client(
    session: Session,
    *,
    name: str,
    agency: str,
    role: str,
    areas: list[str],
    now: datetime,
    kind: str = "test",
) -> tuple[Client, str]:
    """The new client and its key, which is shown this once."""
    key = f"{kind}_{secrets.token_urlsafe(32)}"
    client = Client(
        id=new_id("cli"),
        name=name,
        agency=agency,
        role=role,
        areas=areas,
        key_hash=hash_of_key(key),
        created_at=now,
    )
    session.add(client)
    session.flush()
    return client, key


def authenticate(session: Session, authorization: str | None) -> Client:
    """The client whose key came as `Authorization: Bearer …`, or `Unauthenticated`."""
    scheme, _, key = (authorization or "").partition(" ")
    client = repository.client_by_key_hash(session, hash_of_key(key)) if scheme.lower() == "bearer" else None
    if client is None:
        error = Unauthenticated(
            "send `Authorization: Bearer <your key>`; the key is missing, unknown or suspended"
        )
        error.headers["WWW-Authenticate"] = "Bearer"
        raise error
    return client


def authorise(client: Client, operation: str | None) -> Rows:
    """The rows this client sees in this operation, or `Forbidden`."""
    grant = access_matrix().get(operation or "")
    rows = grant.rows_by_role.get(client.role) if grant else None
    if rows is None:
        raise Forbidden(f"the role {client.role} may not call this operation; see /docs for which role may")
    return rows


def scope_rows(session: Session, caller: Caller, rows: Rows) -> None:
    """From here to the end of the transaction the database shows only this caller's rows."""
    repository.set_row_scope(session, rows.value, caller.agency, ",".join(sorted(caller.areas)))


def scope_to_system(session: Session) -> None:
    """From here to the end of the transaction every row is seen: for workers and after a case was authorised."""
    repository.set_row_scope(session, "system", "", "")


@contextmanager
def as_system(session: Session, caller: Caller, rows: Rows = Rows.NONE) -> Iterator[None]:
    """Inside, the service sees across agencies (counting across forces needs it); after, the caller's rows again."""
    session.flush()
    scope_to_system(session)
    yield
    session.flush()
    scope_rows(session, caller, rows)


def area_or_refuse(session: Session, caller: Caller, code: str) -> None:
    """The area exists and is one of the caller's, or `Invalid` naming the field."""
    if code not in caller.areas or repository.area_by_code(session, code) is None:
        raise Invalid("`area` is not one of the areas of your API key; ask the co-ordinator to add it")
