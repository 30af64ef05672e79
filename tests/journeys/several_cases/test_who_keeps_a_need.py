"""Who owns a need keeps it while what it rests on stands, and somebody else is asked once it has ended.

The record, the answer and the decision say the same of who is asked. Sources: decision 7; DHR "Jean" 14.2.2-14.2.6.
"""

from typing import Any

import pytest

from tests.given import a_referral
from tests.journeys.hours import HIGH, STANDARD, Hours
from tests.journeys.whose_word.test_custody_and_arrest import partner_says

Row = dict[str, Any]
LEVEL_2: Row = {"ref": "P-2", "mappa": {"level": 2, "category": 2}}
DAY = 24


def need_of(hours: Hours, kind: str) -> Row:
    (need,) = [one for one in hours.case["needs"] if one["kind"] == kind]
    return dict(need)


def waiting(hours: Hours, kind: str) -> set[str]:
    """Who has yet to say whether they lead on the need."""
    return {one["forum"] for one in need_of(hours, kind)["proposals"] if one["state"] == "PROPOSED"}


def owner(hours: Hours, kind: str) -> str:
    return str(need_of(hours, kind)["owner"]["forum"])


def accepted_by(hours: Hours, forum: str, kind: str = "PERPETRATOR") -> None:
    """The agency that was asked accepts; the co-ordinator records it for a post that nobody fills."""
    (asked,) = [one for one in need_of(hours, kind)["proposals"] if (one["forum"], one["state"]) == (forum, "PROPOSED")]
    callers = hours.callers
    agencies = {
        "ANYTOWN-POLICE": callers.hub,
        "ANYTOWN-PROBATION": callers.probation,
        "ANYTOWN-MAPPA": callers.mappa,
        "ANYTOWN-COUNCIL": callers.council,
    }
    caller = agencies.get(asked["agency"], callers.coordinator)
    answer = caller.post(f"/v1/proposals/{asked['id']}/acceptances", {})
    assert answer.status_code == 201, f"{asked['agency']}: {answer.text}"


def told(hours: Hours) -> str:
    """What the newest decision says to a practitioner."""
    return " ".join(says for passage in hours.decision()["explanation"] for says in passage["sentences"])


def said_of(body: Row, kind: str) -> str:
    (need,) = [one for one in body["needs"] if one["kind"] == kind]
    return str(need["says"])


@pytest.mark.parametrize("accepted", [False, True])
def test_report_about_another_perpetrator_at_level_2_asks_nobody_beside_marac(accepted: bool, hours: Hours) -> None:
    hours.report(HIGH)
    if accepted:
        hours.accepts()
    hours.at(2)
    second = hours.report(STANDARD, "P-2", perpetrator=LEVEL_2)

    assert waiting(hours, "VICTIM_SAFETY") == (set() if accepted else {"MARAC"})
    assert "MAPPA level 2 is asked to lead on the victim's safety" not in told(hours)
    assert "MAPPA level 2" not in said_of(second, "VICTIM_SAFETY")


def test_marac_that_accepts_after_level_2_was_asked_has_the_victim(hours: Hours) -> None:
    hours.report(STANDARD, "P-2", perpetrator=LEVEL_2)
    hours.at(2)
    hours.report(HIGH)
    before = waiting(hours, "VICTIM_SAFETY")
    hours.accepts()

    assert before == {"MARAC", "MAPPA_L2"}
    assert (owner(hours, "VICTIM_SAFETY"), waiting(hours, "VICTIM_SAFETY")) == ("MARAC", set())


def test_lowering_an_accepted_report_about_a_perpetrator_at_level_2_asks_nobody_else(hours: Hours) -> None:
    only = hours.report({**HIGH, "ticks": 3}, perpetrator={**LEVEL_2, "ref": "P-1"})
    hours.accepts()
    hours.lower(only, "STANDARD")

    assert hours.newest(only)["outcomes"]["marac"] == "no"
    assert (owner(hours, "VICTIM_SAFETY"), waiting(hours, "VICTIM_SAFETY")) == ("MARAC", set())
    assert [one["owner_role"] for one in hours.owed(only) if one["duty"] == "MARAC_CRITERIA_NOT_MET"] == ["MARAC_CHAIR"]


