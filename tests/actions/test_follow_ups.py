"""A report opens the duty again: after its interval, or soon when it was not done."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.actions.models import Action
from app.foundation.clock import SettableClock
from tests.ending import end_need
from tests.given import Callers, a_referral, an_incident, not_high_risk
from tests.ownership.test_endings import NOTE, open_actions, taken_by_probation

HIGH_RISK_OF_HARM = {
    "ref": "P-1",
    "age": 41,
    "in_custody": False,
    "mappa": {"not_managed": True},
    "licences": [{"kind": "LICENCE", "starts_on": "2025-03-01", "ends_on": "2028-03-01"}],
    "rosh": {"public": "HIGH"},
}
SEEN = {"outcome": "COMPLETED", "note": "Seen at the office and at home"}


@pytest.fixture
def supervised(callers: Callers) -> dict[str, Any]:
    """A perpetrator on licence whose risk of serious harm is high: the practitioner sees them weekly."""
    sent = a_referral(assessment=not_high_risk(), perpetrator=HIGH_RISK_OF_HARM)
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def contacts(callers: Callers, body: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    """The weekly contacts of the case that are not finished, the one due first first."""
    items = callers.chair.get("/v1/actions", case_id=body["case_id"], limit=200, **wanted).json()["items"]
    return [action for action in items if action["duty"] == "D19"]


def open_contacts(callers: Callers, body: dict[str, Any]) -> list[dict[str, Any]]:
    return contacts(callers, body, state="OPEN")


def report(callers: Callers, action: dict[str, Any], **changes: Any) -> Any:
    tag = {"If-Match": f'"{action["version"]}"'}
    return callers.probation.post(f"/v1/actions/{action['id']}/outcomes", SEEN | changes, **tag)


def review(callers: Callers, action: dict[str, Any], **sent: Any) -> Any:
    now = callers.chair.get(f"/v1/actions/{action['id']}")
    return callers.chair.post(f"/v1/actions/{action['id']}/reviews", sent, **{"If-Match": now.headers["etag"]})


def test_next_contact_names_the_one_before_and_keeps_its_owner_and_its_reminders(
    supervised: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    (first,) = open_contacts(callers, supervised)

    report(callers, first).raise_for_status()

    (following,) = open_contacts(callers, supervised)
    assert (following["follows_id"], following["repeats_every"]) == (first["id"], "7 days")
    assert [following[name] for name in ("owner_agency", "owner_role", "about")] == [
        "ANYTOWN-PROBATION",
        "SUPERVISING_PRACTITIONER",
        "PERPETRATOR",
    ]
    with owner_engine.connect() as connection:
        timers = connection.scalar(
            text("SELECT count(*) FROM reminder_timer WHERE subject_id = :id AND state = 'scheduled'"),
            {"id": following["id"]},
        )
    assert timers


@pytest.mark.parametrize("outcome", ["NOT_DONE", "NOT_POSSIBLE_CIRCUMSTANCES_CHANGED"])
def test_contact_that_did_not_happen_is_owed_again_like_one_that_did(
    outcome: str, supervised: dict[str, Any], callers: Callers
) -> None:
    (missed,) = open_contacts(callers, supervised)

    report(callers, missed, outcome=outcome, note="The perpetrator did not come and was not at home").raise_for_status()

    (following,) = open_contacts(callers, supervised)
    assert (following["follows_id"], following["due_on"]) == (missed["id"], "2026-03-17")


@pytest.mark.parametrize("outcome", ["WITHDRAWN", "DECLINED_BY_RECIPIENT"])
def test_contact_that_was_withdrawn_or_declined_opens_no_other(
    outcome: str, supervised: dict[str, Any], callers: Callers
) -> None:
    (first,) = open_contacts(callers, supervised)

    report(callers, first, outcome=outcome, note="Agreed with the senior officer today").raise_for_status()

    assert open_contacts(callers, supervised) == []


def test_report_that_is_returned_opens_its_own_week_again_beside_the_next(
    supervised: dict[str, Any], callers: Callers
) -> None:
    (first,) = open_contacts(callers, supervised)
    report(callers, first).raise_for_status()

    returned = review(callers, first, verdict="RETURNED", note="A call is not a contact", due_on="2026-03-12")

    assert returned.status_code == 201, returned.text
    week, following = open_contacts(callers, supervised)
    assert (week["id"], week["due_on"]) == (first["id"], "2026-03-12")
    assert following["follows_id"] == first["id"]


def test_report_made_twice_after_a_return_is_followed_once(supervised: dict[str, Any], callers: Callers) -> None:
    (first,) = open_contacts(callers, supervised)
    report(callers, first).raise_for_status()
    review(callers, first, verdict="RETURNED", note="A call is not a contact", due_on="2026-03-12")
    (week, following) = open_contacts(callers, supervised)

    report(callers, week).raise_for_status()

    assert [one["id"] for one in open_contacts(callers, supervised)] == [following["id"]]


def test_new_decision_keeps_the_contact_that_follows_and_opens_no_second(
    supervised: dict[str, Any], callers: Callers
) -> None:
    (first,) = open_contacts(callers, supervised)
    report(callers, first).raise_for_status()
    (following,) = open_contacts(callers, supervised)

    path = f"/v1/referrals/{supervised['referral_id']}/incidents"
    callers.hub.post(path, {"incident": an_incident("2026-03-10T08:00:00Z")}).raise_for_status()

    assert [one["id"] for one in open_contacts(callers, supervised)] == [following["id"]]


def test_report_and_new_decision_at_one_time_leave_one_weekly_contact(
    supervised: dict[str, Any], callers: Callers
) -> None:
    path = f"/v1/referrals/{supervised['referral_id']}/incidents"
    sent = {"incident": an_incident("2026-03-10T08:00:00Z")}

    for _ in range(4):
        (contact,) = open_contacts(callers, supervised)
        with ThreadPoolExecutor(3) as pool:
            decided = [pool.submit(callers.hub.post, path, sent) for _ in range(2)]
            reported = pool.submit(report, callers, contact)
        statuses = [each.result().status_code for each in (*decided, reported)]

        assert statuses == [201, 201, 201]
        assert [one["follows_id"] for one in open_contacts(callers, supervised)] == [contact["id"]]


def test_two_reports_of_one_contact_at_one_time_are_one_report_and_one_next_contact(
    supervised: dict[str, Any], callers: Callers
) -> None:
    (contact,) = open_contacts(callers, supervised)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: report(callers, contact), range(2)))

    assert sorted(answer.status_code for answer in answers) == [201, 412]
    assert [one["follows_id"] for one in open_contacts(callers, supervised)] == [contact["id"]]


def test_database_itself_refuses_a_second_action_after_the_same_report(
    supervised: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    (first,) = open_contacts(callers, supervised)
    report(callers, first).raise_for_status()
    (following,) = open_contacts(callers, supervised)

    others = ", ".join(column.name for column in Action.__table__.columns if column.name != "id")
    copied = text(f"INSERT INTO action (id, {others}) SELECT 'act_2', {others} FROM action WHERE id = :id")

    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match="uq_action_follows_id"):
        connection.execute(copied, {"id": following["id"]})


def test_contact_that_goes_on_after_the_perpetrators_need_has_ended_is_not_owed_again_after_its_report(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    resolved = {"reason": "RISK_RESOLVED", "note": NOTE, "occurred_on": "2026-03-10", "actions_continue": named}
    end_need(callers.probation, callers.coordinator, need["id"], resolved).raise_for_status()
    (last,) = open_contacts(callers, routed)

    report(callers, last).raise_for_status()

    assert open_contacts(callers, routed) == []


def test_new_event_after_the_perpetrators_need_has_ended_owes_the_weekly_contact_again(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    resolved = {"reason": "RISK_RESOLVED", "note": NOTE, "occurred_on": "2026-03-10", "actions_continue": named}
    end_need(callers.probation, callers.coordinator, need["id"], resolved).raise_for_status()
    (last,) = open_contacts(callers, routed)
    report(callers, last).raise_for_status()

    path = f"/v1/referrals/{routed['referral_id']}/incidents"
    callers.hub.post(path, {"incident": an_incident("2026-03-10T10:00:00Z")}).raise_for_status()
    (anew,) = open_contacts(callers, routed)
    report(callers, anew).raise_for_status()

    assert [one["follows_id"] for one in open_contacts(callers, routed)] == [anew["id"]]


def test_chain_that_was_withdrawn_is_not_taken_up_by_an_older_report(
    supervised: dict[str, Any], callers: Callers
) -> None:
    (first,) = open_contacts(callers, supervised)
    report(callers, first).raise_for_status()
    (second,) = open_contacts(callers, supervised)
    withdrawn = {"outcome": "WITHDRAWN", "note": "Agreed with the senior officer today"}
    report(callers, second, **withdrawn).raise_for_status()
    review(callers, first, verdict="RETURNED", note="A call is not a contact", due_on="2026-03-12")
    (week,) = open_contacts(callers, supervised)

    again = report(callers, week)

    assert again.status_code == 201, again.text
    assert open_contacts(callers, supervised) == []
