"""The agency that works with the perpetrator is asked, owes the duties and is invited, wherever it is.

Source: MAPPA guidance, chapter 7 (probation, police, youth justice or mental health can lead at level 1); DHR "Jean"
14.1.11-14.1.13, 14.3.15-14.3.17.
"""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Callers, a_referral, not_high_risk
from tests.meetings.sitting import a_cycle

Body = dict[str, Any]
LEVEL_1 = {"level": 1, "category": 2}


def refer(callers: Callers, perpetrator: Body, **changes: Any) -> Body:
    sent = a_referral(perpetrator={"ref": "P-1", "age": 40, **perpetrator}, **changes)
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def owners(callers: Callers, body: Body) -> dict[str, str]:
    items = callers.chair.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    return {action["duty"]: action["owner_agency"] for action in items}


def words(callers: Callers, body: Body, duty: str) -> str:
    items = callers.chair.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    return next(action["what"] for action in items if action["duty"] == duty)


def given_word(callers: Callers, body: Body) -> set[str]:
    """The agencies that a notice tells of the report."""
    notices = callers.chair.get("/v1/notices", case_id=body["case_id"]).json()
    return {one["agency"] for one in notices if "D23" in one["steps"]}


def asked(callers: Callers, body: Body) -> dict[str, str]:
    needs = callers.chair.get(f"/v1/cases/{body['case_id']}").json()["needs"]
    return {one["forum"]: one["agency"] for need in needs for one in need["proposals"] if one["state"] == "PROPOSED"}


@pytest.fixture
def otherton(sessions: sessionmaker[Session], clock: SettableClock, callers: Callers) -> None:
    """A second area, whose posts are filled."""
    with sessions.begin() as session:
        create_demo_area(session, "OTHERTON", "national-baseline", clock.now(), name="Otherton")


@pytest.mark.parametrize(
    "perpetrator",
    [
        {"licences": [{"kind": "LICENCE", "area": "OTHERTON"}]},
        {"licences": [{"kind": "LICENCE", "service": "OTHERTON-PROBATION"}]},
        {"licences": [], "mappa": LEVEL_1 | {"area": "OTHERTON"}},
    ],
)
def test_service_of_the_area_that_supervises_is_asked(perpetrator: Body, callers: Callers, otherton: None) -> None:
    body = refer(callers, perpetrator, assessment=not_high_risk())

    assert "OTHERTON-PROBATION" in asked(callers, body).values()
    assert owners(callers, body).get("D17.review", "OTHERTON-PROBATION") == "OTHERTON-PROBATION"


def test_decision_on_recall_is_the_senior_officer_s_of_the_service_that_supervises(
    callers: Callers, otherton: None
) -> None:
    licence = {"kind": "LICENCE", "service": "OTHERTON-PROBATION"}

    body = refer(callers, {"licences": [licence], "missed_supervision": True})

    assert owners(callers, body)["D20"] == "OTHERTON-PROBATION"


def test_licence_that_has_not_begun_does_not_name_the_service(callers: Callers, otherton: None) -> None:
    now = {"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2026-12-01"}
    later = {"kind": "LICENCE", "service": "OTHERTON-PROBATION", "starts_on": "2027-01-01"}

    body = refer(callers, {"licences": [now, later]}, assessment=not_high_risk())

    assert asked(callers, body)["SUPERVISING_SERVICE"] == "ANYTOWN-PROBATION"


@pytest.mark.parametrize(
    "perpetrator",
    [
        {"licences": [{"kind": "LICENCE", "service": "NOWHERE-PROBATION"}]},
        {"licences": [], "mappa": LEVEL_1 | {"lead_agency": "NOWHERE-PROBATION"}},
    ],
)
def test_whoever_gives_word_is_told_that_the_named_agency_is_reached_directly(
    perpetrator: Body, callers: Callers
) -> None:
    body = refer(callers, perpetrator)

    assert "NOWHERE-PROBATION is named and has no access here: reach it directly" in words(callers, body, "D23")


