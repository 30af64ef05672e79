"""A post answers its questions in part or whole; each answer becomes a fact, and the case is decided anew."""

from datetime import timedelta
from typing import Any

import pytest

from tests.enquiries.given_enquiries import (
    DAY,
    Asked,
    cannot_find_out,
    half_answered,
    nothing_recorded,
    passed_on,
    posted,
    value,
)
from tests.given import Callers, with_its_case

REVIEWER = {"X-On-Behalf-Of": "jo.smith"}


def facts_of(asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = asked.decisions(body)[-1]["decision"]["facts"]
    return facts


def posts_asked(asked: Asked, body: dict[str, Any], fact: str) -> set[str]:
    """The posts that are still asked for the fact."""
    return {
        role
        for role, enquiry in asked.enquiries(body["case_id"], open=True).items()
        if any(item["fact"] == fact and item["ended"] is None for item in enquiry["items"])
    }


def test_answer_becomes_a_fact_and_the_case_is_decided_anew_in_the_same_commit(asked: Asked) -> None:
    body = asked.referred_on_licence()
    at = asked.pass_time(timedelta(hours=1)).isoformat().replace("+00:00", "Z")

    answer = asked.answer(
        asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "2")
    )

    assert answer.status_code == 201, answer.text
    (item,) = answer.json()["items"]
    assert (item["value"], item["ended"], item["ended_at"], item["answered_by"][:17]) == (
        "2",
        "ANSWERED",
        at,
        "ANYTOWN-PROBATION",
    )
    newest = asked.decisions(body)[-1]
    assert (newest["because"], newest["decided_at"]) == ("questions answered", at)
    assert newest["decision"]["facts"]["mappa_level"] == "2"


def test_answer_that_a_request_could_state_is_kept_as_a_statement_of_the_agency(asked: Asked) -> None:
    body = asked.referred_on_licence()

    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1"))

    learned = asked.rows("SELECT learned_by, document FROM later_facts")
    assert learned == [{"learned_by": "ANYTOWN-PROBATION", "document": {"perpetrator": {"mappa": {"level": 1}}}}]


def test_answer_that_no_request_can_state_counts_where_the_reports_leave_the_fact_open(asked: Asked) -> None:
    body = asked.referred()

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 12))
    answered = facts_of(asked, body)["ticks"]
    facts = {"assessment": {"ticks": 15, "unanswered": 0}}
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    assert (answered, facts_of(asked, body)["ticks"]) == (12, 15)


def test_answered_question_is_not_asked_again(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 12))

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})

    assert "ticks" not in asked.open_facts(body["case_id"])


def test_answer_in_part_leaves_the_other_questions_and_their_clocks_as_they_were(asked: Asked) -> None:
    body = asked.referred()
    before = {item["fact"]: item["until"] for item in asked.enquiries(body["case_id"])["PVP_HUB"]["items"]}
    asked.pass_time(timedelta(hours=3))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("perpetrator_age", 41))

    items = asked.enquiries(body["case_id"])["PVP_HUB"]["items"]
    assert {item["fact"]: item["until"] for item in items if item["fact"] in before} == before
    assert "ticks" in asked.open_facts(body["case_id"])


def test_what_was_looked_for_and_is_not_recorded_is_a_no_with_where_it_was_looked_for(asked: Asked) -> None:
    body = asked.referred_on_licence()

    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", nothing_recorded("mappa_level"))

    question = asked.question(body["case_id"], "mappa_level")
    assert (question["value"], question["looked_in"]) == ("not_managed", "ViSOR")
    assert facts_of(asked, body)["mappa_level"] == "not_managed"


@pytest.mark.parametrize("fact", ["ticks", "perpetrator_age", "child_affected"])
def test_empty_search_is_no_answer_where_it_says_nothing(fact: str, asked: Asked) -> None:
    body = asked.referred()

    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", nothing_recorded(fact))

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/answers/0/kind")


