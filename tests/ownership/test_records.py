"""Decisions about a need are append-only: the service itself cannot change them."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from tests.postgres import see_every_row


@pytest.mark.parametrize("table", ["ownership_override", "transfer_answer", "need_ending"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = 'other'", "TRUNCATE {}"])
def test_service_cannot_change_what_was_decided_about_a_need(
    table: str, statement: str, routed: dict[str, Any], engine: Engine
) -> None:
    with engine.connect() as connection:
        see_every_row(connection)

        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(statement.format(table)))


@pytest.mark.parametrize("column", ["plan", "to_area", "receiver_agency", "requested_by"])
def test_what_a_transfer_carries_cannot_be_rewritten(column: str, routed: dict[str, Any], engine: Engine) -> None:
    with engine.connect() as connection:
        see_every_row(connection)

        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(f"UPDATE transfer SET {column} = 'other'"))