def test_social_care_is_asked_for_a_child_whom_marac_has_and_its_silence_asks_nobody_else(hours: Hours) -> None:
    first = hours.report(HIGH)
    hours.accepts()
    hours.learn(first, {"victim": {"age": 15}})
    asked = waiting(hours, "VICTIM_SAFETY")
    hours.at(4 * DAY)

    assert asked == {"CHILDRENS_SOCIAL_CARE"}
    assert (owner(hours, "VICTIM_SAFETY"), waiting(hours, "VICTIM_SAFETY")) == ("MARAC", set())


def test_report_about_another_perpetrator_leaves_the_victim_with_level_2(hours: Hours) -> None:
    hours.report(STANDARD, "P-2", perpetrator=LEVEL_2)
    accepted_by(hours, "MAPPA_L2", "VICTIM_SAFETY")
    hours.at(2)
    second = hours.report(STANDARD)

    assert (owner(hours, "VICTIM_SAFETY"), waiting(hours, "VICTIM_SAFETY")) == ("MAPPA_L2", set())
    assert "nobody else is asked" in said_of(second, "VICTIM_SAFETY")
    assert "referring agency is asked" not in told(hours)


def test_marac_may_be_asked_although_level_2_has_the_victim(hours: Hours) -> None:
    hours.report(STANDARD, "P-2", perpetrator=LEVEL_2)
    accepted_by(hours, "MAPPA_L2", "VICTIM_SAFETY")
    hours.at(2)
    hours.report(HIGH)

    assert waiting(hours, "VICTIM_SAFETY") == {"MARAC"}


ENDED = [
    ("PRISON_OMU", {"in_custody": True}, {"in_custody": False}),
    ("YOUTH_JUSTICE", {"age": 17, "mappa": {"not_managed": True}}, {"age": 18}),
]


@pytest.mark.parametrize(("forum", "first", "then"), ENDED)
def test_once_the_owners_ground_has_ended_the_hub_is_asked_and_may_accept(
    forum: str, first: Row, then: Row, hours: Hours
) -> None:
    only = hours.report(HIGH, perpetrator={"ref": "P-1", **first})
    accepted_by(hours, forum)
    hours.at(DAY)
    body = hours.learn(only, {"perpetrator": then})
    asked, owns = waiting(hours, "PERPETRATOR"), owner(hours, "PERPETRATOR")
    words = told(hours)
    accepted_by(hours, "HUB")

    assert (asked, owns, owner(hours, "PERPETRATOR")) == ({"HUB"}, forum, "HUB")
    assert "The police PVP hub is asked to lead on the perpetrator" in words
    assert said_of(body, "PERPETRATOR").startswith("The police PVP hub is asked to lead on the perpetrator")


def test_once_the_order_has_ended_the_hub_is_asked_instead_of_the_service_that_supervised(hours: Hours) -> None:
    order = {"kind": "COMMUNITY_ORDER", "ends_on": "2026-04-01", "service": "ANYTOWN-PROBATION"}
    hours.report(STANDARD, perpetrator={"ref": "P-1", "licences": [order]})
    accepted_by(hours, "SUPERVISING_SERVICE")
    hours.at(40 * DAY)
    body = hours.report(STANDARD)

    assert (owner(hours, "PERPETRATOR"), waiting(hours, "PERPETRATOR")) == ("SUPERVISING_SERVICE", {"HUB"})
    assert said_of(body, "PERPETRATOR").startswith("The police PVP hub is asked to lead on the perpetrator")


def test_report_of_another_victim_leaves_the_perpetrator_with_the_prison(hours: Hours) -> None:
    hours.report(HIGH, perpetrator={"ref": "P-1", "in_custody": True})
    accepted_by(hours, "PRISON_OMU")
    hours.at(2)
    body = hours.report(STANDARD, victim={"ref": "V-2"})

    assert (owner(hours, "PERPETRATOR"), waiting(hours, "PERPETRATOR")) == ("PRISON_OMU", set())
    assert "nobody else is asked to lead" in said_of(body, "PERPETRATOR")
    assert "hub is asked to lead on the perpetrator" not in told(hours)