def test_what_nobody_can_find_out_is_asked_no_more_and_stays_open(asked: Asked) -> None:
    body = asked.referred()
    decided = len(asked.decisions(body))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", cannot_find_out("ticks"))
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})

    question = asked.question(body["case_id"], "ticks")
    assert (question["ended"], question["reason"]) == ("CANNOT_FIND_OUT", "The officer has left the force")
    assert facts_of(asked, body)["ticks"] is None
    assert len(asked.decisions(body)) == decided + 1  # by the facts, and not by the answer


def test_question_that_is_passed_on_goes_to_the_other_post_on_the_clock_it_had(asked: Asked) -> None:
    body = asked.referred()
    until = asked.question(body["case_id"], "mappa_level")["until"]
    asked.pass_time(timedelta(hours=5))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", passed_on("mappa_level", "MAPPA_COORDINATOR"))

    (question,) = asked.enquiries(body["case_id"])["MAPPA_COORDINATOR"]["items"]
    assert (question["fact"], question["until"], question["ended"]) == ("mappa_level", until, None)
    asked.answer(asked.callers.mappa, body["case_id"], "MAPPA_COORDINATOR", value("mappa_level", "3"))
    assert facts_of(asked, body)["mappa_level"] == "3"
    assert "MAPPA_COORDINATOR" not in asked.enquiries(body["case_id"], open=True)


def test_post_that_passed_its_question_on_is_not_asked_again(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", passed_on("mappa_level", "MAPPA_COORDINATOR"))

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})

    assert posts_asked(asked, body, "mappa_level") == {"MAPPA_COORDINATOR"}


def test_question_that_is_passed_on_to_the_referrer_goes_to_the_agency_that_made_the_referral(asked: Asked) -> None:
    sent = {
        "source_system": "IDVA",
        "source_reference": "H-1",
        "area": "ANYTOWN",
        "help_sought_by": "VICTIM",
        "victim": {"ref": "V-9"},
        "assessment": half_answered(),
    }
    body = with_its_case(asked.callers, posted(asked.callers.idva, "/v1/help-requests", sent))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", passed_on("ticks", "REFERRER"))

    assert asked.enquiries(body["case_id"])["REFERRER"]["agency"] == "ANYTOWN-IDVA"


def test_fact_that_two_posts_can_know_is_asked_of_both_until_the_one_that_knows_best_has_answered(asked: Asked) -> None:
    body = asked.referred_on_licence()
    before = posts_asked(asked, body, "mappa_level")

    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1"))

    assert before == {"PVP_HUB", "SUPERVISING_PRACTITIONER"}
    assert posts_asked(asked, body, "mappa_level") == set()
    ends = [item["ended"] for item in asked.questions(body["case_id"]) if item["fact"] == "mappa_level"]
    assert sorted(ends) == ["ANSWERED", "NO_LONGER_ASKED"]


def test_post_that_cannot_find_out_is_asked_no_more_and_the_other_still_is(asked: Asked) -> None:
    body = asked.referred_on_licence()

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", cannot_find_out("mappa_level"))
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})

    assert posts_asked(asked, body, "mappa_level") == {"SUPERVISING_PRACTITIONER"}


def test_question_that_is_passed_on_to_a_post_that_has_it_already_is_asked_there_once(asked: Asked) -> None:
    body = asked.referred_on_licence()
    until = asked.enquiries(body["case_id"])["PVP_HUB"]["items"]
    (first,) = [item["until"] for item in until if item["fact"] == "mappa_level"]

    passing = passed_on("mappa_level", "SUPERVISING_PRACTITIONER")
    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", passing)

    assert answer.status_code == 201, answer.text
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})
    assert posts_asked(asked, body, "mappa_level") == {"SUPERVISING_PRACTITIONER"}
    (question,) = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]["items"]
    assert (question["fact"], question["until"]) == ("mappa_level", first)


def test_hubs_review_keeps_grade_reason_and_reviewer_and_is_not_asked_again(asked: Asked) -> None:
    body = asked.referred()
    review = value("hub_review", "HIGH", reason="Threats to kill, and the separation is recent")

    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", review, **REVIEWER)

    assert answer.status_code == 201, answer.text
    question = asked.question(body["case_id"], "hub_review")
    assert (question["value"], question["answered_by"]) == ("HIGH", "ANYTOWN-POLICE/jo.smith")
    assert question["reason"] == review["reason"]
    assert facts_of(asked, body)["grade"] == "HIGH"
    assert "hub_review" not in asked.open_facts(body["case_id"])


