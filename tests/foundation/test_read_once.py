"""What a transaction has read is kept until something may have changed it, and never longer."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_agency, scope_to_system
from app.foundation.storage.read_once import read_anew, read_once


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    opened = sessions()
    scope_to_system(opened)
    read_once(opened)["links"] = ["V-1 is V-2"]
    yield opened
    opened.close()


def test_what_was_read_is_kept_for_the_rest_of_the_transaction(session: Session) -> None:
    assert read_once(session) == {"links": ["V-1 is V-2"]}


def test_next_transaction_reads_anew(session: Session) -> None:
    session.commit()
    scope_to_system(session)

    assert read_once(session) == {}


def test_savepoint_reads_anew_and_so_does_what_comes_after_it(session: Session) -> None:
    with session.begin_nested():
        assert read_once(session) == {}
        read_once(session)["links"] = ["made and undone inside"]

    assert read_once(session) == {}


def test_what_one_scope_saw_is_nothing_in_another(session: Session) -> None:
    scope_to_agency(session, "ANYTOWN-IDVA")

    assert read_once(session) == {}


def test_whoever_changes_what_is_kept_reads_it_anew(session: Session) -> None:
    read_anew(session)

    assert read_once(session) == {}
