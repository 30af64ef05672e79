"""The addresses of the database: one with the service's login, one with the login that owns the tables."""

from app.foundation.settings import Settings
from app.foundation.storage.embedded import embedded_url
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins

OWNER_NEEDED = (
    "set MIGRATIONS_DATABASE_URL to the address with the login that owns the tables; the service's own owns nothing"
)


def service_url(settings: Settings) -> str:
    """Returns the address that the service connects with, starting the embedded server where none is given."""
    return settings.database_url or as_login(embedded_url(settings.data_dir), SERVICE_LOGIN)


def migrations_url(settings: Settings) -> str | None:
    """Returns the owner's address, or None where only the service's is given.

    On the embedded server it makes the logins first: nobody else administers that server.
    """
    if settings.database_url or settings.migrations_url:
        return settings.migrations_url
    administrator = embedded_url(settings.data_dir)
    make_logins(administrator)
    return as_login(administrator, OWNER_LOGIN)


def owner_url(settings: Settings) -> str:
    """Returns the owner's address. Ends the process with one line where it is not given."""
    url = migrations_url(settings)
    if url is None:
        raise SystemExit(OWNER_NEEDED)
    return url
