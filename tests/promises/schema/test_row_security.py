"""Every table is under row security that is forced and fails without a row scope, or says here why it is not."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.foundation.storage.database import make_engine, row_scope_key
from app.foundation.storage.guards import APP_ROLE
from app.foundation.storage.row_scope import open_row_scope, row_scope_proof
from app.tables import metadata
from tests.given import Callers, a_referral
from tests.postgres import SECRET_KEY

DIRECTORY = "the directory: everybody may know which areas, agencies and posts there are"
BEFORE_A_SCOPE = "read to find out who calls, before there is a row scope"
BY_ID = "ids of rows that are guarded themselves; nothing else"
CALENDAR = "days and forums of an area's meetings; the cases on a list are guarded"
UNGUARDED = {
    "agency": DIRECTORY,
    "alembic_version": "the revision of the schema",
    "area": DIRECTORY,
    "audit_entry": "written by every caller; only the owner's side reads it, by ids and codes",
    "call_count": "digests of who called and how often, counted before there is a row scope",
    "case_need": BY_ID,
    "client": BEFORE_A_SCOPE,
    "client_key": BEFORE_A_SCOPE,
    "client_key_use": BEFORE_A_SCOPE,
    "feed_entry": BY_ID,
    "flow_position": "one number: how far the worker has read the feed",
    "idempotent_result": "found by clients of the agency, role and areas that sent the key, and by no other",
    "meeting": CALENDAR,
    "meeting_cycle": CALENDAR,
    "page_visit": BEFORE_A_SCOPE,
    "person_search": "written by the caller who searched; no operation reads it",
    "post": DIRECTORY,
    "reminder_line": "ids, posts and instants, read by workers and by the id of a guarded message",
    "reminder_timer": "ids, posts and instants, read by workers and by the id of a guarded action",
    "row_scope_key": "nobody but the functions that check a proof may read it",
    "separate_persons": "pairs of pseudonyms that are two people, read by matching alone",
    "shipped_policy_text": "the rules of a release, which everybody may read; they hold nothing of a case",
    "token_signing_key": "keys of the service, their private halves sealed; every token is checked with them",
    "used_assertion": "hashes of what clients signed, read to find out who calls",
}
GUARDED = sorted(table.name for table in metadata.sorted_tables if table.name not in UNGUARDED)


def test_every_table_is_under_forced_row_security_or_says_why_not(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy "
                "WHERE polrelid = pg_class.oid AND polname = relname || '_rows') "
                "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            )
        )
        guarded = dict(found.all())

    assert sorted(name for name, is_guarded in guarded.items() if not is_guarded) == sorted(UNGUARDED)
    assert sorted(name for name, is_guarded in guarded.items() if is_guarded) == GUARDED


@pytest.mark.parametrize("table", GUARDED)
def test_scope_is_checked_once_for_each_statement_and_the_condition_on_rows_is_inline(
    table: str, app_engine: Engine
) -> None:
    """Called for each row, either of them would take 7 s over a million rows."""
    with app_engine.connect() as connection:
        open_row_scope(connection, "area", "ANYTOWN-POLICE", "ANYTOWN")
        plan = connection.scalars(text(f"EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM {table}")).all()
        connection.rollback()

    filters = " ".join(line for line in plan if "Filter:" in line)
    assert "InitPlan" in filters
    assert "row_scope_is_open" not in filters
    assert "row_is_visible" not in filters


@pytest.fixture
def stored(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("login", ["database_url", "migrations_url"])
def test_without_a_row_scope_each_table_that_holds_a_row_fails_for_service_and_owner(
    login: str, owner_engine: Engine, request: pytest.FixtureRequest
) -> None:
    engine = make_engine(request.getfixturevalue(login), pool_size=1)
    answered = []
    with owner_engine.connect() as administrator, engine.connect() as connection:
        held = [name for name in GUARDED if administrator.scalar(text(f"SELECT EXISTS (SELECT FROM {name})"))]
        for name in held:
            try:
                answered.append((name, connection.scalar(text(f"SELECT count(*) FROM {name}"))))
            except DBAPIError as refused:
                assert "no row scope is open in this transaction" in str(refused)  # noqa: PT017 - for each table
            connection.rollback()
    engine.dispose()

    assert {"referral", "need", "ownership", "action", "event", "case_file"} <= set(held)
    assert answered == []


def test_scope_ends_with_its_transaction(app_engine: Engine, stored: None) -> None:
    with app_engine.connect() as connection:
        open_row_scope(connection, "system", "", "")
        connection.commit()

        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM referral"))


BY_HAND = {
    "the scope": "SELECT set_config('app.row_scope', 'system', true), set_config('app.agency', '', true), "
    "set_config('app.areas', '', true)",
    "an agency": "SELECT set_config('app.row_scope', 'agency', true), "
    "set_config('app.agency', 'ANYTOWN-POLICE', true), set_config('app.areas', '', true)",
    "an area": "SELECT set_config('app.row_scope', 'area', true), set_config('app.agency', '', true), "
    "set_config('app.areas', 'ANYTOWN', true)",
    "the scope as SET": "SET app.row_scope = 'system'",
    "the scope and a seal": "SELECT set_config('app.row_scope', 'system', true), set_config('app.agency', '', true), "
    "set_config('app.areas', '', true), set_config('app.row_scope_seal', repeat('0', 64), true)",
}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("setting", BY_HAND)
def test_scope_that_is_set_by_hand_shows_nothing(setting: str, app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        connection.execute(text(BY_HAND[setting]))

        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM referral"))


@pytest.mark.usefixtures("stored")
def test_open_scope_cannot_be_widened_by_hand(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        open_row_scope(connection, "agency", "STRANGER", "")
        before = connection.scalar(text("SELECT count(*) FROM referral"))
        connection.execute(text("SELECT set_config('app.row_scope', 'system', true)"))

        assert before == 0
        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM referral"))


@pytest.mark.usefixtures("stored")
def test_settings_of_one_transaction_open_nothing_in_the_next(app_engine: Engine) -> None:
    names = ("app.row_scope", "app.agency", "app.areas", "app.row_scope_seal")
    with app_engine.connect() as connection:
        open_row_scope(connection, "system", "", "")
        copied = {name: connection.scalar(text(f"SELECT current_setting('{name}')")) for name in names}
        connection.commit()
        for name, value in copied.items():
            connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})

        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM referral"))


@pytest.mark.parametrize("secret_key", [None, "1" * 64])
def test_process_without_the_secret_of_the_deployment_opens_no_scope(secret_key: str | None, database_url: str) -> None:
    engine = make_engine(database_url, secret_key=secret_key, pool_size=1)
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="proof for this row scope"):
        open_row_scope(connection, "agency", "ANYTOWN-POLICE", "")
    engine.dispose()


def test_proof_of_one_connection_opens_nothing_on_another(database_url: str) -> None:
    engine = make_engine(database_url, secret_key=SECRET_KEY, pool_size=2)
    opening = text("SELECT open_row_scope('system', '', '', :proof)")
    with engine.connect() as one, engine.connect() as other:
        backend = one.scalar(text("SELECT pg_backend_pid()"))
        said = {"proof": row_scope_proof(row_scope_key(SECRET_KEY), backend, "system", "", "")}
        one.execute(opening, said)

        with pytest.raises(ProgrammingError, match="proof for this row scope"):
            other.execute(opening, said)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM row_scope_key",
        "INSERT INTO row_scope_key VALUES ('a', 'b')",
        "DELETE FROM row_scope_key",
        "SELECT row_scope_code('sealed')",
        "CREATE FUNCTION row_scope_is_open() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "ALTER TABLE referral NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE referral DISABLE ROW LEVEL SECURITY",
        "DROP POLICY referral_rows ON referral",
        "CREATE POLICY mine ON referral USING (true)",
        "ALTER TABLE referral OWNER TO CURRENT_USER",
        "SET session_replication_role = replica",
    ],
)
def test_service_reaches_neither_key_nor_guard(statement: str, app_engine: Engine) -> None:
    with app_engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        connection.execute(text(statement))


@pytest.mark.usefixtures("stored")
def test_row_security_cannot_be_switched_off(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        open_row_scope(connection, "agency", "STRANGER", "")
        connection.execute(text("SET LOCAL row_security = off"))

        with pytest.raises(ProgrammingError, match="would be affected by row-level security"):
            connection.execute(text("SELECT id FROM referral"))


@pytest.mark.usefixtures("stored")
def test_table_of_the_callers_own_deceives_no_function_of_the_keeper(app_engine: Engine) -> None:
    with app_engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE row_scope_key (inner_block bytea, outer_block bytea)"))
        connection.execute(text("SET LOCAL search_path = pg_temp, public"))
        connection.execute(text(BY_HAND["the scope"]))

        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM public.referral"))


def test_role_that_holds_the_grants_sees_no_more_than_its_members(app_engine: Engine, stored: None) -> None:
    with app_engine.connect() as connection:
        connection.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))

        with pytest.raises(ProgrammingError, match="no row scope is open"):
            connection.execute(text("SELECT id FROM referral"))
