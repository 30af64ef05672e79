"""Runs migrations one at a time: an advisory lock, a short lock timeout, a transaction for each."""

from alembic import context
from sqlalchemy import Connection, text

from app.foundation.settings import Settings
from app.foundation.storage.addresses import owner_url
from app.foundation.storage.database import make_engine
from app.foundation.storage.locks import turn_on_connection


def run(connection: Connection) -> None:
    """Brings this database to the asked revision; a second migrator waits for the first."""
    with turn_on_connection(connection, "migrations"):
        connection.execute(text("SET lock_timeout = '1s'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


def online() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = make_engine(owner_url(Settings()))
    with engine.connect() as connection:
        run(connection)
    engine.dispose()


online()
