"""A case's timeline shows everything across forums, the newest first, and to each agency only what names it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.access.service import scope_to_system
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.foundation.settings import Settings
from app.foundation.storage.database import make_sessions
from app.main import create_app
from app.reminders.sweep import fire_due_reminders
from app.vocabulary import Role
from tests.actions.given_actions import agree, if_match
from tests.given import Caller, Callers
from tests.limits import NO_LIMITS
from tests.meetings.sitting import FIRST_MEETING, Sitting
from tests.ownership.test_handshake import need_of, proposal_to
from tests.postgres import empty_tables


def timeline(caller: Any, case_id: str, **params: Any) -> list[dict[str, Any]]:
    """Every item, over as many pages as there are."""
    items: list[dict[str, Any]] = []
    answer = caller.get(f"/v1/cases/{case_id}/timeline", **params)
    while True:
        assert answer.status_code == 200, answer.text
        body = answer.json()
        items += body["items"]
        if "next" not in body["links"]:
            return items
        answer = caller.get(body["links"]["next"])


@pytest.fixture(scope="module")
def sitting(app_engine: Engine, owner_engine: Engine) -> Iterator[Sitting]:
    """The callers of one case's whole life, which runs once for all these tests: they only read."""
    empty_tables(owner_engine)
    clock = SettableClock(datetime(2026, 3, 10, 9, 30, tzinfo=UTC))
    app = create_app(Settings(secret_key="0" * 64, **NO_LIMITS), app_engine, clock)
    with make_sessions(app_engine).begin() as session:
        furnished = create_demo_area(session, "ANYTOWN", "national-baseline", clock.now())
    with TestClient(app) as http:
        callers = Callers(**{name: Caller(http, key) for name, key in furnished.keys.items()})
        yield Sitting(callers, clock)
    empty_tables(owner_engine)


def report_one_of(callers: Callers, case_id: str) -> None:
    """The hub reports an action that a meeting agreed."""
    done = {"outcome": "COMPLETED", "note": "The joint visit took place"}
    action = agree(callers, case_id)
    callers.hub.post(f"/v1/actions/{action['id']}/outcomes", done, **if_match(action)).raise_for_status()


@pytest.fixture(scope="module")
def callers(sitting: Sitting) -> Callers:
    return sitting.callers


@pytest.fixture(scope="module")
def whole_case(sitting: Sitting, app_engine: Engine) -> dict[str, Any]:
    """A case that was referred, declined, answered, heard, reviewed and reminded of."""
    callers = sitting.callers
    first = sitting.cycle()[0]["id"]
    body = sitting.referred()
    lead = proposal_to(need_of(body), "MAPPA_L1_LEAD_AGENCY")
    sitting.on(date(2026, 3, 11))
    callers.probation.post(f"/v1/proposals/{lead['id']}/acceptances", {}).raise_for_status()
    no = {"code": "CAPACITY", "reason": "No room before the next cycle of the panel"}
    asked = proposal_to(need_of(body), "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{asked['id']}/declines", no).raise_for_status()
    sitting.on(date(2026, 3, 16))
    sitting.incident(body, "2026-03-15T22:00:00Z")
    wait = {"answer": "DO_NOT_HOLD", "reason": "Interim plan is in place and the victim stays elsewhere"}
    callers.chair.post(f"/v1/cases/{body['case_id']}/emergency-decisions", wait).raise_for_status()
    report_one_of(callers, body["case_id"])
    with make_sessions(app_engine).begin() as session:
        scope_to_system(session)
        fire_due_reminders(session, sitting.clock.now())
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], first)
    sitting.everything_reviewed(first, date(2026, 4, 20))
    sitting.on(date(2026, 3, 27))
    sitting.discharged(body["case_id"]).raise_for_status()
    return body


def test_timeline_holds_everything_that_happened_across_forums(whole_case: dict[str, Any], callers: Callers) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    assert {one["kind"] for one in items} >= {
        "referral", "incident", "decision", "proposal", "answer", "owner", "action", "report", "review",
        "listing", "invitation", "emergency_decision", "meeting_review", "discharge", "event",
    }  # fmt: skip


