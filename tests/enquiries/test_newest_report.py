"""What was done about one event does not count for the next: the newest abuse is asked about by itself."""

from datetime import timedelta
from typing import Any

import pytest

from tests.enquiries.given_enquiries import Asked, an_answered_form, facts_of, posted, value
from tests.given import an_incident

STRANGLED = {"tool": "DASH24", "ticks": 16, "unanswered": 0, "officer_grade": "HIGH", "strangulation": True}
TWO_DAYS = timedelta(days=2)
NEXT = an_incident("2026-03-12T08:00:00Z")


def duties_of(asked: Asked, body: dict[str, Any]) -> set[str]:
    actions = asked.callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    return {action["duty"] for action in actions}


def test_victim_who_was_seen_alone_two_days_ago_is_not_seen_alone_about_the_next_event(asked: Asked) -> None:
    asked.referred(assessment=an_answered_form(3))
    asked.pass_time(TWO_DAYS)

    body = asked.referred("DV-2", assessment=STRANGLED, incidents=[NEXT])

    assert facts_of(asked, body)["seen_alone"] is None
    assert "D33" in duties_of(asked, body)
    assert "seen_alone" in asked.open_facts(body["case_id"])


def test_incident_that_is_added_later_is_an_event_of_its_own(asked: Asked) -> None:
    body = asked.referred(assessment=STRANGLED | {"seen_alone": True}, ongoing_event=True)
    asked.pass_time(TWO_DAYS)

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": NEXT})

    facts = facts_of(asked, body)
    assert (facts["seen_alone"], facts["ongoing_event"]) == (None, None)
    assert "D33" in duties_of(asked, body)


@pytest.mark.parametrize(
    ("fact", "said"), [("suspect_outstanding", False), ("arrested_without_charge", True), ("suspect_outstanding", True)]
)
def test_what_was_said_of_the_suspect_of_one_event_is_not_said_of_the_next(fact: str, said: bool, asked: Asked) -> None:
    first = asked.referred(assessment=an_answered_form(3), perpetrator={"ref": "P-1", fact: said})
    before = facts_of(asked, first)[fact]
    asked.pass_time(TWO_DAYS)

    body = asked.referred("DV-2", assessment=STRANGLED, incidents=[NEXT])

    assert (before, facts_of(asked, body)[fact]) == (said, None)
    assert "D36" in duties_of(asked, body)


def test_arrest_after_one_event_says_nothing_of_the_next(asked: Asked) -> None:
    caught = an_incident(outcome="ARRESTED")
    first = asked.referred(assessment=an_answered_form(3), incidents=[caught])
    before = facts_of(asked, first)["suspect_outstanding"]
    asked.pass_time(TWO_DAYS)

    body = asked.referred("DV-2", assessment=STRANGLED, incidents=[NEXT])

    assert (before, facts_of(asked, body)["suspect_outstanding"]) == (False, None)


def test_second_report_of_the_same_event_leaves_out_nothing_that_the_first_said(asked: Asked) -> None:
    asked.referred(
        assessment=STRANGLED | {"seen_alone": True}, perpetrator={"ref": "P-1", "suspect_outstanding": False}
    )
    asked.pass_time(timedelta(hours=3))

    body = asked.referred("DV-2", assessment=STRANGLED)

    facts = facts_of(asked, body)
    assert (facts["seen_alone"], facts["suspect_outstanding"]) == (True, False)


def test_older_event_that_is_told_later_changes_nothing(asked: Asked) -> None:
    body = asked.referred(assessment=STRANGLED | {"seen_alone": True})
    asked.pass_time(TWO_DAYS)
    older = {"incident": an_incident("2025-10-01T08:00:00Z")}

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", older)

    assert facts_of(asked, body)["seen_alone"] is True


def test_answer_about_the_report_before_says_nothing_of_the_newest_one(asked: Asked) -> None:
    form = {name: said for name, said in an_answered_form(9, grade="MEDIUM").items() if name != "seen_alone"}
    asked.referred(assessment=form)
    asked.pass_time(TWO_DAYS)
    body = asked.referred("DV-2", assessment=form, incidents=[NEXT])

    (waiting,) = [
        one for one in asked.questions(body["case_id"]) if one["fact"] == "seen_alone" and one["ended"] is None
    ]
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("seen_alone", True))

    assert waiting["report_id"] == body["referral_id"]
    assert facts_of(asked, body)["seen_alone"] is True
