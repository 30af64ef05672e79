"""The one transaction of a command: in it the service itself acts, on words read as the API reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import startup
from app.access.service import scope_to_system
from app.foundation.caller import SYSTEM
from app.foundation.errors import Invalid, ServiceError
from app.foundation.settings import Settings
from app.foundation.storage.addresses import service_url
from app.foundation.storage.database import make_engine, make_sessions, transaction
from app.foundation.storage.keys import carry_secret_key
from app.foundation.storage.transaction import Transaction
from app.foundation.web.schema import Strict

Sent = TypeVar("Sent", bound=Strict)


@contextmanager
def command_use_case() -> Iterator[Transaction]:
    """Opens one transaction in which the service itself acts and sees every row."""
    with command_session() as session:
        scope_to_system(session)
        yield Transaction(session, SYSTEM, datetime.now(UTC))


@contextmanager
def command_session() -> Iterator[Session]:
    """Opens one transaction of the command line; a refusal ends the command with its sentence and stores nothing."""
    settings = startup.with_secret_key(Settings())
    engine = _engine(settings)
    sessions = make_sessions(engine)
    carry_secret_key(sessions, settings.secret_key)
    try:
        with transaction(sessions) as session:
            yield session
    except ServiceError as refused:
        raise SystemExit(refused.detail) from None
    finally:
        engine.dispose()


def read_words(form: type[Sent], **words: object) -> Sent:
    """Returns the request as the API would read it. Raises `Invalid` with the first fault in one line."""
    try:
        return form.model_validate(words)
    except ValidationError as refused:
        first = refused.errors()[0]
        raise Invalid(f"{first['loc'][0]}: {first['msg']}") from None


def service_engine() -> Engine:
    """Returns an engine with the service's login and the secret that its row scopes are proved with."""
    return _engine(startup.with_secret_key(Settings()))


def _engine(settings: Settings) -> Engine:
    return make_engine(service_url(settings), secret_key=settings.secret_key, pool_size=1)
