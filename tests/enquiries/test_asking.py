"""What is to be looked up is one enquiry for each post, and each question keeps the clock it first had."""

from datetime import UTC, datetime, timedelta

from tests.ending import end_need
from tests.enquiries.given_enquiries import DAY, Asked, posted, value
from tests.given import Callers, an_incident, not_high_risk


def test_what_is_not_known_is_asked_of_the_post_that_can_say_and_becomes_no_action(asked: Asked) -> None:
    body = asked.referred_on_licence()

    enquiries = asked.enquiries(body["case_id"])
    assert {item["fact"] for item in enquiries["SUPERVISING_PRACTITIONER"]["items"]} == {"mappa_level"}
    assert {"ticks", "mappa_level", "mappa_automatic"} <= {item["fact"] for item in enquiries["PVP_HUB"]["items"]}
    duties = {action["duty"] for action in body["actions"]}
    assert not [duty for duty in duties if duty and duty.startswith(("FIND_OUT", "D01"))]


def test_each_post_has_one_enquiry_of_a_case(asked: Asked) -> None:
    body = asked.referred()
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()})

    rows = asked.rows("SELECT case_id, role, count(*) AS number FROM enquiry GROUP BY case_id, role")
    assert {row["number"] for row in rows} == {1}


def test_hubs_review_is_a_question_of_the_hubs_enquiry_with_the_clock_of_the_grade(asked: Asked) -> None:
    body = asked.referred()

    (review,) = [one for one in asked.enquiries(body["case_id"])["PVP_HUB"]["items"] if one["fact"] == "hub_review"]
    assert (review["report_id"], review["until"]) == (body["referral_id"], "2026-03-11T09:30:00Z")


def test_each_agency_lists_its_own_enquiries_and_sees_no_other(asked: Asked) -> None:
    asked.referred_on_licence()

    mine = asked.callers.probation.get("/v1/enquiries", mine=True).json()["items"]
    all_of_theirs = asked.callers.probation.get("/v1/enquiries").json()["items"]
    assert [one["role"] for one in mine] == ["SUPERVISING_PRACTITIONER"]
    assert all_of_theirs == mine


def test_agency_without_a_part_is_told_that_there_is_no_such_enquiry(asked: Asked) -> None:
    body = asked.referred_on_licence()
    enquiry = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]

    assert asked.callers.council.get(f"/v1/enquiries/{enquiry['id']}").status_code == 404


def test_list_is_read_page_by_page_and_misses_none(asked: Asked) -> None:
    asked.referred_on_licence()
    answer, seen = asked.callers.hub.get("/v1/enquiries", limit=1), []
    while True:
        body = answer.json()
        seen += [one["id"] for one in body["items"]]
        if "next" not in body["links"]:
            break
        answer = asked.callers.hub.get(body["links"]["next"])

    everything = asked.callers.hub.get("/v1/enquiries", limit=200).json()["items"]
    assert seen == [one["id"] for one in everything]
    assert len(seen) > 1


def test_question_that_is_open_keeps_the_clock_it_first_had(asked: Asked) -> None:
    body = asked.referred()
    first = asked.question(body["case_id"], "ticks")
    asked.pass_time(timedelta(hours=6))

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()})

    assert asked.question(body["case_id"], "ticks") == first


def test_question_before_the_next_school_day_keeps_the_clock_of_its_enquiry_over_a_weekend(asked: Asked) -> None:
    asked.pass_time(timedelta(days=3))

    body = asked.referred(incidents=[an_incident("2026-03-13T09:00:00Z")])

    items = asked.enquiries(body["case_id"])["PVP_HUB"]["items"]
    until = {item["fact"]: item["until"] for item in items}
    assert until["hub_review"] == "2026-03-14T09:30:00Z"
    assert until["child_affected"] == until["hub_review"]


