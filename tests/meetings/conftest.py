"""What every test of meetings stands on."""

import pytest
from app.foundation.clock import SettableClock
from tests.given import Callers
from tests.meetings.sitting import Sitting


@pytest.fixture
def sitting(callers: Callers, clock: SettableClock) -> Sitting:
    """Tuesday 10 March 2026, 9:30; the calendar is empty."""
    return Sitting(callers, clock)
