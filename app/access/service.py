"""Clients and their keys, authorisation and the row scope of a transaction."""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access import repository
from app.access.key_format import hash_of_key, new_key, shown_of
from app.access.key_models import ClientKey, ClientKeyUse
from app.access.matrix import RowScope, access_matrix, known_roles
from app.access.models import CODE, MOST_OF_A_CODE, Agency, Area, Client
from app.access.vocabulary import ClientKeyKind
from app.foundation.caller import SYSTEM, Caller, normal_form
from app.foundation.errors import Conflict, Forbidden, Invalid, listed
from app.foundation.identifiers import new_id
from app.foundation.storage.row_scope import open_row_scope

DAYS_OF_A_KEY = 365
"""How long a key lasts unless somebody says otherwise [I]."""


def add_client(
    session: Session,
    *,
    name: str,
    agency: str,
    role: str,
    areas: list[str],
    now: datetime,
    kind: str = "test",
    speaks_for_people: bool = False,
    days: int = DAYS_OF_A_KEY,
) -> tuple[Client, str]:
    """Stores a new client and returns it with its API key, which is shown this once."""
    client = Client(
        id=new_id("cli"),
        name=name,
        agency=agency,
        role=role,
        areas=areas,
        speaks_for_people=speaks_for_people,
        created_at=now,
        suspended_at=None,
        tokens_ended_at=None,
    )
    session.add(client)
    session.flush()
    key = new_key(ClientKeyKind.API_KEY, kind)
    add_key(session, client.id, ClientKeyKind.API_KEY, key, (now, now + timedelta(days=days)))
    return client, key


def add_key(
    session: Session, client_id: str, kind: ClientKeyKind, key: str, from_until: tuple[datetime, datetime]
) -> ClientKey:
    """Stores a hash of an API key or a client secret, and when it was made and ends."""
    made_at, expires_at = from_until
    added = ClientKey(
        id=new_id("key"),
        client_id=client_id,
        kind=kind,
        shown=shown_of(key),
        key_hash=hash_of_key(key),
        public_jwk=None,
        made_at=made_at,
        expires_at=expires_at,
        suspended_at=None,
        tokens_ended_at=None,
        replaced_by=None,
    )
    store_key(session, added)
    return added


def store_key(session: Session, key: ClientKey) -> None:
    """Stores a key that nobody has used yet."""
    session.add(key)
    # The row of its use refers to the key, and the two are no relationship that would order them.
    session.flush()
    session.add(ClientKeyUse(key_id=key.id, last_used_at=None))
    session.flush()


def add_to_directory(session: Session, added: Area | Agency) -> None:
    """Adds an area or an agency. Raises `Invalid` for what is no code, and `Conflict` for one that is taken."""
    if not re.fullmatch(CODE, added.code):
        raise Invalid(f"a code has capitals, digits, hyphens and underscores, and {MOST_OF_A_CODE} characters at most")
    if repository.is_taken(session, type(added), added.code):
        raise Conflict("the directory has this code already")
    session.add(added)


def refuse_unknown_role(role: str) -> None:
    """Raises `Invalid`, which lists the roles, unless the access matrix names this one."""
    if role not in known_roles():
        raise Invalid(f"there is no such role; the roles are {listed(sorted(known_roles()))}")


def refuse_unknown_place(session: Session, agency: str, areas: Collection[str]) -> None:
    """Raises `Invalid`, which lists those there are, unless the agency and every area are in the directory."""
    if not repository.agency_exists(session, agency):
        agencies = listed(repository.agency_codes(session))
        raise Invalid(f"there is no such agency; the agencies are {agencies}; `directory add-agency` adds one")
    known = repository.area_codes(session)
    if not set(areas) <= set(known):
        raise Invalid(
            f"there is no such area; the areas are {listed(known)}, one to a word; `directory add-area` adds one"
        )


def authorise(role: str, operation: str | None) -> RowScope:
    """Returns the rows that a caller of this role sees in this operation. Raises `Forbidden`."""
    grant = access_matrix().get(operation or "")
    # What the matrix does not name is refused: a new operation is closed until somebody opens it.
    rows = grant.rows_by_role.get(role) if grant else None
    if rows is None:
        raise Forbidden(f"the role {role} may not call this operation; see /docs for which role may")
    return rows


def person_spoken_for(session: Session, client: Client, header: str | None) -> str | None:
    """Returns the name of the account that the client names as the person who acts, as the directory holds it.

    Returns None when it names nobody. Raises `Forbidden` for a client that may not speak for people, and alike for a
    name that is unknown, suspended or of another agency: a refusal says nothing about who exists.
    """
    name = normal_form(header or "")
    if not name:
        return None
    if not client.speaks_for_people:
        raise Forbidden(
            "this client may not speak for people; leave X-On-Behalf-Of out, or ask for a client that may",
            code="may-not-speak-for-people",
        )
    scope_to_agency(session, client.agency)
    account = repository.active_account(session, client.agency, name)
    if account is None:
        raise Forbidden(
            "X-On-Behalf-Of names nobody who may act for your agency; its administrator adds and suspends accounts",
            code="not-in-directory",
        )
    return account.name


def scope_rows(session: Session, caller: Caller, rows: RowScope) -> None:
    """Makes the database show only this caller's rows until the transaction ends."""
    open_row_scope(session.connection(), rows.value, caller.agency, ",".join(sorted(caller.areas)))


def scope_to_agency(session: Session, agency: str) -> None:
    """Makes the database show only this agency's rows until the transaction ends: until it is known who acts for it."""
    open_row_scope(session.connection(), RowScope.AGENCY.value, agency, "")


def scope_to_system(session: Session) -> None:
    """Makes the database show every row until the transaction ends: for workers, and once a case was authorised."""
    open_row_scope(session.connection(), "system", "", "")


@contextmanager
def as_system(session: Session, caller: Caller, rows: RowScope = RowScope.NONE) -> Iterator[None]:
    """Lets the session see every row inside (counting across forces needs it), and the caller's rows again after."""
    # Each flush sends pending rows while the scope they were made under still holds.
    session.flush()
    scope_to_system(session)
    # No `finally`: after an exception the transaction is rolled back, and the scope with it.
    yield
    session.flush()
    scope_rows(session, caller, rows)


def refuse_unless_administers(caller: Caller, areas: Collection[str]) -> None:
    """Raises `Invalid` (no-person) for an administrator without a name, and `Forbidden` for what works elsewhere too.

    `areas` are those of the account or the client that is changed. Whoever runs commands answers for all.
    """
    if caller.role == SYSTEM.role:
        return
    caller.named_person("who gives others access is on record by name")
    if not set(areas) <= caller.areas:
        raise Forbidden(
            "this works in areas that you do not administer; an administrator of all of them, or whoever runs this "
            "service, changes it",
            code="areas-of-others",
        )


def refuse_unless_may_resume(caller: Caller, suspended_by: str | None) -> None:
    """Raises `Forbidden` where whoever runs the service suspended this: an administrator may be why they did."""
    if suspended_by == SYSTEM.answerable and caller.role != SYSTEM.role:
        raise Forbidden("whoever runs this service suspended this; ask them to resume it, by the command line")


def area_or_refuse(session: Session, caller: Caller, code: str) -> None:
    """Raises `Invalid`, which names the field, unless the area exists and is one of the caller's."""
    if code not in caller.areas or repository.area_by_code(session, code) is None:
        raise Invalid(
            f"`area` is not one of the areas of your client, which are {listed(sorted(caller.areas))}; whoever runs "
            "this service adds a client for another area"
        )
