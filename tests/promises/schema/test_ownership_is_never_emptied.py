"""No change leaves a need without an owner who accepted it, whoever makes it and in whatever scope."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.foundation.storage.database import make_engine
from tests.given import Callers, a_referral
from tests.postgres import see_every_row

ONE = "WHERE need_number = (SELECT min(number) FROM need)"
CLOSE = f"UPDATE ownership SET during = tstzrange(lower(during), lower(during) + interval '1 microsecond') {ONE}"
ANOTHER = (
    "INSERT INTO ownership (id, need_number, during, forum, role, agency, accepted_by, proposal_id, area, agencies) "
    "SELECT 'own_forged', need_number, tstzrange(upper(during), NULL), 'MATAC', 'MATAC_COORDINATOR', 'X', 'nobody', "
    f"{{proposal}}, area, agencies FROM ownership {ONE}"
)
WAITING = (
    "(SELECT p.id FROM proposal p JOIN need n ON n.id = p.need_id "
    "WHERE p.state = 'PROPOSED' AND n.number = ownership.need_number LIMIT 1)"
)


@pytest.fixture(autouse=True)
def stored(callers: Callers) -> None:
    callers.hub.post("/v1/referrals", a_referral()).raise_for_status()


@pytest.fixture
def service(engine: Engine, stored: None) -> Iterator[Connection]:
    """The service's login in its widest scope."""
    with engine.connect() as connection:
        see_every_row(connection)
        yield connection
        connection.rollback()


@pytest.fixture
def administrator(owner_engine: Engine, stored: None) -> Iterator[Connection]:
    """Whom no grant and no row security holds back."""
    with owner_engine.connect() as connection:
        yield connection
        connection.rollback()


@pytest.mark.parametrize("empty", ["'empty'", "tstzrange(lower(during), lower(during))"])
def test_span_is_never_emptied(empty: str, service: Connection) -> None:
    with pytest.raises(DBAPIError, match="never emptied"):
        service.execute(text(f"UPDATE ownership SET during = {empty} {ONE}"))


@pytest.mark.parametrize("proposal", ["NULL", "'prp_unknown'", WAITING])
def test_owner_who_has_not_accepted_replaces_nobody(proposal: str, service: Connection) -> None:
    service.execute(text(CLOSE))
    service.execute(text(ANOTHER.format(proposal=proposal)))

    with pytest.raises(IntegrityError, match="an owner who has not accepted"):
        service.commit()


def test_span_that_is_closed_before_anybody_else_owns_is_refused(service: Connection) -> None:
    service.execute(text(CLOSE))

    with pytest.raises(IntegrityError, match="without exactly one accepted owner"):
        service.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ownership",
        "TRUNCATE ownership CASCADE",
        "TRUNCATE need CASCADE",
        "DELETE FROM need",
        "UPDATE ownership SET agency = 'X'",
        "UPDATE ownership SET need_number = 0",
        "UPDATE need SET opened_at = now()",
        "UPDATE proposal_answer SET state = 'ACCEPTED'",
        "ALTER TABLE ownership DISABLE TRIGGER ALL",
        "DROP TRIGGER ownership_leaves_no_gap ON ownership",
    ],
)
def test_service_may_not_even_try(statement: str, service: Connection) -> None:
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        service.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ownership",
        "TRUNCATE ownership CASCADE",
        "TRUNCATE need CASCADE",
        "UPDATE ownership SET agency = 'X'",
        "UPDATE ownership SET need_number = need_number + 1",
        "UPDATE ownership SET during = tstzrange(lower(during), lower(during) + interval '1 day'), agency = 'X'",
    ],
)
def test_not_even_the_administrator_rewrites_who_owned(statement: str, administrator: Connection) -> None:
    with pytest.raises(DBAPIError, match="append-only|never rewritten"):
        administrator.execute(text(statement))


@pytest.mark.parametrize("earlier", ["opened_at - interval '1 day'", "opened_at + interval '1 day'"])
def test_need_is_not_moved_away_from_its_first_owner(earlier: str, administrator: Connection) -> None:
    administrator.execute(text(f"UPDATE need SET opened_at = {earlier}"))

    with pytest.raises(IntegrityError, match="without exactly one accepted owner"):
        administrator.commit()


@pytest.mark.parametrize("table", ["ownership CASCADE", "need CASCADE", "referral CASCADE", "audit_entry"])
def test_owner_of_the_tables_empties_none_of_them(table: str, migrations_url: str) -> None:
    owner = make_engine(migrations_url, pool_size=1)
    with owner.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"TRUNCATE {table}"))
    owner.dispose()