def test_timeline_is_newest_first_and_begins_with_the_discharge(whole_case: dict[str, Any], callers: Callers) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    instants = [one["at"] for one in items]
    assert instants == sorted(instants, reverse=True)
    assert "discharge" in {one["kind"] for one in items if one["at"] == instants[0]}
    assert items[-1]["at"] == instants[-1] < "2026-03-11"


def test_small_pages_show_each_item_once_and_skip_none(whole_case: dict[str, Any], callers: Callers) -> None:
    whole = timeline(callers.chair, whole_case["case_id"], limit=200)

    paged = timeline(callers.chair, whole_case["case_id"], limit=7)

    assert [one["id"] for one in paged] == [one["id"] for one in whole]
    assert len({one["id"] for one in whole}) == len(whole)


def test_decline_says_its_code_its_reason_and_who_was_told(whole_case: dict[str, Any], callers: Callers) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    (decline,) = [one for one in items if one["kind"] == "answer" and one["what"].startswith("DECLINED")]
    assert decline["what"] == "DECLINED (CAPACITY): No room before the next cycle of the panel"
    assert decline["who"].partition("/")[0] == "ANYTOWN-MAPPA"
    assert {"ANYTOWN-MARAC", "ANYTOWN-POLICE"} <= set(decline["informed"])


def test_hearing_and_fired_reminders_say_who_was_told(whole_case: dict[str, Any], callers: Callers) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    events = [one for one in items if one["kind"] == "event"]
    assert [one["what"] for one in events if "heard" in one["what"]] == ["MARAC heard the case"]
    reminders = [one for one in items if one["kind"] == "reminder"]
    assert reminders
    assert {one["what"].split(" to ")[1].partition(":")[0] for one in reminders} <= set(Role)
    assert all(one["informed"] for one in (*events, *reminders))


def test_emergency_answer_is_shown_with_its_reason_and_who_was_told(
    whole_case: dict[str, Any], callers: Callers
) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    (answer,) = [one for one in items if one["kind"] == "emergency_decision"]
    assert answer["what"] == "No emergency meeting: Interim plan is in place and the victim stays elsewhere"
    assert "ANYTOWN-MARAC" in answer["informed"]


def test_change_of_owner_is_on_the_timeline_at_the_instant_of_acceptance(
    whole_case: dict[str, Any], callers: Callers
) -> None:
    items = timeline(callers.chair, whole_case["case_id"], limit=200)

    owners = [one for one in items if one["kind"] == "owner" and "MAPPA_L1_LEAD_AGENCY" in one["what"]]
    accepted = [one for one in items if one["kind"] == "answer" and one["what"].startswith("ACCEPTED")]
    assert [one["at"] for one in owners] == [one["at"] for one in accepted] == ["2026-03-11T12:00:00Z"]


def test_partner_sees_on_the_timeline_only_what_names_its_agency(whole_case: dict[str, Any], callers: Callers) -> None:
    whole = {one["id"]: one for one in timeline(callers.chair, whole_case["case_id"], limit=200)}

    seen = timeline(callers.council, whole_case["case_id"], limit=200)

    assert seen
    assert {one["id"] for one in seen} < set(whole)
    assert {one["kind"] for one in seen}.isdisjoint({"referral", "incident", "decision", "owner"})
    assert not [one for one in seen if one["kind"] == "action" and "ANYTOWN-PROBATION" in one["what"]]


def test_agency_that_nothing_of_the_case_names_is_told_that_there_is_none(
    whole_case: dict[str, Any], callers: Callers
) -> None:
    assert callers.matac.get(f"/v1/cases/{whole_case['case_id']}/timeline").status_code == 404


def test_cursor_of_one_case_opens_no_other_timeline(whole_case: dict[str, Any], callers: Callers) -> None:
    link = callers.chair.get(f"/v1/cases/{whole_case['case_id']}/timeline", limit=3).json()["links"]["next"]
    cursor = link.partition("cursor=")[2]

    answer = callers.chair.get("/v1/cases/case_other/timeline", cursor=cursor)

    assert answer.status_code in {400, 404}
