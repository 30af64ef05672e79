"""What every side reads of a case, and every system is sent, does not say where the victim lives (finding 22).

Source: design note on access, sections 1 (22) and 2: case references are opaque.
"""

import re
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.given import Callers, a_referral


@pytest.fixture
def routed(callers: Callers) -> dict[str, Any]:
    """A HIGH referral of ANYTOWN, routed."""
    sent: dict[str, Any] = callers.hub.post("/v1/referrals", a_referral()).json()
    return sent


def test_reference_of_a_case_says_neither_area_nor_year(routed: dict[str, Any], callers: Callers) -> None:
    reference = callers.hub.get(f"/v1/cases/{routed['case_id']}").json()["reference"]

    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", reference)


def test_no_event_about_a_case_names_its_area(routed: dict[str, Any], owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        about_cases = connection.execute(text("SELECT area, body FROM event WHERE case_id IS NOT NULL")).all()

    assert about_cases
    assert not [area for area, body in about_cases if area.encode() in bytes(body)]
