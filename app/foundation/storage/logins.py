"""The roles and logins of the database: one login owns the tables and migrates them, another is the service's.

The service's login owns nothing and is a member of `APP_ROLE` only, so that no `SET ROLE` leads it past a guard.
"""

from sqlalchemy import create_engine, make_url

from app.foundation.storage.guards import APP_ROLE, DUMP_ROLE, KEEPER_ROLE

OWNER_LOGIN = "referral_routing_owner"
SERVICE_LOGIN = "referral_routing_service"
_MADE = {
    APP_ROLE: "NOLOGIN",
    KEEPER_ROLE: "NOLOGIN",
    DUMP_ROLE: "NOLOGIN",
    OWNER_LOGIN: "LOGIN",
    SERVICE_LOGIN: "LOGIN",
}


def logins_sql() -> str:
    """Returns what an administrator runs once in the service's database. It may run again; it sets no password."""
    made = "\n".join(_role_sql(name, kind) for name, kind in _MADE.items())
    return f"""\
-- Run by an administrator in the database of the service. Roles belong to the server: another database may have them.
BEGIN;
SELECT pg_advisory_xact_lock(hashtextextended('referral routing logins', 0));
{made}
GRANT {APP_ROLE} TO {SERVICE_LOGIN};
-- The owner gives functions to the one and dumps as the other. It does not inherit their sight of every row; before
-- PostgreSQL 16 a role inherits all or nothing, and the owner needs what the owner of the database has.
DO $$ BEGIN
    EXECUTE 'GRANT {KEEPER_ROLE}, {DUMP_ROLE} TO {OWNER_LOGIN}' || CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
END $$;
-- The owner of the database may make its tables and grant the service what it needs of them.
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO {OWNER_LOGIN}', current_database()); END $$;
COMMIT;
"""


def make_logins(administrator_url: str) -> None:
    """Makes the roles and logins on a server, for the database that the administrator's address names."""
    administrator = create_engine(
        make_url(administrator_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with administrator.connect() as connection:
        # Without parameters the driver sends several statements at once, and % is not a placeholder.
        connection.exec_driver_sql(logins_sql(), execution_options={"no_parameters": True})
    administrator.dispose()


def as_login(url: str, login: str) -> str:
    """Returns the address of the same database with another login; a password stays."""
    return make_url(url).set(username=login).render_as_string(hide_password=False)


def _role_sql(name: str, kind: str) -> str:
    return f"""\
DO $$ BEGIN
    CREATE ROLE {name} {kind} NOSUPERUSER NOCREATEDB NOCREATEROLE;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"""
