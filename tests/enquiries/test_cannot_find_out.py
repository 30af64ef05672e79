"""What nobody can find out is asked no more, and what it leaves open still ends: by its clock, at a named post."""

from datetime import timedelta
from typing import Any

from tests.enquiries.given_enquiries import Asked, an_answered_form, cannot_find_out, outcomes_of, posted, value

MEDIUM = an_answered_form(9, grade="MEDIUM")


def nobody_knows(asked: Asked, body: dict[str, Any]) -> str:
    """Every question to the hub but its review is answered with "cannot find out". Returns the enquiry's id."""
    enquiry = asked.enquiries(body["case_id"])["PVP_HUB"]
    asks = [item["fact"] for item in enquiry["items"] if item["ended"] is None and item["fact"] != "hub_review"]
    review = value("hub_review", "MEDIUM", reason="As the officer says")
    answers = [review, *(cannot_find_out(fact) for fact in asks)]
    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", *answers, **{"X-On-Behalf-Of": "jo.smith"})
    assert answer.status_code == 201, answer.text
    return str(enquiry["id"])


def rungs(asked: Asked, enquiry: str) -> dict[int, list[str]]:
    rows = asked.rows(
        f"SELECT rung, tells FROM reminder_timer WHERE subject_id = '{enquiry}' AND state = 'scheduled' ORDER BY rung"
    )
    return {row["rung"]: row["tells"] for row in rows}


def test_clock_of_what_nobody_can_find_out_still_tells_those_above_the_post(asked: Asked) -> None:
    body = asked.referred(assessment=MEDIUM)

    enquiry = nobody_knows(asked, body)

    assert outcomes_of(asked, body)["mappa"] == "open"
    told = rungs(asked, enquiry)
    # The strategic lead follows on the day of the case: `tests/reminders/test_digests.py`.
    assert "MARAC_COORDINATOR" in {post for tells in told.values() for post in tells}
    assert not [tells for tells in told.values() if "OWNER" in tells]


def test_answer_says_until_when_it_stays_open_and_what_ends_it(asked: Asked) -> None:
    body = asked.referred(assessment=MEDIUM)
    nobody_knows(asked, body)

    facts = {"assessment": {"isolation": True}}
    again = posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    (mappa,) = [one for one in again["open"] if one["outcome"] == "mappa"]
    assert (mappa["until"], mappa["then"][:26]) == ("2026-03-11T09:30:00Z", "the co-ordinator is told, ")


def test_what_becomes_known_after_all_is_waited_for_no_more(asked: Asked) -> None:
    body = asked.referred_on_licence(assessment=MEDIUM)
    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", cannot_find_out("mappa_level"))
    rows = "SELECT moot_at FROM enquiry_item WHERE ended = 'CANNOT_FIND_OUT'"
    before = asked.rows(rows)
    asked.pass_time(timedelta(hours=1))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("mappa_level", "1"))

    assert before == [{"moot_at": None}]
    assert asked.rows(rows) == [{"moot_at": asked.clock.now()}]
