"""The service that supervises the perpetrator is asked the level until it answers, whatever others have said."""

from datetime import timedelta

from tests.enquiries.given_enquiries import Asked, facts_of, nothing_recorded, posted, value


def test_empty_search_of_the_hub_does_not_silence_the_supervising_service(asked: Asked) -> None:
    body = asked.referred_on_licence()

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", nothing_recorded("mappa_level"))
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", {"dapp_in_area": True})
    answer = asked.answer(
        asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "3")
    )

    assert answer.status_code == 201, answer.text
    assert facts_of(asked, body)["mappa_level"] == "3"


def test_two_answers_that_differ_are_put_to_the_hub(asked: Asked) -> None:
    body = asked.referred_on_licence()
    review = value("hub_review", "MEDIUM", reason="As the officer says")
    asked.answer(
        asked.callers.hub,
        body["case_id"],
        "PVP_HUB",
        review,
        nothing_recorded("mappa_level"),
        **{"X-On-Behalf-Of": "jo.smith"},
    )

    asked.pass_time(timedelta(hours=1))
    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "3"))

    question = asked.question(body["case_id"], "hub_review")
    assert (question["ended"], "perpetrator: mappa: level" in question["ask"]) == (None, True)


def test_answer_of_the_supervising_service_ends_the_question_to_the_hub(asked: Asked) -> None:
    body = asked.referred_on_licence()

    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "1"))

    assert "mappa_level" not in asked.open_facts(body["case_id"])


def test_service_that_supervises_no_more_is_asked_no_more(asked: Asked) -> None:
    body = asked.referred_on_licence()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", nothing_recorded("mappa_level"))
    kept = asked.open_facts(body["case_id"])

    facts = {"perpetrator": {"licences": []}}
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    assert ("mappa_level" in kept, "mappa_level" in asked.open_facts(body["case_id"])) == (True, False)
