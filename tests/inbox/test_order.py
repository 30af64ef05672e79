"""One order everywhere: danger, came back, late with the longest first, today, next."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.foundation.asked import AskedSection, Urgency, bounds_of, place_of, section_of
from app.foundation.clock import SettableClock
from tests.actions.given_actions import agree
from tests.given import Callers
from tests.inbox.reading import asked

NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the day before the clocks go forward
URGENCIES = st.builds(
    Urgency,
    late_from=st.integers(-72 * 60, 72 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    danger=st.booleans(),
    came_back=st.booleans(),
)
IDVAS = {"owner_agency": "ANYTOWN-IDVA", "owner_role": "IDVA"}


@given(st.lists(URGENCIES, max_size=20))
def test_sorted_by_place_the_sections_follow_each_other_and_the_longest_late_comes_first(some: list[Urgency]) -> None:
    ordered = sorted(some, key=lambda one: place_of(one, 0, "act_1"))
    sections = [section_of(one, NOW) for one in ordered]

    assert sections == sorted(sections, key=list(AskedSection).index)
    for section in AskedSection:
        late_from = [one.late_from for one in ordered if section_of(one, NOW) is section]
        assert late_from == sorted(late_from)


@given(URGENCIES)
def test_bounds_of_a_section_hold_exactly_what_stands_in_it(one: Urgency) -> None:
    def is_within(section: AskedSection) -> bool:
        bounds = bounds_of(section, NOW)
        after = bounds.after is None or one.late_from > bounds.after
        return bounds.band == one.band and after and (bounds.until is None or one.late_from <= bounds.until)

    assert [section for section in AskedSection if is_within(section)] == [section_of(one, NOW)]


def test_idva_reads_danger_then_what_is_late_for_longest_then_today_then_next(
    callers: Callers, routed: dict[str, Any], clock: SettableClock
) -> None:
    ring = "Ring the school and agree who collects the child"
    for what, due in (
        ("Book a place at the refuge", "2026-03-17"),
        ("Change the locks at the flat", "2026-03-12"),
        (ring, "2026-03-16"),
        ("Collect the medicine from the surgery", "2026-03-18"),
    ):
        agree(callers, routed["case_id"], what=what, due_on=due, **IDVAS)
    clock.set(datetime(2026, 3, 17, 9, 30, tzinfo=UTC))

    shown = [(one["section"], one["due_on"]) for one in asked(callers.idva, "ACTION")]

    assert shown == [
        ("LATE", "2026-03-11"),
        ("LATE", "2026-03-12"),
        ("LATE", "2026-03-16"),
        ("TODAY", "2026-03-17"),
        ("NEXT", "2026-03-18"),
    ]


def test_hub_reads_danger_before_what_came_back_and_that_before_what_is_late(
    callers: Callers, routed: dict[str, Any], clock: SettableClock
) -> None:
    for one in asked(callers.matac, "PROPOSAL"):
        declined = {"code": "CAPACITY", "reason": "No room on the list of this month"}
        callers.matac.post(one["links"]["decline"], declined).raise_for_status()
    clock.set(datetime(2026, 3, 13, 9, 30, tzinfo=UTC))

    shown = asked(callers.hub)

    sections = [one["section"] for one in shown]
    assert list(dict.fromkeys(sections)) == ["DANGER", "CAME_BACK", "LATE", "NEXT"]
    assert {one["kind"] for one in shown if one["section"] == "CAME_BACK"} == {"DECLINE"}
    for section in set(sections):
        late_from = [one["late_from"] for one in shown if one["section"] == section]
        assert late_from == sorted(late_from)


def test_late_begins_when_the_london_day_of_the_date_has_ended(
    callers: Callers, routed: dict[str, Any], clock: SettableClock
) -> None:
    action = agree(callers, routed["case_id"], due_on="2026-03-29", **IDVAS)

    def section(at: datetime) -> str:
        clock.set(at)
        return str(next(one["section"] for one in asked(callers.idva) if one["subject_id"] == action["id"]))

    # The clocks go forward on that Sunday: its London day ends at 23:00 UTC.
    assert section(datetime(2026, 3, 28, 23, 59, tzinfo=UTC)) == "NEXT"
    assert section(datetime(2026, 3, 29, 22, 59, tzinfo=UTC)) == "TODAY"
    assert section(datetime(2026, 3, 29, 23, 0, tzinfo=UTC)) == "LATE"
