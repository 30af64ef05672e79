"""The hub's answer to "review the report" is the review of that report, and settles what it was asked about."""

from datetime import timedelta
from typing import Any

from tests.enquiries.given_enquiries import Asked, an_answered_form, facts_of, posted, value
from tests.given import an_incident

REVIEWER = {"X-On-Behalf-Of": "jo.smith"}


def review(asked: Asked, case_id: str, grade: str, **named: Any) -> Any:
    answer = value("hub_review", grade, reason="Both forms were read together", **named)
    return asked.answer(asked.callers.hub, case_id, "PVP_HUB", answer, **REVIEWER)


def partner_says(asked: Asked, case_id: str, **known: Any) -> None:
    """The IDVA sends the same event again, and what it knows of it."""
    answer = asked.callers.idva.post(f"/v1/cases/{case_id}/incidents", {"incident": an_incident(), **known})
    assert answer.status_code == 201, answer.text


def open_reviews(asked: Asked, case_id: str) -> list[dict[str, Any]]:
    return [one for one in asked.questions(case_id) if one["fact"] == "hub_review" and one["ended"] is None]


def test_hub_lowers_the_grade_of_the_report_that_it_reviews(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="HIGH"))

    answer = review(asked, body["case_id"], "MEDIUM")

    assert answer.status_code == 201, answer.text
    assert facts_of(asked, body)["grade"] == "MEDIUM"
    stored = asked.rows("SELECT grade, reviewed_by, reason FROM assessment_review")
    assert stored == [
        {"grade": "MEDIUM", "reviewed_by": "ANYTOWN-POLICE/jo.smith", "reason": "Both forms were read together"}
    ]


def test_review_that_leaves_the_higher_of_two_grades_standing_is_refused_and_says_what_to_do(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="HIGH"))
    asked.pass_time(timedelta(hours=1))
    partner_says(asked, body["case_id"], assessment={"officer_grade": "STANDARD"})
    (_, newest) = open_reviews(asked, body["case_id"])
    assert "Agencies state differently: assessment: officer grade" in newest["ask"]

    refused = review(asked, body["case_id"], "STANDARD", report_id=newest["report_id"])

    (fault,) = refused.json()["errors"]
    assert (refused.status_code, fault["pointer"], fault["code"]) == (422, "/answers/0/value", "higher_grade_stands")
    assert body["referral_id"] in fault["detail"]
    assert "assessment-reviews" in fault["detail"]
    assert len(open_reviews(asked, body["case_id"])) == 2
    lowered = review(asked, body["case_id"], "STANDARD", report_id=body["referral_id"])
    assert lowered.status_code == 201, lowered.text
    assert review(asked, body["case_id"], "STANDARD", report_id=newest["report_id"]).status_code == 201
    assert facts_of(asked, body)["grade"] == "STANDARD"


def test_difference_that_the_hub_has_settled_is_not_asked_again_until_it_is_stated_again(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="HIGH"), perpetrator={"ref": "P-1", "in_custody": True})
    asked.pass_time(timedelta(hours=1))
    denied = {"perpetrator": {"in_custody": False}}
    partner_says(asked, body["case_id"], **denied)
    first, waiting = open_reviews(asked, body["case_id"])
    assert "perpetrator: in custody" in waiting["ask"]
    asked.pass_time(timedelta(hours=1))

    for report in (first, waiting):
        answer = review(asked, body["case_id"], "HIGH", report_id=report["report_id"])
        assert answer.status_code == 201, answer.text
    settled = open_reviews(asked, body["case_id"])
    second = {"assessment": an_answered_form(3), "incidents": [an_incident("2026-03-10T09:00:00Z")]}
    later = asked.referred("DV-2", perpetrator={"ref": "P-1"}, **second)
    assert later["case_id"] == body["case_id"]
    after = [one["ask"] for one in open_reviews(asked, body["case_id"])]
    asked.pass_time(timedelta(hours=1))
    partner_says(asked, body["case_id"], **denied)

    assert settled == []
    assert not [ask for ask in after if "differently" in ask]
    assert "perpetrator: in custody" in open_reviews(asked, body["case_id"])[-1]["ask"]


def test_post_that_the_review_was_passed_on_to_raises_a_grade_and_lowers_none(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="MEDIUM"))
    passing = {"fact": "hub_review", "kind": "PASSED_ON", "post": "IDVA", "reason": "They know the victim"}
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", passing, **REVIEWER)

    def by_idva(grade: str) -> Any:
        answer = value("hub_review", grade, reason="We have spoken")
        return asked.answer(asked.callers.idva, body["case_id"], "IDVA", answer, **REVIEWER)

    assert by_idva("STANDARD").status_code == 422
    assert by_idva("HIGH").status_code == 201
    assert facts_of(asked, body)["grade"] == "HIGH"


def test_named_answer_is_on_record_with_the_differences_that_it_settled(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="HIGH"))
    asked.pass_time(timedelta(hours=1))
    partner_says(asked, body["case_id"], assessment={"officer_grade": "STANDARD"})
    newest = open_reviews(asked, body["case_id"])[-1]

    review(asked, body["case_id"], "HIGH", report_id=newest["report_id"])

    (stored,) = asked.rows("SELECT settles FROM assessment_review")
    assert "/assessment/officer_grade" in stored["settles"]
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})
    assert [one["report_id"] for one in open_reviews(asked, body["case_id"])] == [body["referral_id"]]