def invited(callers: Callers, body: Body, meeting: str) -> set[str]:
    listed = callers.coordinator.get(f"/v1/meetings/{meeting}/list").json()["items"]
    (entry,) = [one for one in listed if one["case_id"] == body["case_id"]]
    return {one["agency"] for one in entry["invited"] if one["party"] == "PERPETRATOR"}


def meeting_of(callers: Callers) -> str:
    answer = callers.coordinator.post("/v1/meeting-cycles", a_cycle())
    assert answer.status_code == 201, answer.text
    first: str = answer.json()["meetings"][0]["id"]
    return first


@pytest.mark.parametrize(
    ("perpetrator", "expected"),
    [
        ({"licences": [], "mappa": LEVEL_1 | {"lead_agency": "ANYTOWN-POLICE"}}, {"ANYTOWN-POLICE"}),
        ({"mappa": LEVEL_1 | {"lead_agency": "ANYTOWN-POLICE"}}, {"ANYTOWN-POLICE"}),
        (
            {
                "licences": [{"kind": "LICENCE", "service": "ANYTOWN-PROBATION"}],
                "mappa": LEVEL_1 | {"lead_agency": "ANYTOWN-COUNCIL"},
            },
            {"ANYTOWN-PROBATION", "ANYTOWN-COUNCIL"},
        ),
        ({"licences": [{"kind": "LICENCE", "service": "ANYTOWN-COUNCIL", "ends_on": "2026-01-01"}]}, set()),
    ],
)
def test_hearing_invites_who_works_with_the_perpetrator_now(
    perpetrator: Body, expected: set[str], callers: Callers
) -> None:
    meeting = meeting_of(callers)

    body = refer(callers, perpetrator)

    assert invited(callers, body, meeting) == expected


def test_standard_report_about_somebody_on_licence_asks_the_supervising_service_to_hold_and_the_level(
    callers: Callers,
) -> None:
    standard = {"tool": "DASH27", "ticks": 2, "completed": True, "officer_grade": "STANDARD", "seen_alone": True}

    body = refer(callers, {"licences": [{"kind": "LICENCE"}]}, assessment=standard)

    assert asked(callers, body) == {"SUPERVISING_SERVICE": "ANYTOWN-PROBATION"}
    enquiries = callers.probation.get("/v1/enquiries", mine=True).json()["items"]
    assert {item["fact"] for one in enquiries for item in one["items"]} >= {"mappa_level"}


@pytest.mark.parametrize("sign", ["missed_supervision", "breach_suspected"])
def test_sign_of_breach_under_a_supervision_that_nobody_has_looked_up_is_looked_up(sign: str, callers: Callers) -> None:
    standard = {"tool": "DASH27", "ticks": 2, "completed": True, "officer_grade": "STANDARD", "seen_alone": True}

    refer(callers, {sign: True}, assessment=standard)

    enquiries = callers.hub.get("/v1/enquiries", mine=True).json()["items"]
    assert {item["fact"] for one in enquiries for item in one["items"]} >= {"supervised", "hub_review"}


@pytest.mark.parametrize(
    ("perpetrator", "decides_on_arrest"),
    [
        ({"breach_suspected": True}, True),
        ({"breach_suspected": True, "on_bail": True, "licences": []}, True),
        ({"breach_suspected": True, "licences": [{"kind": "LICENCE"}], "on_bail": False}, False),
        ({"breach_suspected": False, "on_bail": True}, False),
        ({"on_bail": True}, False),
    ],
)
def test_suspected_breach_owes_a_decision_on_arrest_unless_it_can_only_be_of_the_licence(
    perpetrator: Body, decides_on_arrest: bool, callers: Callers
) -> None:
    body = refer(callers, perpetrator, assessment=not_high_risk())

    assert ("E12" in owners(callers, body)) is decides_on_arrest


