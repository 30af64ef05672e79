"""Actions: who does what by when, what came of it, and a second person's review."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, a_serial_perpetrator

AGREED = {
    "what": "Arrange a joint visit by police and the IDVA",
    "owner_agency": "ANYTOWN-IDVA",
    "owner_role": "IDVA",
    "recipient": "The victim, seen alone",
    "done_when": "The victim has been seen alone and the visit is recorded",
    "due_on": "2026-03-17",
}
DONE = {"outcome": "COMPLETED", "note": "Seen alone at the office on Monday"}


@pytest.fixture
def case_id(callers: Callers) -> str:
    return str(callers.hub.post("/v1/referrals", a_referral()).json()["case_id"])


@pytest.fixture
def agreed(callers: Callers, case_id: str) -> Any:
    answer = callers.coordinator.post(f"/v1/cases/{case_id}/actions", AGREED)
    assert answer.status_code == 201, answer.text
    return answer


def report(callers: Callers, answer: Any, **changes: str) -> Any:
    path = f"/v1/actions/{answer.json()['id']}/outcomes"
    return callers.idva.post(path, DONE | changes, **{"If-Match": answer.headers["etag"]})


def review(callers: Callers, answer: Any, who: str = "chair", **body: str) -> Any:
    path = f"/v1/actions/{answer.json()['id']}/reviews"
    sent = {"verdict": "ACCEPTED", "note": "Record read and found complete"} | body
    return getattr(callers, who).post(path, sent, **{"If-Match": answer.headers["etag"]})


def test_completed_action_is_not_finished_until_a_second_person_has_looked(callers: Callers, agreed: Any) -> None:
    reported = report(callers, agreed)

    assert (reported.json()["state"], reported.json()["unreviewed"]) == ("REPORTED", True)
    assert review(callers, reported).json()["state"] == "REVIEWED"


def test_nobody_reviews_their_own_report(callers: Callers, case_id: str, agreed: Any) -> None:
    path = f"/v1/actions/{agreed.json()['id']}"
    reported = callers.chair.post(f"{path}/outcomes", DONE, **{"If-Match": agreed.headers["etag"]})

    assert review(callers, reported).status_code == 403


def test_two_named_people_of_one_agency_are_two_people(callers: Callers, agreed: Any) -> None:
    path = f"/v1/actions/{agreed.json()['id']}"
    first, second = {"X-On-Behalf-Of": "ana.lima"}, {"X-On-Behalf-Of": "jo.smith"}
    reported = callers.chair.post(f"{path}/outcomes", DONE, **{"If-Match": agreed.headers["etag"]} | first)

    reviewed = callers.chair.post(
        f"{path}/reviews",
        {"verdict": "ACCEPTED", "note": "Read by the second of us"},
        **{"If-Match": reported.headers["etag"]} | second,
    )

    assert reviewed.status_code == 201, reviewed.text


def test_one_name_in_two_spellings_is_one_person(callers: Callers, agreed: Any, owner_engine: Engine) -> None:
    path = f"/v1/actions/{agreed.json()['id']}"
    first, again = {"X-On-Behalf-Of": "Jo.Smith"}, {"X-On-Behalf-Of": " jo.smith "}
    reported = callers.chair.post(f"{path}/outcomes", DONE, **{"If-Match": agreed.headers["etag"]} | first)

    reviewed = callers.chair.post(
        f"{path}/reviews", {"verdict": "ACCEPTED", "note": "Read"}, **{"If-Match": reported.headers["etag"]} | again
    )

    assert reviewed.status_code == 403
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT reported_by FROM action_report")) == "ANYTOWN-MARAC/jo.smith"


def test_database_refuses_a_review_by_the_reporter_whatever_the_code_does(
    callers: Callers, agreed: Any, owner_engine: Engine
) -> None:
    assert report(callers, agreed).status_code == 201
    statement = text(
        "INSERT INTO action_review (id, action_id, area, agencies, report_id, reported_by, verdict, note, "
        "reviewed_by, reviewed_at) SELECT 'rev_x', action_id, area, agencies, id, reported_by, 'ACCEPTED', 'Read', "
        "reported_by, now() FROM action_report"
    )

    with owner_engine.connect() as connection, pytest.raises(IntegrityError, match="second_person"):
        connection.execute(statement)


def test_review_that_returns_a_report_opens_the_action_again_with_a_new_deadline(callers: Callers, agreed: Any) -> None:
    returned = review(
        callers,
        report(callers, agreed),
        verdict="RETURNED",
        note="The victim was not alone",
        due_on="2026-03-24",
    )

    assert (returned.json()["state"], returned.json()["due_on"]) == ("OPEN", "2026-03-24")


def test_decline_by_the_recipient_comes_back_and_is_not_closed(callers: Callers, agreed: Any) -> None:
    declined = report(callers, agreed, outcome="DECLINED_BY_RECIPIENT", note="The victim does not want the visit now")

    assert (declined.json()["state"], declined.json()["unreviewed"]) == ("RETURNED", True)
    assert review(callers, declined).status_code == 409


def test_late_action_without_an_outcome_is_overdue_and_unreviewed(
    callers: Callers, agreed: Any, clock: SettableClock
) -> None:
    clock.set(clock.now() + timedelta(days=8))

    late = callers.coordinator.get("/v1/actions", overdue="true", unreviewed="true", owner_role="IDVA", limit=200)

    assert agreed.json()["id"] in [action["id"] for action in late.json()["items"]]


def test_action_is_not_overdue_before_its_london_day_has_ended(
    callers: Callers, agreed: Any, clock: SettableClock
) -> None:
    clock.set(clock.now().replace(day=17, hour=23, minute=59))
    path = f"/v1/actions/{agreed.json()['id']}"

    assert callers.idva.get(path).json()["overdue"] is False
    clock.set(clock.now() + timedelta(minutes=1))
    assert callers.idva.get(path).json()["overdue"] is True


def test_change_without_the_version_that_was_read_is_refused(callers: Callers, agreed: Any) -> None:
    path = f"/v1/actions/{agreed.json()['id']}/outcomes"

    assert callers.idva.post(path, DONE).status_code == 428


def test_change_to_an_action_that_someone_else_changed_is_refused(callers: Callers, agreed: Any) -> None:
    report(callers, agreed).raise_for_status()

    stale = report(callers, agreed)

    assert stale.status_code == 412
    assert stale.headers["etag"] == '"2"'


def test_pages_of_actions_skip_none_and_repeat_none(callers: Callers, case_id: str) -> None:
    for day in range(1, 8):
        callers.coordinator.post(
            f"/v1/cases/{case_id}/actions", AGREED | {"due_on": f"2026-04-0{day}"}
        ).raise_for_status()
    whole = callers.coordinator.get("/v1/actions", limit=200).json()["items"]

    seen, path = [], "/v1/actions?limit=3"
    while path:
        page = callers.coordinator.get(path).json()
        seen += page["items"]
        path = page["links"].get("next")

    assert [action["id"] for action in seen] == [action["id"] for action in whole]
    assert [a["id"] for a in sorted(seen, key=lambda a: a["due_at"] or a["due_on"])][:1]


def test_cursor_of_another_caller_is_refused(callers: Callers, case_id: str) -> None:
    following = callers.coordinator.get("/v1/actions?limit=3").json()["links"]["next"]

    assert callers.chair.get(following).status_code == 400


def test_duty_that_is_still_open_is_not_opened_a_second_time(
    callers: Callers, owner_engine: Engine, case_id: str
) -> None:
    referral_id = callers.coordinator.get("/v1/actions", case_id=case_id, limit=200).json()["items"][0]["decision_id"]
    assert referral_id
    with owner_engine.connect() as connection:
        referral = connection.scalar(text("SELECT id FROM referral"))
    callers.hub.post(f"/v1/referrals/{referral}/facts", {"assessment": {"hub_grade": "HIGH"}}).raise_for_status()

    duties = [
        action["duty"] for action in callers.coordinator.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    ]
    assert len(duties) == len(set(duties))


def test_every_duty_of_a_high_risk_referral_has_an_owner_role_and_a_deadline(callers: Callers, case_id: str) -> None:
    actions = callers.coordinator.get("/v1/actions", case_id=case_id, limit=200).json()["items"]

    assert {"D06", "D08", "D09"} <= {action["duty"] for action in actions}
    assert all(action["owner_role"] for action in actions)
    assert all((action["due_on"] is None) != (action["due_at"] is None) for action in actions)
    today = date(2026, 3, 10).isoformat()
    assert all((action["due_on"] or action["due_at"]) >= today for action in actions)


def test_list_can_be_narrowed_to_one_forum(callers: Callers, case_id: str, agreed: Any) -> None:
    marac = callers.coordinator.get("/v1/actions", forum="MARAC", limit=200).json()["items"]
    iom = callers.coordinator.get("/v1/actions", forum="IOM", limit=200).json()["items"]

    assert marac
    assert all("MARAC" in action["forums"] for action in marac)
    assert iom == []


def test_case_shows_what_comes_later_and_what_is_refused_until_it_holds(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    case = callers.coordinator.get(f"/v1/cases/{body['case_id']}").json()

    assert {"D13", "D38", "D40", "D41"} <= {one["duty"] for one in case["guards"]}
    assert {"D17.periodic", "D48"} <= {one["duty"] for one in case["later"]}
    assert all(one["opens_on"] > "2026-03-10" for one in case["later"])
    assert {one["duty"] for one in case["open_actions"]}.isdisjoint(one["duty"] for one in case["later"])


def test_agency_that_is_not_of_marac_reads_no_guard(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()

    assert callers.hub.get(f"/v1/cases/{body['case_id']}").json()["guards"] == []
