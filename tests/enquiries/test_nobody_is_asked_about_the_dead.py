"""When a need ends, what asks about its person ends in the same commit, and no later decision asks about the dead."""

from typing import Any

from tests.ending import end_need
from tests.enquiries.given_enquiries import Asked, an_answered_form, half_answered, posted
from tests.given import an_incident

ABOUT_VICTIM = {"hub_review", "ticks", "seen_alone", "consent", "section_42", "victim_age", "victim_supervised"}
ABOUT_PERPETRATOR = {"mappa_level", "mappa_automatic", "in_custody", "perpetrator_age", "suspect_outstanding"}


def end(asked: Asked, body: dict[str, Any], kind: str, **sent: Any) -> None:
    (need,) = [one for one in body["needs"] if one["kind"] == kind]
    actions = asked.callers.coordinator.get("/v1/actions", limit=200).json()["items"]
    ending = {"note": "As the police say", "actions_continue": [one["id"] for one in actions], **sent}
    answer = end_need(asked.callers.hub, asked.callers.coordinator, need["id"], ending)
    assert answer.status_code == 201, answer.text


def died(asked: Asked, body: dict[str, Any], kind: str) -> None:
    end(asked, body, kind, reason="DECEASED", occurred_on="2026-03-10")


def half_seen(asked: Asked, grade: str = "MEDIUM") -> dict[str, Any]:
    return asked.referred(assessment=half_answered() | {"officer_grade": grade}, incidents=[an_incident()])


def test_nothing_is_asked_about_a_victim_who_died_and_the_rest_goes_on(asked: Asked) -> None:
    body = half_seen(asked)
    before = asked.open_facts(body["case_id"])

    died(asked, body, "VICTIM_SAFETY")

    left = asked.open_facts(body["case_id"])
    assert ABOUT_VICTIM - {"victim_age", "section_42", "victim_supervised"} <= before
    assert not ABOUT_VICTIM & left
    assert {"mappa_level", "child_affected"} <= left


def test_nothing_is_asked_about_a_perpetrator_who_died(asked: Asked) -> None:
    body = half_seen(asked, "HIGH")
    before = asked.open_facts(body["case_id"])

    died(asked, body, "PERPETRATOR")

    left = asked.open_facts(body["case_id"])
    assert {"mappa_level", "suspect_outstanding"} <= before
    assert not ABOUT_PERPETRATOR & left
    assert {"hub_review", "seen_alone"} <= left


def test_no_later_report_asks_about_the_dead_or_owes_anything_against_them(asked: Asked) -> None:
    body = half_seen(asked)
    died(asked, body, "PERPETRATOR")
    form = {"tool": "DASH24", "ticks": 16, "unanswered": 0, "officer_grade": "HIGH"}

    other = asked.referred("DV-2", victim={"ref": "V-2"}, assessment=form, incidents=[an_incident()])

    assert not ABOUT_PERPETRATOR & asked.open_facts(other["case_id"])
    duties = {action["duty"] for action in other["actions"]}
    assert {"D06", "D33"} <= duties
    assert not {"D31", "D36"} & duties
    assert {one["outcome"] for one in other["open"]} <= {"marac"}


def test_nothing_is_asked_about_a_perpetrator_who_is_held_without_release(asked: Asked) -> None:
    custody = {"ref": "P-1", "in_custody": True}
    body = asked.referred(perpetrator=custody, assessment=an_answered_form(9, grade="MEDIUM"))
    before = asked.open_facts(body["case_id"])

    end(asked, body, "PERPETRATOR", reason="CUSTODY_NO_RELEASE", occurred_on="2026-03-10")

    assert "mappa_level" in before
    assert not ABOUT_PERPETRATOR & asked.open_facts(body["case_id"])


def test_what_nobody_could_find_out_about_the_dead_is_waited_for_no_more(asked: Asked) -> None:
    body = asked.referred_on_licence()
    sent = {"fact": "mappa_level", "kind": "CANNOT_FIND_OUT", "reason": "No record"}
    asked.answer(asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", sent)

    died(asked, body, "PERPETRATOR")

    waiting = asked.rows("SELECT count(*) AS n FROM enquiry_item WHERE ended = 'CANNOT_FIND_OUT' AND moot_at IS NULL")
    assert waiting == [{"n": 0}]


def test_report_after_a_death_asks_nothing_about_the_victim(asked: Asked) -> None:
    body = half_seen(asked)
    died(asked, body, "VICTIM_SAFETY")

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()})

    assert not ABOUT_VICTIM & asked.open_facts(body["case_id"])
