"""A late report about a need that has ended: a death stays on record, and every other end gives way to a new risk."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.ending import end_need
from tests.given import Callers, a_referral, an_incident, in_full

Body = dict[str, Any]
ABOUT_CHILDREN = {"D25.school", "D25.social_care", "D18c"}
CHILD = {"ref": "C-1", "age": 8, "in_household": True, "perpetrator_access": True}


def need_of(body: Body, kind: str) -> Body:
    return [need for need in body["needs"] if need["kind"] == kind][-1]


def end(callers: Callers, body: Body, kind: str, reason: str, **details: Any) -> None:
    """The chair ends the need, with the case's unfinished actions going on."""
    case = callers.chair.get(f"/v1/cases/{body['case_id']}").json()
    named = [action["id"] for action in case["open_actions"]]
    sent = {"reason": reason, "note": "As the records say", "actions_continue": named, **details}
    need = need_of(case, kind)
    caller = callers.hub if need["owner"]["agency"] == "ANYTOWN-POLICE" else callers.probation
    answer = end_need(caller, callers.coordinator if kind == "PERPETRATOR" else callers.idva, need["id"], sent)
    assert answer.status_code == 201, answer.text


def died(callers: Callers, body: Body, kind: str) -> None:
    end(callers, body, kind, "DECEASED", occurred_on="2026-03-09")


def late(callers: Callers, body: Body, clock: SettableClock) -> Body:
    """A report that arrives three days later."""
    clock.set(clock.now() + timedelta(days=3))
    incident = {"incident": an_incident("2026-03-13T01:00:00Z")}
    answer = callers.hub.post(f"/v1/referrals/{body['referral_id']}/incidents", incident)
    assert answer.status_code == 201, answer.text
    decided: Body = answer.json()
    answered = {action["id"] for action in decided["actions"]}
    full = in_full(callers.coordinator, decided)
    return full | {"actions": [action for action in full["actions"] if action["id"] in answered]}


def new_duties(before: Body, after: Body) -> set[str]:
    known = {action["id"] for action in before["actions"]}
    return {action["duty"] for action in after["actions"] if action["id"] not in known}


@pytest.fixture
def routed(callers: Callers) -> Body:
    sent = a_referral(children=[CHILD])
    sent["assessment"].pop("seen_alone")
    return in_full(callers.coordinator, callers.hub.post("/v1/referrals", sent).json())


def test_safety_of_a_victim_who_died_stays_ended_and_nobody_is_sent_to_them(
    routed: Body, callers: Callers, clock: SettableClock
) -> None:
    died(callers, routed, "VICTIM_SAFETY")

    after = late(callers, routed, clock)

    safety = need_of(after, "VICTIM_SAFETY")
    assert (safety["end_reason"], safety["owner"]) == ("DECEASED", None)
    assert "PROPOSED" not in {proposal["state"] for proposal in safety["proposals"]}
    assert need_of(after, "PERPETRATOR")["owner"]
    about = {action["about"] for action in after["actions"] if action["duty"] not in ABOUT_CHILDREN}
    assert about <= {"PERPETRATOR", None}
    duties = {action["duty"] for action in after["actions"]}
    assert not duties & {"D33", "D02", "D06", "D07", "D03"}
    assert not {"hub_review", "seen_alone"} & {fact for enquiry in after["enquiries"] for fact in enquiry["asks"]}
    assert "D25.school" in duties


def test_sender_is_told_in_one_sentence_that_the_victim_died(
    routed: Body, callers: Callers, clock: SettableClock
) -> None:
    assert routed["deceased"] is None
    died(callers, routed, "VICTIM_SAFETY")

    after = late(callers, routed, clock)

    assert after["deceased"].startswith("Our records say that the victim died on 2026-03-09:")
    assert after["decision"]["because"] == "new incident"
    kept = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert len(kept) == 2


def test_new_referral_about_a_victim_who_died_opens_no_safety_need_under_any_pseudonym(
    callers: Callers,
) -> None:
    known = [{"kind": "NHS", "value": "9434765919"}]
    first = callers.hub.post(
        "/v1/referrals", a_referral("DV-1", victim={"ref": "V-1", "age": 34, "identifiers": known})
    ).json()
    died(callers, first, "VICTIM_SAFETY")

    sent = a_referral(
        "DV-2",
        victim={"ref": "V-9", "age": 34, "identifiers": known},
        perpetrator={"ref": "P-2", "age": 30, "in_custody": False},
    )
    second = callers.hub.post("/v1/referrals", sent).json()

    assert need_of(second, "VICTIM_SAFETY")["id"] == need_of(first, "VICTIM_SAFETY")["id"]
    assert need_of(second, "VICTIM_SAFETY")["owner"] is None
    assert need_of(second, "PERPETRATOR")["owner"]["forum"] == "HUB"
    preview = callers.hub.post("/v1/routing-previews", sent | {"source_reference": "DV-3"})
    assert preview.status_code == 200, preview.text