def test_suspected_breach_of_bail_at_level_1_is_escalation(callers: Callers) -> None:
    perpetrator = {"mappa": LEVEL_1, "on_bail": True, "breach_suspected": True}

    body = refer(callers, perpetrator, assessment=not_high_risk(), incidents=[])

    assert body["decision"]["decision"]["outcomes"]["mappa"] == "l1_escalating"


def test_level_2_that_accepted_is_the_level_whatever_was_told_before(callers: Callers) -> None:
    body = refer(callers, {"mappa": LEVEL_1, "new_relationship": True})
    proposals = [p for need in body["needs"] for p in need["proposals"] if p["forum"] == "MAPPA_L2"]
    accepted = {"note": "Managed at level 2 from today"}
    callers.mappa.post(f"/v1/proposals/{proposals[0]['id']}/acceptances", accepted).raise_for_status()

    answer = callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"residing_together": True}).json()

    decision = answer["decision"]["decision"]
    assert decision["outcomes"]["mappa"] == "l2"
    assert {"D16.form", "D16.senior"} & {duty["id"] for duty in decision["duties"]} == set()


LICENCE = {"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "ends_on": "2026-12-01"}
ORDER = {"kind": "COMMUNITY_ORDER", "service": "ANYTOWN-COUNCIL", "ends_on": "2027-06-01"}


@pytest.mark.parametrize("licences", [[LICENCE, ORDER], [ORDER, LICENCE]])
def test_service_of_the_licence_decides_on_recall_and_the_service_of_the_order_is_told(
    licences: list[Body], callers: Callers
) -> None:
    """Jean 14.1.5: no service that supervises is left out of what is told."""
    body = refer(callers, {"licences": licences, "breach_suspected": True})

    assert owners(callers, body)["D20"] == "ANYTOWN-PROBATION"
    assert asked(callers, body)["SUPERVISING_SERVICE"] == "ANYTOWN-PROBATION"
    assert given_word(callers, body) == {"ANYTOWN-PROBATION", "ANYTOWN-COUNCIL"}


def test_service_that_is_learned_of_later_is_told_of_the_report_too_and_nobody_twice(
    callers: Callers, otherton: None
) -> None:
    """Jean 14.3.15: what reached one service never reached the other."""
    body = refer(callers, {"licences": [LICENCE]})
    elsewhere = {"kind": "COMMUNITY_ORDER", "service": "OTHERTON-PROBATION", "ends_on": "2027-06-01"}
    learned = {"perpetrator": {"licences": [LICENCE, elsewhere]}}

    for sent in (learned, {"ongoing_event": False}):
        callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", sent).raise_for_status()

    notices = callers.chair.get("/v1/notices", case_id=body["case_id"]).json()
    word = [one["agency"] for one in notices if "D23" in one["steps"]]
    assert sorted(word) == ["ANYTOWN-PROBATION", "OTHERTON-PROBATION"]


def test_hearing_invites_every_service_that_supervises(callers: Callers) -> None:
    meeting = meeting_of(callers)

    body = refer(callers, {"licences": [LICENCE, ORDER]})

    assert invited(callers, body, meeting) == {"ANYTOWN-PROBATION", "ANYTOWN-COUNCIL"}


@pytest.mark.parametrize("who", [{"area": "ANYTOWN"}, {"service": "ANYTOWN-PROBATION"}])
def test_partner_s_order_hands_word_to_no_other_service(who: Body, callers: Callers) -> None:
    named_by_hub = {"kind": "LICENCE", "service": "ANYTOWN-COUNCIL", "ends_on": "2026-12-01"}
    body = refer(callers, {"licences": [named_by_hub]})
    order = {"kind": "COMMUNITY_ORDER", "ends_on": "2030-01-01", **who}
    sent = {"perpetrator": {"licences": [order]}}
    path = f"/v1/referrals/{body['referral_id']}/facts"
    answer = callers.coordinator.post(path, sent)
    assert answer.status_code == 201, answer.text

    assert given_word(callers, body) == {"ANYTOWN-COUNCIL"}
