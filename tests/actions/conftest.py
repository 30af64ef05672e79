"""A case with its duties, and a valid action of a meeting to change one part of."""

from typing import Any

import pytest

from tests.given import Callers, a_serial_perpetrator, in_full


@pytest.fixture
def routed(callers: Callers) -> dict[str, Any]:
    answer = callers.hub.post("/v1/referrals", a_serial_perpetrator())
    assert answer.status_code == 201, answer.text
    return in_full(callers.coordinator, answer.json())