def test_request_for_help_for_a_victim_who_died_sends_nobody(callers: Callers, routed: Body) -> None:
    died(callers, routed, "VICTIM_SAFETY")
    sent = {
        "source_system": "IDVA-CMS",
        "source_reference": "H-1",
        "area": "ANYTOWN",
        "help_sought_by": "FAMILY_OR_FRIEND",
        "victim": {"ref": "V-1"},
    }

    answer = callers.coordinator.post("/v1/help-requests", sent)

    assert answer.status_code == 201, answer.text
    assert answer.json()["contact"]["action_id"] is None
    assert answer.json()["contact"]["deceased"]


def test_need_of_a_perpetrator_who_died_stays_ended_and_the_victims_safety_goes_on(
    routed: Body, callers: Callers, clock: SettableClock
) -> None:
    died(callers, routed, "PERPETRATOR")

    after = late(callers, routed, clock)

    management = need_of(after, "PERPETRATOR")
    assert (management["end_reason"], management["owner"]) == ("DECEASED", None)
    assert need_of(after, "VICTIM_SAFETY")["owner"]
    duties = {action["about"] for action in after["actions"] if action["duty"] != "D18c"}
    assert "PERPETRATOR" not in duties
    assert "D33" in {action["duty"] for action in after["actions"]}
    assert "the perpetrator died" in after["deceased"]
    assert callers.coordinator.post(
        f"/v1/cases/{routed['case_id']}/decisions", {"reason": "Looked at again"}
    ).is_success


def test_person_who_died_is_sent_to_in_no_other_role(callers: Callers, routed: Body) -> None:
    died(callers, routed, "PERPETRATOR")
    sent = a_referral("DV-2", victim={"ref": "P-1"}, perpetrator={"ref": "P-7", "in_custody": False})

    crossed = callers.hub.post("/v1/referrals", sent).json()

    assert [need["kind"] for need in crossed["needs"]] == ["PERPETRATOR"]
    assert "the victim died" in crossed["deceased"]


def test_resolved_risk_is_open_again_after_a_new_report(callers: Callers, clock: SettableClock) -> None:
    low = {"tool": "DASH24", "ticks": 4, "unanswered": 0, "completed": True, "officer_grade": "MEDIUM"}
    sent = a_referral(assessment=low | {"judged_high": False, "seen_alone": True})
    body = callers.hub.post("/v1/referrals", sent).json()
    ended = need_of(body, "VICTIM_SAFETY")
    end(callers, body, "VICTIM_SAFETY", "RISK_RESOLVED", occurred_on="2026-03-10")

    after = late(callers, body, clock)

    opened = need_of(after, "VICTIM_SAFETY")
    assert opened["id"] != ended["id"]
    assert opened["owner"]["agency"] == "ANYTOWN-POLICE"
    assert after["deceased"] is None


def test_perpetrator_held_without_release_is_owned_again_after_a_new_report(
    callers: Callers, clock: SettableClock
) -> None:
    perpetrator = {"ref": "P-1", "age": 41, "in_custody": True, "mappa": {"not_managed": True}}
    body = callers.hub.post("/v1/referrals", a_referral(perpetrator=perpetrator)).json()
    end(
        callers,
        body,
        "PERPETRATOR",
        "CUSTODY_NO_RELEASE",
        occurred_on="2026-03-09",
    )

    after = late(callers, body, clock)

    assert need_of(after, "PERPETRATOR")["owner"]["forum"] == "HUB"


def test_report_about_a_duplicate_goes_to_the_need_that_it_repeats(callers: Callers, clock: SettableClock) -> None:
    bodies = [
        callers.hub.post(
            "/v1/referrals",
            a_referral(
                f"DV-{name}",
                victim={"ref": f"V-{name}", "age": 30},
                perpetrator={"ref": f"P-{name}", "age": 40, "in_custody": False, "mappa": {"not_managed": True}},
            ),
        ).json()
        for name in ("A", "B")
    ]
    first, second = (need_of(body, "PERPETRATOR") for body in bodies)
    end(callers, bodies[1], "PERPETRATOR", "DUPLICATE_OF", duplicate_of=first["id"])

    after = late(callers, bodies[1], clock)

    assert second["id"] != first["id"]
    assert need_of(after, "PERPETRATOR")["id"] == first["id"]


def test_nobody_is_sent_to_a_perpetrator_who_is_identified_after_their_death(
    routed: Body, callers: Callers, clock: SettableClock
) -> None:
    died(callers, routed, "PERPETRATOR")
    clock.set(clock.now() + timedelta(days=1))
    somebody = a_referral("DV-2", victim={"ref": "V-2", "age": 30}, perpetrator={"known": False})
    body = in_full(callers.coordinator, callers.hub.post("/v1/referrals", somebody).json())
    clock.set(clock.now() + timedelta(hours=1))
    facts = {"perpetrator": {"ref": "P-1"}}
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", facts).raise_for_status()

    after = callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    states = {one["duty"]: one["state"] for one in after}
    assert "D36" in {action["duty"] for action in body["actions"]}
    assert {"D31", "D36"}.isdisjoint(states)
    assert states["D06"] == "OPEN"


def test_plan_owes_no_action_aimed_at_a_perpetrator_who_died(routed: Body, callers: Callers) -> None:
    died(callers, routed, "PERPETRATOR")
    other = a_referral("DV-2", victim={"ref": "V-2", "age": 30})
    body = in_full(callers.coordinator, callers.hub.post("/v1/referrals", other).json())

    assert "D13" not in {action["duty"] for action in body["actions"]}
