"""The service connects with a login that owns nothing, and refuses to start with one that could do more."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from app.database_checks import faults
from app.foundation.settings import Settings
from app.foundation.storage.addresses import OWNER_NEEDED
from app.foundation.storage.database import make_engine
from app.foundation.storage.embedded import start_embedded
from app.foundation.storage.guards import APP_ROLE, KEEPER_ROLE
from app.foundation.storage.login_check import login_faults, missing_roles
from app.foundation.storage.logins import OWNER_LOGIN, SERVICE_LOGIN, as_login, make_logins
from app.startup import migrate_as_owner, prepared_engine
from tests.postgres import SECRET_KEY, Postgres, a_copy, an_empty_database

OWNERS = text("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'")
UNSAFE = {
    "is a superuser": "ALTER ROLE unsafe SUPERUSER",
    "bypasses row security": "ALTER ROLE unsafe BYPASSRLS",
    "may make roles": "ALTER ROLE unsafe CREATEROLE",
    f"is a member of {OWNER_LOGIN}": f"GRANT {OWNER_LOGIN} TO unsafe",
    "owns tables or functions, or is a member of their owner": "ALTER TABLE referral OWNER TO unsafe",
    "owns the database, or is a member of its owner": f"GRANT {OWNER_LOGIN} TO unsafe",
    "may make tables": "GRANT CREATE ON SCHEMA public TO unsafe",
    f"is no member of {APP_ROLE}": f"REVOKE {APP_ROLE} FROM unsafe",
}


@pytest.fixture
def another_login(owner_engine: Engine) -> Iterator[Connection]:
    """The administrator's connection with a login `unsafe`, made as the service's own and gone afterwards."""
    with owner_engine.connect() as connection:
        connection.execute(text("CREATE ROLE unsafe LOGIN"))
        connection.execute(text(f"GRANT {APP_ROLE} TO unsafe"))
        yield connection
        connection.rollback()


def test_service_connects_with_a_login_that_owns_nothing_and_is_no_member_of_the_owner(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        login = connection.scalar(text("SELECT session_user || ' as ' || current_user"))

        assert (login, login_faults(connection)) == (f"{SERVICE_LOGIN} as {SERVICE_LOGIN}", [])


def test_tables_belong_to_the_login_of_the_migrations(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        assert connection.scalars(OWNERS).all() == [OWNER_LOGIN]


@pytest.mark.parametrize("fault", UNSAFE)
def test_login_that_could_go_past_the_guards_is_noticed(fault: str, another_login: Connection) -> None:
    another_login.execute(text(UNSAFE[fault]))
    another_login.execute(text("SET LOCAL SESSION AUTHORIZATION unsafe"))

    assert fault in login_faults(another_login)


def test_login_as_the_service_needs_it_has_no_fault(another_login: Connection) -> None:
    another_login.execute(text("SET LOCAL SESSION AUTHORIZATION unsafe"))

    assert login_faults(another_login) == []


@pytest.mark.parametrize("role", [OWNER_LOGIN, "postgres", "pg_read_all_data", "pg_database_owner"])
def test_set_role_leads_the_service_nowhere(role: str, app_engine: Engine) -> None:
    with app_engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied to set role"):
        connection.execute(text(f"SET ROLE {role}"))


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_start_with_the_login_of_the_owner_is_refused(command: str, postgres: Postgres) -> None:
    with a_copy(postgres) as url:
        status, said = run(command, DATABASE_URL=as_login(url, OWNER_LOGIN))

    assert status == 1
    assert said.startswith("the login in DATABASE_URL owns the database, or is a member of its owner")
    assert said.count("\n") == 1


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_start_without_the_login_of_the_owner_migrates_nothing(command: str, postgres: Postgres) -> None:
    with an_empty_database(postgres) as url:
        status, said = run(command, DATABASE_URL=as_login(url, SERVICE_LOGIN))

    assert (status, said) == (
        1,
        "the schema is behind: run `python -m app.cli migrate` with MIGRATIONS_DATABASE_URL\n",
    )


@pytest.mark.parametrize("command", ["migrate", "dump"])
def test_what_only_the_owner_may_do_asks_for_the_owners_address(command: str, database_url: str) -> None:
    assert run(command, DATABASE_URL=database_url) == (
        1,
        f"{OWNER_NEEDED}\n",
    )


def test_owner_migrates_an_empty_database_and_the_service_then_finds_it_ready(postgres: Postgres) -> None:
    with an_empty_database(postgres) as url:
        service = as_login(url, SERVICE_LOGIN)
        migrated = run("migrate", DATABASE_URL=service, MIGRATIONS_DATABASE_URL=as_login(url, OWNER_LOGIN))
        engine = make_engine(service, secret_key=SECRET_KEY)

        assert (migrated, list(faults(engine))) == ((0, ""), [])
        assert run("doctor", DATABASE_URL=service) == (0, "")
        engine.dispose()


def test_doctor_names_what_is_wrong(postgres: Postgres) -> None:
    with a_copy(postgres) as url:
        ended = started("doctor", DATABASE_URL=as_login(url, OWNER_LOGIN))

    assert ended.returncode == 1
    assert "owns tables or functions, or is a member of their owner" in ended.stdout


def test_embedded_server_has_the_same_two_logins(tmp_path: Path) -> None:
    server = start_embedded(tmp_path)
    try:
        engine = prepared_engine(Settings(data_dir=tmp_path, secret_key=SECRET_KEY))
        with engine.connect() as connection:
            found = connection.scalars(OWNERS).all(), login_faults(connection), engine.url.username
        engine.dispose()
    finally:
        server.cleanup()

    assert found == ([OWNER_LOGIN], [], SERVICE_LOGIN)


def test_another_secret_than_that_of_the_migration_is_refused(database_url: str) -> None:
    status, said = run("worker", DATABASE_URL=database_url, ROUTING_SECRET_KEY="1" * 64)

    assert (status, said) == (
        1,
        "the database does not know this ROUTING_SECRET_KEY: run `python -m app.cli migrate` with it\n",
    )


def test_key_of_the_deployment_replaces_another_and_is_kept_once(postgres: Postgres) -> None:
    with a_copy(postgres) as url:
        for secret_key in ("1" * 64, SECRET_KEY, SECRET_KEY):
            migrate_as_owner(as_login(url, OWNER_LOGIN), secret_key)
        service = make_engine(as_login(url, SERVICE_LOGIN), secret_key=SECRET_KEY)
        former = make_engine(as_login(url, SERVICE_LOGIN), secret_key="1" * 64)

        assert list(faults(service)) == []
        assert len(list(faults(former))) == 1
        service.dispose()
        former.dispose()


def test_role_that_nobody_has_made_is_named(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        before = missing_roles(connection)
        connection.execute(text(f"ALTER ROLE {KEEPER_ROLE} RENAME TO another_role"))
        after = missing_roles(connection)
        connection.rollback()

    assert (before, after) == ([], [KEEPER_ROLE])


def test_logins_can_be_made_again(postgres: Postgres) -> None:
    with an_empty_database(postgres) as url:
        make_logins(url)
        make_logins(url)


def run(command: str, **addresses: str) -> tuple[int, str]:
    """How the command ended, and what it said as an error."""
    ended = started(command, **addresses)
    return ended.returncode, ended.stderr


def started(command: str, **addresses: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", command],
        env=os.environ | {"ROUTING_SECRET_KEY": SECRET_KEY} | addresses,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