def test_whom_an_agency_asked_and_not_a_decision_keeps_the_perpetrator(hours: Hours) -> None:
    body = hours.report(STANDARD, perpetrator={"ref": "P-1", "mappa": {"not_managed": True}})
    need = need_of(hours, "PERPETRATOR")
    sent = {"forum": "MATAC", "reason": "MATAC knows the perpetrator from another area"}
    hours.callers.hub.post(f"/v1/needs/{need['id']}/proposals", sent).raise_for_status()
    hours.accepts("MATAC")
    hours.learn(body, {"victim": {"home_insecure": True}})

    assert hours.newest(body)["outcomes"]["matac"] == "no"
    assert (owner(hours, "PERPETRATOR"), waiting(hours, "PERPETRATOR")) == ("MATAC", set())
    assert "hub is asked to lead on the perpetrator" not in told(hours)


def test_matac_is_asked_once_to_lead_or_to_support(hours: Hours) -> None:
    events = [{"at": "2026-03-09T21:00:00Z", "victim": f"V-{n}", "number": f"C-{n}"} for n in (1, 2, 3)]
    only = hours.report(STANDARD, incidents=events, perpetrator={"ref": "P-1", "mappa": {"not_managed": True}})
    hours.learn(only, {"perpetrator": {"mappa": {"level": 1}}})

    requests = [one for one in need_of(hours, "PERPETRATOR")["proposals"] if one["forum"] == "MATAC"]
    assert {(one["kind"], one["state"]) for one in requests} == {("LEAD", "WITHDRAWN"), ("SUPPORT", "PROPOSED")}


def test_answer_says_that_the_level_that_accepted_stands_when_a_lower_one_is_told(hours: Hours) -> None:
    only = hours.report(STANDARD, perpetrator={**LEVEL_2, "ref": "P-1"})
    accepted_by(hours, "MAPPA_L2")
    hours.at(2)
    body = hours.learn(only, {"perpetrator": {"mappa": {"level": 1}}})

    assert hours.newest(only)["facts"]["mappa_level"] == "2"
    assert "MAPPA level 2, which accepted the perpetrator, stands until it gives up" in body["not_lowered"]
    assert "/overrides" in body["not_lowered"]


def test_owner_whose_order_has_ended_is_followed_although_an_earlier_case_of_the_perpetrator_knew_it(
    hours: Hours,
) -> None:
    order = {"kind": "COMMUNITY_ORDER", "service": "ANYTOWN-PROBATION", "ends_on": "2026-04-01"}
    hours.report(STANDARD, perpetrator={"ref": "P-1", "licences": [order]})
    accepted_by(hours, "SUPERVISING_SERVICE")
    hours.at(90 * 24)

    events = [{"at": "2026-06-07T21:00:00Z", "victim": f"V-{n}", "number": f"C-{n}"} for n in (2, 3, 4)]
    second = hours.report(STANDARD, victim={"ref": "V-2"}, incidents=events)

    assert hours.newest(second)["facts"]["supervised"] is False
    assert hours.asked("MATAC") == ["PROPOSED"]


def test_preview_knows_that_marac_has_the_victim_over_another_perpetrator(hours: Hours) -> None:
    hours.report(HIGH)
    hours.accepts()
    body = a_referral("DV-9", assessment=HIGH, victim={"ref": "V-1"}, perpetrator={"ref": "P-2"})

    preview = hours.callers.hub.post("/v1/routing-previews", body).json()["decision"]
    stored = hours.callers.hub.post("/v1/referrals", body).json()["decision_id"]

    assert preview == hours.callers.hub.get(f"/v1/decisions/{stored}").json()["decision"]


def test_preview_doubts_an_age_that_the_referral_would_doubt(hours: Hours) -> None:
    hours.report(STANDARD, victim={"ref": "V-2"})
    partner_says(hours, {"ref": "P-1", "age": 9}, victim={"ref": "V-2"})
    body = a_referral("DV-9", victim={"ref": "V-1"}, perpetrator={"ref": "P-1"})

    preview = hours.callers.hub.post("/v1/routing-previews", body).json()["decision"]["facts"]

    assert preview["perpetrator_age"] is None
