"""The schema's own promises: up, down, up; no drift; one head; the guards stand."""

from sqlalchemy import Engine, create_engine, make_url, text

from app.foundation.storage.database import make_engine
from app.foundation.storage.migrate import check_for_drift, downgrade, migrate


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
