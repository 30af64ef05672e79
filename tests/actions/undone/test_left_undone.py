"""What protects a life and is declined or not done stays a danger, and nobody is late before they were asked."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from tests.actions.given_actions import agree, if_match
from tests.given import Callers
from tests.reminders.told import ToldOf, sweep, told_of

Body = dict[str, Any]
FRIDAY_EVENING = datetime(2026, 3, 13, 18, tzinfo=UTC)


def to_do(callers: Callers, case_id: str, duty: str) -> Body:
    items = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    (action,) = [one for one in items if one["duty"] == duty]
    return dict(action)


def report(callers: Callers, action: Body, outcome: str) -> None:
    sent = {"outcome": outcome, "note": "The team has nobody on duty who could do it this week"}
    callers.hub.post(f"/v1/actions/{action['id']}/outcomes", sent, **if_match(action)).raise_for_status()


@pytest.mark.parametrize(
    ("duty", "outcome", "role"),
    [("D09", "DECLINED_BY_RECIPIENT", "MARAC_CHAIR"), ("D08", "NOT_DONE", "MARAC_COORDINATOR")],
)
def test_danger_that_is_declined_or_not_done_is_called_at_once_on_a_friday_evening(
    duty: str,
    outcome: str,
    role: str,
    routed: Body,
    callers: Callers,
    clock: SettableClock,
    sessions: sessionmaker[Session],
) -> None:
    danger = to_do(callers, routed["case_id"], duty)
    clock.set(FRIDAY_EVENING)

    report(callers, danger, outcome)
    sweep(sessions, FRIDAY_EVENING)

    assert ToldOf("danger", role, "ANYTOWN-MARAC", 1) in told_of(sessions, danger["id"])
    asked = callers.coordinator.get("/v1/inbox", limit=200).json()["items"]
    (item,) = [one for one in asked if one["subject_id"] == danger["id"]]
    assert (item["section"], item["owner_role"]) == ("DANGER", role)


@pytest.mark.parametrize("call", ["reviews", "reassignments"])
def test_new_deadline_is_today_or_later(call: str, routed: Body, callers: Callers) -> None:
    action = agree(callers, routed["case_id"])
    sent = {
        "reviews": {"verdict": "CONTINUES", "note": "Go on", "due_on": "2026-03-01"},
        "reassignments": {
            "owner_agency": "ANYTOWN-IDVA",
            "owner_role": "IDVA",
            "reason": "The IDVA knows the victim and can visit",
            "due_on": "2026-03-01",
        },
    }

    answer = callers.chair.post(f"/v1/actions/{action['id']}/{call}", sent[call], **if_match(action))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/due_on"]


def test_late_action_is_due_today_for_its_new_owner(routed: Body, callers: Callers, clock: SettableClock) -> None:
    action = agree(callers, routed["case_id"])
    clock.set(datetime(2026, 4, 20, 10, tzinfo=UTC))
    sent = {"owner_agency": "ANYTOWN-IDVA", "owner_role": "IDVA", "reason": "The IDVA knows the victim and can visit"}

    answer = callers.chair.post(f"/v1/actions/{action['id']}/reassignments", sent, **if_match(action))

    assert answer.status_code == 201, answer.text
    assert answer.json()["due_on"] == date(2026, 4, 20).isoformat()
