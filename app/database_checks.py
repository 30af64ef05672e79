"""Checks the database before the service works with it: the login, the server, the revision of the schema."""

from collections.abc import Iterator

from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from app.foundation.storage.login_check import login_faults, missing_roles
from app.foundation.storage.migrate import current_revision, head_revision, known_revisions, unknown_revisions
from app.foundation.storage.row_scope import open_row_scope


def faults(engine: Engine) -> Iterator[str]:
    """Yields what keeps the service from working with this database, each in one line; nothing when all is right."""
    yield from _unknown_revision(engine)
    yield from _old_schema(engine)
    yield from _unsafe_login(engine)
    yield from _unsafe_server(engine)
    yield from _unknown_secret(engine)


def refuse_faults(engine: Engine) -> None:
    """Ends the process with the first fault, if there is one."""
    for fault in faults(engine):
        raise SystemExit(fault)


def refuse_unknown_revision(engine: Engine) -> None:
    """Ends the process, before anything is changed, when the database's schema comes from other code than this."""
    for fault in _unknown_revision(engine):
        raise SystemExit(fault)


def refuse_missing_roles(engine: Engine) -> None:
    """Ends the process, before anything is changed, when an administrator has not made the roles yet."""
    with engine.connect() as connection:
        missing = missing_roles(connection)
    if missing:
        raise SystemExit(
            f"the server lacks {', '.join(missing)}: an administrator runs what `python -m app.cli logins` prints"
        )


def _unknown_revision(engine: Engine) -> Iterator[str]:
    unknown = unknown_revisions(engine)
    if unknown:
        yield (
            f"the database is at schema revision {', '.join(sorted(unknown))}; this code knows only "
            f"{', '.join(known_revisions())}. Run the release that made this database, or set DATABASE_URL (for the "
            "embedded one: ROUTING_DATA_DIR) to a new one. Nothing was changed."
        )


def _old_schema(engine: Engine) -> Iterator[str]:
    # The service's login cannot migrate.
    if current_revision(engine) != head_revision():
        yield "the schema is behind: run `python -m app.cli migrate` with MIGRATIONS_DATABASE_URL"


def _unsafe_login(engine: Engine) -> Iterator[str]:
    """Yields what would lead the login past the guards that bind the service."""
    with engine.connect() as connection:
        found = login_faults(connection)
    if found:
        yield (
            f"the login in DATABASE_URL {', '.join(found)}. Give the service a login that owns nothing and is a member "
            "of referral_routing_app only; `python -m app.cli logins` prints what makes one"
        )


def _unsafe_server(engine: Engine) -> Iterator[str]:
    """Yields each setting by which the server may lose a commit: an acknowledged referral must never be lost."""
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            if connection.scalar(text(f"SHOW {setting}")) == "off":
                yield f"PostgreSQL runs with {setting} = off and could lose referrals; switch it on"


def _unknown_secret(engine: Engine) -> Iterator[str]:
    """Yields that the database refuses the row scopes of this deployment, which the secret key proves."""
    try:
        with engine.connect() as connection:
            open_row_scope(connection, "none", "", "")
    except ProgrammingError:
        yield "the database does not know this ROUTING_SECRET_KEY: run `python -m app.cli migrate` with it"
