"""PostgreSQL refuses to change or remove what a meeting recorded."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from tests.meetings.sitting import Sitting
from tests.postgres import see_every_row

RECORDS = [
    "attendance", "deferral", "emergency_decision", "invitation", "mappa_referral", "meeting_completion",
    "meeting_review", "minutes", "plan_action", "research_request", "research_return",
]  # fmt: skip


@pytest.fixture
def bare(app_engine: Engine) -> Iterator[Connection]:
    """A connection in the service's role that sees every row; what it may not do, it may not do to no rows either."""
    with app_engine.connect() as connection:
        see_every_row(connection)
        yield connection
        connection.rollback()


@pytest.fixture
def service(sitting: Sitting, engine: Engine) -> Iterator[Connection]:
    """The same over one listed case."""
    sitting.cycle()
    sitting.taken()
    with engine.connect() as connection:
        see_every_row(connection)
        yield connection
        connection.rollback()


@pytest.mark.parametrize("table", RECORDS)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET area = 'X'"])
def test_service_can_neither_change_nor_remove_what_a_meeting_recorded(
    table: str, statement: str, bare: Connection
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        bare.execute(text(statement.format(table)))


@pytest.mark.parametrize("table", ["invitation", "research_request"])
def test_even_the_owner_cannot_remove_whom_a_meeting_asked(
    table: str, service: Connection, owner_engine: Engine
) -> None:
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM {table}"))


def test_meeting_once_in_the_calendar_is_not_moved_by_the_service(bare: Connection) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        bare.execute(text("UPDATE meeting SET held_on = held_on + 7"))


@pytest.mark.parametrize("name", ["A/ann.lee", "A", "B/sam.reid"])
def test_return_countersigned_by_its_own_sender_or_another_agency_is_refused(service: Connection, name: str) -> None:
    service.execute(
        text(
            "INSERT INTO research_return (id, request_id, case_id, document, needs_countersignature, returned_by, "
            "returned_at, area, agencies) SELECT 'rtn_1', id, case_id, '{}', true, 'A/ann.lee', now(), area, "
            "agencies FROM research_request LIMIT 1"
        )
    )
    with pytest.raises(IntegrityError, match="second_person"):
        service.execute(
            text(
                "INSERT INTO return_countersignature (id, return_id, case_id, returned_by, countersigned_by, "
                "countersigned_at, area, agencies) SELECT id, id, case_id, returned_by, :name, now(), area, agencies "
                "FROM research_return"
            ),
            {"name": name},
        )


def test_failed_action_is_not_repeated_without_a_reason_on_record(service: Connection) -> None:
    with pytest.raises(IntegrityError, match="reuse_has_a_reason"):
        service.execute(
            text(
                "INSERT INTO plan_action (id, meeting_id, case_id, action_id, aimed_at, repeats_action_id, set_by, "
                "set_at, area, agencies) SELECT 'pla_1', r.meeting_id, r.case_id, r.action_id, 'VICTIM', r.action_id, "
                "'x', now(), r.area, r.agencies FROM research_request r LIMIT 1"
            )
        )
