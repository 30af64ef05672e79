"""The schema's own promises: up, down, up; no drift; one head; the guards stand."""

from sqlalchemy import CheckConstraint, Engine, create_engine, make_url, text

from app.foundation.storage.database import make_engine
from app.foundation.storage.migrate import check_for_drift, downgrade, migrate
from app.tables import metadata


def test_schema_goes_up_down_and_up_again_without_a_trace(server_url: str) -> None:
    admin = create_engine(
        make_url(server_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS up_down_up WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE up_down_up"))
    owner = make_engine(
        make_url(server_url).set(database="up_down_up").render_as_string(hide_password=False), role=None
    )

    migrate(owner)
    downgrade(owner, "base")
    with owner.connect() as connection:
        left = connection.scalar(
            text(
                "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE nspname = 'public' AND relkind = 'r' AND relname <> 'alembic_version'"
            )
        )
        functions = connection.scalar(
            text(
                "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
            )
        )
    migrate(owner)

    assert (left, functions) == (0, 0)
    owner.dispose()
    admin.dispose()


def test_models_and_migrated_schema_do_not_differ(owner_engine: Engine) -> None:
    check_for_drift(owner_engine)


def test_every_check_of_the_models_stands_in_the_database_and_no_other(owner_engine: Engine) -> None:
    """Alembic compares no check, so a rule that only one of the two states would go unnoticed."""
    with owner_engine.connect() as connection:
        checks = text("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conname LIKE 'ck\\_%'")
        stand = set(connection.scalars(checks))

    stated = {
        f"ck_{table.name}_{str(constraint.name).removeprefix(f'ck_{table.name}_')}"
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert (stated - stand, stand - stated) == (set(), set())
