"""What must be told is data: every flow says its fact, receivers, form, releaser, clock and ground, or is refused."""

from importlib.resources import files

import pytest

from app.flows.catalogue import FlowFaultError, flows, read_flows
from app.flows.vocabulary import FlowReceiver
from app.vocabulary import Role

TEXT = files("app.flows").joinpath("flows.toml").read_text(encoding="utf-8")


def test_there_are_twenty_seven_flows_in_their_order() -> None:
    assert list(flows()) == [f"F{number}" for number in range(1, 28)]


@pytest.mark.parametrize("name", list(flows()))
def test_every_flow_says_what_silence_cannot_withhold_and_why_it_may_pass(name: str) -> None:
    flow = flows()[name]

    assert flow.receivers
    assert flow.minimum
    assert flow.basis
    assert flow.review
    assert flow.withheld


def test_flow_that_a_person_releases_names_their_post() -> None:
    assert flows()["F9"].released_by is Role.IDVA
    assert flows()["F1"].released_by is None
    assert FlowReceiver.MANAGERS in flows()["F1"].receivers


@pytest.mark.parametrize(
    ("was", "written", "fault"),
    [
        ('receivers = ["FORCE"]', 'receivers = ["NEIGHBOUR"]', "F2: NEIGHBOUR is no receiver"),
        ('until = "day", level = "count"', 'until = "weekday", level = "count"', "F2: weekday is no kind of field"),
        ('clock = { hours = 1 }\nbasis = ["a", "b"]', 'clock = {}\nbasis = ["a", "b"]', "F2: `clock` counts either"),
        ("clock = { hours = 24 }", "clock = { weeks = 1 }", "F16: `clock` has no weeks"),
        ('minimum = ["kind", "ring"]', 'minimum = ["kind", "name"]', "F2: `minimum` names name, no field of its form"),
        ('released_by = "IDVA"', 'released_by = "SOMEBODY"', "F9: SOMEBODY is no post"),
        ('basis = ["h"]', 'basis = ["z"]', "F8: z is no basis"),
        ('source = "Both people are supervised"\n', "", "F4: `source` is missing"),
        ('until = "VISIT"', 'until = "SOMETIME"', "F21: SOMETIME is no end of a clock"),
    ],
)  # fmt: skip
def test_flow_that_contradicts_itself_is_refused_with_its_fault(was: str, written: str, fault: str) -> None:
    assert was in TEXT

    with pytest.raises(FlowFaultError, match=fault.replace("[", r"\[")):
        read_flows(TEXT.replace(was, written, 1))