def test_review_names_a_person_and_a_reason(asked: Asked) -> None:
    body = asked.referred()

    nobody = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("hub_review", "HIGH", reason="Known"))
    bare = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("hub_review", "HIGH"), **REVIEWER)

    assert (nobody.status_code, nobody.json()["code"]) == (422, "no-person")
    assert bare.json()["errors"][0]["pointer"] == "/answers/0/reason"


@pytest.mark.parametrize(
    ("answer", "pointer"),
    [
        (value("ticks", 99), "/answers/0/value"),
        (value("ticks", "twelve"), "/answers/0/value"),
        ({"fact": "ticks", "kind": "VALUE"}, "/answers/0/value"),
        ({"fact": "ticks", "kind": "CANNOT_FIND_OUT"}, "/answers/0/reason"),
        ({"fact": "ticks", "kind": "PASSED_ON", "reason": "Not mine"}, "/answers/0/post"),
        (passed_on("ticks", "PVP_HUB"), "/answers/0/post"),
        (value("ticks", 8, post="REFERRER"), "/answers/0/post"),
        (value("judged_high", True), "/answers/0/fact"),
    ],
)
def test_answer_that_cannot_be_taken_names_its_field_repeats_no_value_and_stores_nothing(
    answer: dict[str, Any], pointer: str, asked: Asked
) -> None:
    body = asked.referred()

    refused = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("perpetrator_age", 41), answer)

    assert refused.status_code == 422, refused.text
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer.replace("/0/", "/1/")]
    assert "twelve" not in refused.text
    assert "99" not in refused.json()["detail"]
    assert asked.question(body["case_id"], "perpetrator_age")["ended"] is None


def test_question_that_has_its_answer_is_not_answered_twice(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 12))

    again = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 3))

    assert again.status_code == 409
    assert asked.question(body["case_id"], "ticks")["value"] == 12


def test_same_key_gives_the_same_answer_and_decides_once(asked: Asked) -> None:
    body = asked.referred_on_licence()
    enquiry = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]
    sent, path = {"answers": [value("mappa_level", "1")]}, f"/v1/enquiries/{enquiry['id']}/answers"

    first = asked.callers.probation.post(path, sent, key="same")
    again = asked.callers.probation.post(path, sent, key="same")

    assert (again.status_code, again.json()) == (201, first.json())
    assert len(asked.decisions(body)) == 2


def test_only_the_agency_that_is_asked_or_the_coordinator_answers(asked: Asked, callers: Callers) -> None:
    body = asked.referred_on_licence()

    by_hub = asked.answer(callers.hub, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1"))
    by_coordinator = asked.answer(
        callers.coordinator, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1")
    )

    assert (by_hub.status_code, by_coordinator.status_code) == (403, 201)


def test_partner_that_answers_is_not_shown_the_decision(asked: Asked) -> None:
    body = asked.referred_on_licence()

    answer = asked.answer(
        asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1")
    )

    assert set(answer.json()) == {"id", "case_id", "area", "role", "agency", "asked_at", "until", "items"}


def test_answer_is_on_the_audit_trail_and_told(asked: Asked) -> None:
    body = asked.referred_on_licence()
    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1"))

    assert asked.rows("SELECT category FROM audit_entry WHERE route = 'answerEnquiry'") == [{"category": "alteration"}]
    assert asked.rows("SELECT count(*) AS n FROM event WHERE type = 'enquiry.answered'") == [{"n": 1}]


def test_answer_after_the_clock_ended_still_counts(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY)
    asked.end_clocks()

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 8))

    question = asked.question(body["case_id"], "ticks")
    assert (question["ended"], question["lapsed_at"]) == ("ANSWERED", "2026-03-11T09:30:00Z")
    assert facts_of(asked, body)["ticks"] == 8
