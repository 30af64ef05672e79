"""Migrates a database to a revision of the schema: from the command line, at start-up and in tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[3]


def alembic_config() -> Config:
    """Returns Alembic's settings, wherever the process was started."""
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrades the database to `revision`. `engine` must connect as the owner of the tables."""
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def head_revision() -> str | None:
    """Returns the newest migration that this code ships."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current_revision(engine: Engine) -> str | None:
    """Returns the revision of the database, or None before the first migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def unknown_revisions(engine: Engine) -> set[str]:
    """Returns what the database says of its revision and this code does not ship.

    It is compared whole: "0001" is none of ours.

    Alembic itself takes the beginning of a name for the name.
    """
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) - set(known_revisions())


def known_revisions() -> list[str]:
    """Returns the migrations that this code ships, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]
