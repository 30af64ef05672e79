"""The inbox is paged, filtered and counted without losing or repeating a thing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.foundation.clock import SettableClock
from app.inbox.vocabulary import InboxKind
from tests.actions.given_actions import agree
from tests.given import Caller, Callers, a_referral
from tests.inbox.reading import Item, asked, inbox
from tests.meetings.sitting import Sitting

SMALL = 3


def pages(caller: Caller, clock: SettableClock | None = None, **params: Any) -> list[list[Item]]:
    """Every page; with a clock a day passes between two of them."""
    page = inbox(caller, limit=SMALL, **params)
    found = [page["items"]]
    while page["page"]["has_more"]:
        if clock is not None:
            clock.set(clock.now() + timedelta(days=1))
        page = caller.get(page["links"]["next"]).json()
        found.append(page["items"])
    return found


@pytest.fixture
def busy(callers: Callers, sitting: Sitting) -> None:
    """Three cases, on two of which MATAC has declined, and a report that nobody has reviewed."""
    sitting.cycle()
    for number in range(3):
        changes = {"victim": {"ref": f"V-{number}", "age": 30}, "perpetrator": {"ref": f"P-{number}", "age": 40}}
        callers.hub.post("/v1/referrals", a_referral(f"DV-{number}", **changes)).raise_for_status()
    case_id = asked(callers.idva)[0]["case_id"]
    for due_on in ("2026-03-12", "2026-03-12", "2026-03-20"):
        what = f"Tell the school by {due_on} who collects the child"
        agree(callers, case_id, what=what, due_on=due_on, owner_agency="ANYTOWN-IDVA", owner_role="IDVA")


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("who", ["hub", "coordinator", "idva"])
def test_pages_hold_each_thing_once_and_in_order(who: str, callers: Callers) -> None:
    caller = getattr(callers, who)
    whole = asked(caller)

    found = pages(caller)

    assert [one for page in found for one in page] == whole
    assert [len(page) for page in found[:-1]] == [SMALL] * (len(found) - 1)


@pytest.mark.usefixtures("busy")
def test_what_becomes_late_between_two_pages_is_neither_lost_nor_repeated(
    callers: Callers, clock: SettableClock
) -> None:
    whole = asked(callers.hub)

    found = [one for page in pages(callers.hub, clock) for one in page]

    assert [one["subject_id"] for one in found] == [one["subject_id"] for one in whole]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("section", ["DANGER", "CAME_BACK", "LATE", "TODAY", "NEXT"])
def test_section_is_a_filter_of_the_whole(section: str, callers: Callers, clock: SettableClock) -> None:
    clock.set(clock.now() + timedelta(days=2))

    found = [one for page in pages(callers.hub, section=section) for one in page]

    assert found == [one for one in asked(callers.hub) if one["section"] == section]


@pytest.mark.usefixtures("busy")
def test_kind_role_and_area_narrow_the_list(callers: Callers) -> None:
    whole = asked(callers.hub)

    assert asked(callers.hub, "ENQUIRY") == [one for one in whole if one["kind"] == "ENQUIRY"]
    assert asked(callers.hub, "ENQUIRY", "ACTION") == [one for one in whole if one["kind"] in {"ENQUIRY", "ACTION"}]
    for role in ("PVP_HUB", "POLICE_INSPECTOR"):
        mine = asked(callers.hub, role=role)
        assert mine
        assert mine == [one for one in whole if one["owner_role"] == role]
    assert asked(callers.hub, area="ANYTOWN") == whole
    assert asked(callers.hub, area="NOWHERE") == []


@pytest.mark.usefixtures("busy")
def test_counts_are_of_what_the_filters_select_and_stand_on_the_first_page(callers: Callers) -> None:
    first = inbox(callers.hub, limit=SMALL)
    whole = asked(callers.hub)

    assert first["counts"]["in_all"] == len(whole)
    for section, count in first["counts"]["by_section"].items():
        assert count == sum(one["section"] == section for one in whole)
    assert callers.hub.get(first["links"]["next"]).json()["counts"] is None


@pytest.mark.usefixtures("busy")
def test_cursor_of_another_caller_or_list_is_refused(callers: Callers) -> None:
    cursor = inbox(callers.hub, limit=SMALL)["links"]["next"].rpartition("cursor=")[2]

    assert callers.coordinator.get("/v1/inbox", cursor=cursor).status_code == 400
    assert callers.hub.get("/v1/inbox", cursor=cursor, section="LATE").status_code == 400


@pytest.mark.usefixtures("busy")
def test_each_kind_is_one_statement_however_much_there_is(callers: Callers, app_engine: Engine) -> None:
    said: list[str] = []

    def note(*call: Any) -> None:
        said.append(str(call[2]))

    event.listen(app_engine, "after_cursor_execute", note)
    inbox(callers.coordinator, limit=1)
    few = len(said)
    said.clear()
    inbox(callers.coordinator, limit=200)
    event.remove(app_engine, "after_cursor_execute", note)

    assert len(said) == few
    assert sum("ORDER BY" in one for one in said) <= len(InboxKind)