def test_new_report_has_a_review_of_its_own_and_the_first_keeps_its_clock(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(timedelta(hours=6))

    second = asked.referred("DV-2")

    reviews = [one for one in asked.questions(body["case_id"]) if one["fact"] == "hub_review"]
    assert [(one["report_id"], one["until"]) for one in reviews] == [
        (body["referral_id"], "2026-03-11T09:30:00Z"),
        (second["referral_id"], "2026-03-11T15:30:00Z"),
    ]


def test_what_no_later_decision_asks_ends_in_the_same_commit(asked: Asked) -> None:
    body = asked.referred_on_licence()

    licence = {"kind": "LICENCE", "starts_on": "2025-03-01", "ends_on": "2026-03-09"}
    mappa = {"not_managed": True}
    facts = {"perpetrator": {"mappa": mappa, "licences": [licence]}, "assessment": not_high_risk()}
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    ends = [(one["ended"], one["ended_at"]) for one in asked.questions(body["case_id"]) if one["fact"] == "mappa_level"]
    assert ends == [("NO_LONGER_ASKED", "2026-03-10T09:30:00Z")] * 2
    assert "SUPERVISING_PRACTITIONER" not in asked.enquiries(body["case_id"])


def test_question_that_was_dropped_and_comes_back_has_the_clock_it_first_had(asked: Asked) -> None:
    body = asked.referred()
    facts = f"/v1/referrals/{body['referral_id']}/facts"
    first = asked.question(body["case_id"], "in_custody")
    posted(asked.callers.hub, facts, {"perpetrator": {"in_custody": False}})
    asked.pass_time(timedelta(hours=6))

    posted(asked.callers.hub, facts, {"perpetrator": {"in_custody": None}})

    again = asked.question(body["case_id"], "in_custody")
    assert (again["ended"], again["until"]) == (None, first["until"])
    assert asked.rows("SELECT count(*) AS n FROM enquiry_item WHERE fact = 'in_custody'") == [{"n": 2}]


def test_post_that_nobody_fills_loses_no_question_and_is_in_the_coordinators_next_digest(asked: Asked) -> None:
    asked.as_owner("DELETE FROM post WHERE role = 'SUPERVISING_PRACTITIONER'")

    body = asked.referred_on_licence()

    enquiry = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]
    assert enquiry["agency"] is None
    timers = asked.rows(f"SELECT rung, fire_at FROM reminder_timer WHERE subject_id = '{enquiry['id']}' AND rung = 0")
    assert [timer["fire_at"] for timer in timers] == [datetime(2026, 3, 11, 9, 0, tzinfo=UTC)]


def test_post_that_is_filled_later_gets_the_questions_with_the_next_decision(asked: Asked) -> None:
    asked.as_owner("DELETE FROM post WHERE role = 'SUPERVISING_PRACTITIONER'")
    body = asked.referred_on_licence()
    asked.as_owner(
        "INSERT INTO post (area, role, agency) VALUES ('ANYTOWN', 'SUPERVISING_PRACTITIONER', 'ANYTOWN-PROBATION')"
    )

    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()})

    (mine,) = asked.callers.probation.get("/v1/enquiries", mine=True).json()["items"]
    assert mine["case_id"] == body["case_id"]


def test_new_questions_are_told_once_to_the_agency_that_is_asked(asked: Asked) -> None:
    body = asked.referred_on_licence()
    asked.pass_time(timedelta(hours=1))
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/incidents", {"incident": an_incident()})

    told = asked.rows("SELECT agencies FROM event WHERE type = 'enquiry.asked' AND owner_agency = 'ANYTOWN-PROBATION'")
    assert told == [{"agencies": ["ANYTOWN-PROBATION"]}]


def test_reminders_climb_from_the_first_clock_and_end_with_the_last_question(asked: Asked) -> None:
    body = asked.referred_on_licence()
    enquiry = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]
    state = f"SELECT DISTINCT state FROM reminder_timer WHERE subject_id = '{enquiry['id']}' ORDER BY state"
    before = asked.rows(state)

    asked.answer(
        asked.callers.probation, body["case_id"], "SUPERVISING_PRACTITIONER", value("mappa_level", "not_managed")
    )

    assert before[-1]["state"] == "scheduled"
    assert [row["state"] for row in asked.rows(state)] == ["cancelled"]


def test_nobody_is_asked_about_a_case_whose_needs_have_ended(asked: Asked) -> None:
    body = asked.referred()
    ended = {
        "reason": "DECEASED",
        "note": "The victim died",
        "occurred_on": "2026-03-10",
    }
    (need,) = [one for one in body["needs"] if one["kind"] == "VICTIM_SAFETY"]
    named = [one["id"] for one in asked.callers.chair.get("/v1/actions", limit=200).json()["items"]]
    sent = ended | {"actions_continue": named}
    answer = end_need(asked.callers.hub, asked.callers.coordinator, need["id"], sent)
    assert answer.status_code == 201, answer.text

    assert not {"hub_review", "ticks"} & asked.open_facts(body["case_id"])
    assert "mappa_level" in asked.open_facts(body["case_id"])
    asked.pass_time(DAY)
    assert asked.end_clocks() == 0


def test_case_and_its_timeline_show_what_is_asked(asked: Asked, callers: Callers) -> None:
    body = asked.referred_on_licence()

    case = callers.hub.get(f"/v1/cases/{body['case_id']}").json()
    timeline = callers.hub.get(f"/v1/cases/{body['case_id']}/timeline", limit=100).json()["items"]
    assert {one["role"] for one in case["open_enquiries"]} >= {"PVP_HUB", "SUPERVISING_PRACTITIONER"}
    assert "SUPERVISING_PRACTITIONER (ANYTOWN-PROBATION) is asked to look up facts" in {one["what"] for one in timeline}
