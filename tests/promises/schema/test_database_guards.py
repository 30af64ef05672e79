"""What PostgreSQL itself refuses, whatever the code does."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.foundation.storage.row_scope import open_row_scope
from tests.given import Callers, a_referral
from tests.postgres import see_every_row

APPEND_ONLY = [
    "audit_entry", "event", "referral", "incident", "later_facts", "decision",
    "action_report", "action_review", "action_change", "proposal_answer", "discharge",
]  # fmt: skip


@pytest.fixture
def stored(callers: Callers) -> dict[str, object]:
    body: dict[str, object] = callers.hub.post("/v1/referrals", a_referral()).json()
    return body


@pytest.fixture
def service(engine: Engine, stored: dict[str, object]) -> Iterator[Connection]:
    """A connection in the service's role that sees every row."""
    with engine.connect() as connection:
        see_every_row(connection)
        yield connection
        connection.rollback()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_service_cannot_remove_what_was_recorded(table: str, statement: str, service: Connection) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        service.execute(text(statement.format(table)))


@pytest.mark.parametrize("table", ["referral", "decision", "audit_entry", "event"])
def test_even_the_owner_cannot_change_what_was_recorded(
    table: str, owner_engine: Engine, stored: dict[str, object]
) -> None:
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM {table}"))


def test_second_owner_of_one_need_at_one_instant_is_refused(service: Connection) -> None:
    with pytest.raises(IntegrityError, match="ex_ownership_one_owner"):
        service.execute(
            text(
                "INSERT INTO ownership (id, need_number, during, forum, role, agency, accepted_by, area, agencies) "
                "SELECT 'own_second', need_number, tstzrange(lower(during) + interval '1 hour', NULL), "
                "'MATAC', 'MATAC_COORDINATOR', 'X', 'somebody', area, agencies FROM ownership LIMIT 1"
            )
        )


def test_need_without_an_owner_cannot_be_committed(service: Connection) -> None:
    service.execute(
        text(
            "UPDATE ownership SET during = tstzrange(lower(during), lower(during) + interval '1 hour') "
            "WHERE need_number = (SELECT min(number) FROM need)"
        )
    )
    with pytest.raises(IntegrityError, match="without exactly one accepted owner"):
        service.commit()


def test_need_opened_without_an_owner_cannot_be_committed(service: Connection) -> None:
    service.execute(
        text(
            "INSERT INTO need (id, kind, subject_ref, opened_at, area, agencies) "
            "VALUES ('need_alone', 'PERPETRATOR', 'P-alone', now(), 'ANYTOWN', '{}')"
        )
    )
    with pytest.raises(IntegrityError, match="without exactly one accepted owner"):
        service.commit()


def test_past_ownership_cannot_be_rewritten(service: Connection) -> None:
    with pytest.raises(DBAPIError, match="never rewritten"):
        service.execute(text("UPDATE ownership SET during = tstzrange(lower(during) - interval '1 day', NULL)"))


def test_need_never_ends_without_a_reason(service: Connection) -> None:
    with pytest.raises(IntegrityError, match="never_ends_without_a_reason"):
        service.execute(text("UPDATE need SET ended_at = now()"))


def test_review_by_the_person_who_reported_is_refused(service: Connection) -> None:
    action = service.execute(text("SELECT id, area FROM action LIMIT 1")).one()
    service.execute(
        text(
            "INSERT INTO action_report (id, action_id, outcome, note, reported_by, reported_at, review_by, area, "
            "agencies) VALUES ('rep_1', :id, 'COMPLETED', 'done as agreed', 'same', now(), now(), :area, '{}')"
        ),
        {"id": action.id, "area": action.area},
    )
    with pytest.raises(IntegrityError, match="second_person"):
        service.execute(
            text(
                "INSERT INTO action_review (id, action_id, report_id, reported_by, verdict, note, reviewed_by, "
                "reviewed_at, area, agencies) VALUES ('rev_1', :id, 'rep_1', 'same', 'ACCEPTED', 'fine', 'same', "
                "now(), :area, '{}')"
            ),
            {"id": action.id, "area": action.area},
        )


def test_rows_of_another_agency_do_not_exist_for_a_caller_without_a_filter(
    engine: Engine, stored: dict[str, object]
) -> None:
    with engine.connect() as connection:
        open_row_scope(connection, "agency", "STRANGER", "")
        seen = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in (
                "case_file",
                "referral",
                "incident",
                "decision",
                "need",
                "ownership",
                "proposal",
                "action",
                "enquiry",
                "enquiry_item",
                "event",
            )
        }
        connection.rollback()

    assert set(seen.values()) == {0}


def test_caller_without_a_row_scope_is_refused_outright(
    owner_engine: Engine, engine: Engine, stored: dict[str, object]
) -> None:
    engine.dispose()
    with (
        engine.connect() as connection,
        pytest.raises(ProgrammingError, match="no row scope is open"),
    ):
        connection.execute(text("SELECT count(*) FROM referral"))


def test_service_owns_no_table(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        owned = connection.scalar(text("SELECT count(*) FROM pg_tables WHERE tableowner = 'referral_routing_app'"))

    assert owned == 0


def test_every_table_that_names_agencies_is_guarded_by_row_security(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        bare = connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
                "WHERE a.attname = 'agencies' AND c.relkind = 'r' AND NOT c.relrowsecurity"
            )
        ).all()

    assert bare == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("INSERT INTO area VALUES ('A,B', 'x', 'ENG', 'national-baseline')", "ck_area_code_is_one_word"),
        ("INSERT INTO agency VALUES ('A/B', 'x')", "ck_agency_code_is_one_word"),
        ("UPDATE client SET areas = '{\"A,B\"}'", "ck_client_each_area_is_one_word"),
        ("UPDATE client SET areas = '{\"A B\"}'", "ck_client_each_area_is_one_word"),
        ("UPDATE client SET areas = '{A,NULL}'", "ck_client_each_area_is_one_word"),
        ("UPDATE account SET areas = '{a}'", "ck_account_each_area_is_one_word"),
    ],
)
def test_code_that_would_be_read_as_two_is_refused(
    statement: str, rule: str, owner_engine: Engine, callers: Callers
) -> None:
    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match=rule):
        connection.execute(text(statement))
