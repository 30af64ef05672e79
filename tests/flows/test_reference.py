"""In any history, whatever is owed arrives, and nothing arrives that is not owed."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.flows.conftest import AnArea
from tests.flows.playing import AN_ACT, Act, Play, faults
from tests.flows.reference import NOBODYS, Arrival
from tests.flows.telling import Telling
from tests.given import Callers

SMALL, FULL = 25, 500
Fresh = Callable[[], Play]
A_FULL_HISTORY = (
    Act("ANYTOWN", "1", "report", licence="ANYTOWN-PROBATION", joins=True),
    Act("DURHAM", "1", "report", frozenset({"danger", "order"}), joins=True),
    Act("DURHAM", "2", "report", frozenset({"away", "apart"})),
    Act("ANYTOWN", "1", "another perpetrator"),
    Act("BORDER", "1", "report", frozenset({"missed"}), licence=NOBODYS, joins=True),
)
# The case takes its licence back, and another area states it later.
TAKEN_BACK = [
    Act("DURHAM", "2", "report", licence="DURHAM-PROBATION", joins=True),
    Act("DURHAM", "2", "learn", licence=NOBODYS),
    Act("BORDER", "1", "report", licence="DURHAM-PROBATION", joins=True),
]
SILENCES = (
    ("F1", "SUPERVISING_PRACTITIONER"),
    ("F2", "PVP_HUB"),
    ("F3", "SUPERVISING_PRACTITIONER"),
    ("F3", "PVP_HUB"),
    ("F3", "IDVA"),
    ("F5", "SUPERVISING_PRACTITIONER"),
    ("F5", "PVP_HUB"),
    ("F14", "PVP_HUB"),
    ("F14", "MARAC_COORDINATOR"),
    ("F15", "SUPERVISING_PRACTITIONER"),
    ("F23", "IDVA"),
)


@pytest.fixture
def fresh(callers: Callers, durham: Callers, an_area: AnArea, telling: Telling) -> Fresh:
    """Begins a history of somebody whom nobody has met, in the same three areas."""
    places = {"ANYTOWN": callers, "DURHAM": durham, "BORDER": an_area("BORDER")}
    numbers = count(1)
    return lambda: Play(places, telling, next(numbers))


def play(fresh: Fresh, acts: list[Act] | tuple[Act, ...]) -> tuple[list[Arrival], list[Arrival]]:
    """What is owed of the history, and what arrived."""
    played = fresh()
    for act in acts:
        played.make(act)
    return sorted(played.history.owed.values()), played.arrived()


@settings(max_examples=SMALL, deadline=None, suppress_health_check=list(HealthCheck))
@example(acts=TAKEN_BACK)
@given(acts=st.lists(AN_ACT, min_size=2, max_size=6))
def test_whatever_is_owed_arrives_and_nothing_else_does(fresh: Fresh, acts: list[Act]) -> None:
    assert faults(*play(fresh, acts)) == []


@pytest.mark.proof
def test_whatever_is_owed_arrives_and_nothing_else_does_in_five_hundred_histories(fresh: Fresh) -> None:
    @settings(max_examples=FULL, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(AN_ACT, min_size=2, max_size=10))
    def each(acts: list[Act]) -> None:
        assert faults(*play(fresh, acts)) == []

    each()


def test_full_history_tells_everybody_at_least_once_and_each_planted_silence_is_found(fresh: Fresh) -> None:
    owed, arrived = play(fresh, A_FULL_HISTORY)

    assert faults(owed, arrived) == []
    for flow, role in SILENCES:
        silent = [one for one in arrived if (one.flow, one.role) != (flow, role)]
        assert silent != arrived, (flow, role)
        assert any(fault.startswith(f"silence: Arrival(flow='{flow}'") for fault in faults(owed, silent))
        (first, *_) = [one for one in owed if (one.flow, one.role) == (flow, role)]
        assert faults(owed, [*arrived, first]) == [f"leak: {first}"]
