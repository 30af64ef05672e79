"""Help that was asked for outside the police is answered the same day (DHR "Jean" 16.5, 17.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.routing.engine.decide import decide
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import load_policy
from tests.given import Caller, Callers, a_referral, with_its_case
from tests.reminders.told import sweep, told_of
from tests.routing.given import facts, local

Body = dict[str, Any]
TODAY, TOMORROW = "2026-03-10", "2026-03-11"
HIGH = {"tool": "DASH24", "ticks": 18, "unanswered": 0, "officer_grade": "HIGH"}


def a_help_request(reference: str = "H-1", **changes: Any) -> Body:
    """All that a helpline has to know."""
    return {
        "source_system": "HELPLINE",
        "source_reference": reference,
        "area": "ANYTOWN",
        "help_sought_by": "VICTIM",
        "victim": {"ref": "V-1"},
        **changes,
    }


def asked(caller: Caller, reference: str = "H-1", **changes: Any) -> Body:
    answer = caller.post("/v1/help-requests", a_help_request(reference, **changes))
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def asked_and_read(callers: Callers, caller: Caller, **changes: Any) -> Body:
    return with_its_case(callers, asked(caller, **changes))


def duties(callers: Callers, case_id: str) -> dict[str, Body]:
    items = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return {action["duty"]: action for action in items}


def test_victim_who_asks_for_help_in_person_is_reached_the_same_day(callers: Callers) -> None:
    body = asked_and_read(callers, callers.idva)

    contact = duties(callers, body["case_id"])["D06s"]
    assert (contact["owner_role"], contact["owner_agency"]) == ("IDVA", "ANYTOWN-IDVA")
    assert contact["due_on"] == TODAY
    assert (body["held_by_agency"], body["answered_by"]) == ("ANYTOWN-POLICE", TOMORROW)


@pytest.mark.parametrize("who", ["IDVA", "HELPLINE", "HEALTH", "EDUCATION", "SOCIAL_CARE", "FAMILY_OR_FRIEND"])
def test_help_asked_for_by_whom_the_victim_told_is_answered_the_same_day_and_says_who(
    who: str, callers: Callers
) -> None:
    body = asked(callers.council, help_sought_by=who)

    document = callers.coordinator.get(f"/v1/referrals/{body['referral_id']}").json()
    assert duties(callers, document["case_id"])["D06s"]["due_on"] == TODAY
    assert document["document"]["help_sought_by"] == who
    assert document["referring_agency"] == "ANYTOWN-COUNCIL"


def test_help_request_needs_no_police_identifier_no_assessment_and_no_name_of_the_perpetrator(
    callers: Callers,
) -> None:
    body = asked_and_read(callers, callers.idva)

    needs = {need["kind"]: need for need in callers.chair.get(f"/v1/cases/{body['case_id']}").json()["needs"]}
    assert needs["VICTIM_SAFETY"]["owner"]["agency"] == "ANYTOWN-IDVA"
    assert needs["PERPETRATOR"]["owner"]["forum"] == "HUB"


def test_help_asked_for_on_a_sunday_is_owed_on_that_sunday(callers: Callers, clock: SettableClock) -> None:
    clock.set(datetime(2026, 3, 15, 21, 0, tzinfo=UTC))

    body = asked_and_read(callers, callers.idva)

    assert duties(callers, body["case_id"])["D06s"]["due_on"] == "2026-03-15"
    assert body["answered_by"] == "2026-03-16"


def test_high_risk_victim_who_asks_for_help_is_owed_one_contact_and_not_two(callers: Callers) -> None:
    body = asked_and_read(callers, callers.idva, assessment=HIGH)

    owed = duties(callers, body["case_id"])
    assert "D06" not in owed
    assert owed["D06s"]["due_on"] == TODAY
    assert owed["D08"]["owner_role"] == "REFERRER"


def test_high_risk_victim_for_whom_nobody_asked_is_owed_the_contact_of_the_next_working_day(
    callers: Callers,
) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()

    owed = duties(callers, body["case_id"])
    assert "D06s" not in owed
    assert owed["D06"]["due_on"] == TOMORROW


def test_police_who_hear_of_it_later_owe_the_same_day_from_then_on(callers: Callers, clock: SettableClock) -> None:
    body = callers.hub.post("/v1/referrals", a_referral()).json()
    clock.set(clock.now() + timedelta(days=3))

    path = f"/v1/referrals/{body['referral_id']}/facts"
    callers.hub.post(path, {"help_sought_by": "VICTIM"}).raise_for_status()

    assert duties(callers, body["case_id"])["D06s"]["due_on"] == "2026-03-13"


def test_contact_that_is_not_made_is_in_the_managers_digest_the_next_morning_and_in_the_inspectors_after_that(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    body = asked_and_read(callers, callers.council)
    contact = duties(callers, body["case_id"])["D06s"]

    told = []
    for at in (clock.now(), datetime(2026, 3, 11, 9, 0, tzinfo=UTC), datetime(2026, 3, 12, 9, 0, tzinfo=UTC)):
        sweep(sessions, at)
        told.append([(one.kind, one.role) for one in told_of(sessions, contact["id"])])

    before_it_is_late, first_morning = [], [("digest", "IDVA"), ("digest", "LINE_MANAGER")]
    # MARAC was not asked about a person who asked for help: the hub's own inspector is told.
    assert told == [before_it_is_late, first_morning, [*first_morning, ("digest", "POLICE_INSPECTOR")]]


def test_same_request_sent_again_is_the_same_referral(callers: Callers) -> None:
    body = asked(callers.idva)

    again = callers.idva.post("/v1/help-requests", a_help_request())

    assert (again.status_code, again.json()["referral_id"]) == (409, body["referral_id"])


def test_safe_way_to_reach_the_victim_comes_with_the_request_and_is_kept_from_the_perpetrator(
    callers: Callers,
) -> None:
    way = "Ring the victim's mother, weekdays before ten"
    body = asked(callers.council, not_for_disclosure=way, safe_contact={"channels": ["CALL"]})

    path = f"/v1/referrals/{body['referral_id']}/not-for-disclosure"
    named = {"Authorization": f"Bearer {callers.idva.key}", "X-On-Behalf-Of": "jo.smith"}
    answer = callers.idva.client.get(path, headers=named)

    assert [item["text"] for item in answer.json()["items"]] == [way]
    assert callers.matac.get(path).status_code == 403


@pytest.mark.parametrize("who", ["probation", "matac", "mappa", "chair"])
def test_perpetrators_side_has_no_part_in_this_route(who: str, callers: Callers) -> None:
    caller: Caller = getattr(callers, who)

    assert caller.post("/v1/help-requests", a_help_request()).status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"help_sought_by": "POLICE"}, "/help_sought_by"),
        ({"help_sought_by": None}, "/help_sought_by"),
        ({"pnc_id": "2001/123456A"}, "/pnc_id"),
    ],
)
def test_request_that_does_not_say_who_outside_the_police_asked_is_refused(
    changes: Body, pointer: str, callers: Callers
) -> None:
    answer = callers.idva.post("/v1/help-requests", a_help_request(**changes))

    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_area_may_set_another_date_for_whoever_asks_for_help_with_its_reason() -> None:
    own = """
[[duty]]
id = "D06s"
kind = "act"
once_for = "victim"
do = "Reach the victim who asked for help, by the safe route"
owner = "IDVA"
about = "VICTIM_SAFETY"
due = "4 hours from decision"
reaches_victim = true
when = ["help_sought == true", "contact_held == false"]
done_when = "the victim was reached, or the attempts are reported back"
says = "help was asked for"
source = "HELP-REPLY"
reason = "the board's service answers within four hours"
"""

    policy = load_policy(local(own), policy_file(BASELINE))

    (duty,) = (one for one in decide(policy, facts(help_sought=True)).duties if one.id == "D06s")
    assert (duty.due.amount, duty.due.unit) == (4, "hours")
