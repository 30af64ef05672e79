"""Null takes back what the same agency stated; what others stated stays, and the record keeps every statement."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from app.referrals.statements.standing import overlaid
from app.referrals.statements.statement import AgencyStatement
from tests.given import Caller, Callers, a_referral, a_serial_perpetrator, an_incident

Body = dict[str, Any]
SAFE = {"message_safe": True}


def facts_after(caller: Caller, routed: Body, facts: Body) -> Body:
    answer = caller.post(f"/v1/referrals/{routed['referral_id']}/facts", facts)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def known(routed: Body) -> Body:
    found: Body = routed["decision"]["decision"]["facts"]
    return found


@pytest.fixture
def routed(callers: Callers, clock: SettableClock) -> Body:
    perpetrator = {
        "ref": "P-1",
        "age": 41,
        "in_custody": False,
        "mappa": {"level": 1, "category": 2},
        "convictions": [{"offence": "common_assault", "convicted_on": "2025-01-01"}],
    }
    sent = a_referral(perpetrator=perpetrator, children=[], safe_contact=SAFE)
    body: Body = callers.hub.post("/v1/referrals", sent).json()
    clock.set(clock.now() + timedelta(hours=1))
    return body


def test_null_takes_back_what_the_same_agency_stated_and_the_case_is_decided_without_it(
    routed: Body, callers: Callers
) -> None:
    after = facts_after(callers.hub, routed, {"safe_contact": None})

    assert known(routed)["safe_contact_recorded"] is True
    assert known(after)["safe_contact_recorded"] is False  # a record of our own: not recorded any more
    assert after["decision"]["because"] == "facts learned"
    assert after["retracted"] == ["/safe_contact/message_safe"]


def test_null_within_a_section_takes_back_that_part_only(routed: Body, callers: Callers) -> None:
    after = facts_after(callers.hub, routed, {"perpetrator": {"mappa": {"level": None}}})

    assert known(after)["mappa_level"] is None
    assert known(after)["in_custody"] is False
    assert after["retracted"] == ["/perpetrator/mappa/level"]


def test_empty_list_says_none_and_null_takes_the_list_back(routed: Body, callers: Callers) -> None:
    none = facts_after(callers.hub, routed, {"perpetrator": {"convictions": []}})
    taken_back = facts_after(callers.hub, routed, {"perpetrator": {"convictions": None}, "children": None})

    assert known(none)["conviction_or_caution"] is False
    assert known(taken_back)["conviction_or_caution"] is None
    assert known(none)["child_affected"] is False
    assert known(taken_back)["child_affected"] is None
    assert taken_back["retracted"] == ["/children", "/perpetrator/convictions"]


def test_null_takes_back_nothing_that_another_agency_stated(callers: Callers) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator(safe_contact={"message_safe": False})).json()
    incident = {"incident": an_incident("2026-03-10T08:00:00Z")}
    path = f"/v1/cases/{routed['case_id']}/incidents"
    stated = callers.idva.post(path, incident | {"safe_contact": SAFE})
    stated.raise_for_status()

    named = callers.hub.on_behalf_of("jo.smith")  # "leave no message" is a limit, which no program takes back
    hub = callers.hub.post(f"/v1/referrals/{routed['referral_id']}/facts", {"safe_contact": None}, **named).json()
    idva = callers.idva.post(path, incident | {"safe_contact": None}).json()

    assert known(hub)["safe_contact_recorded"] is True
    assert hub["retracted"] == ["/safe_contact/message_safe"]
    assert idva["retracted"] == ["/safe_contact/message_safe"]
    decided = callers.hub.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert decided[-1]["decision"]["facts"]["safe_contact_recorded"] is False


def test_null_for_what_the_agency_never_stated_takes_nothing_back_and_says_so(routed: Body, callers: Callers) -> None:
    before = facts_after(callers.hub, routed, {})

    after = facts_after(callers.hub, routed, {"joint_visit_agreed": None})

    assert after["retracted"] == []
    assert known(after) == known(before)


def test_fact_stated_again_after_it_was_taken_back_stands(routed: Body, callers: Callers) -> None:
    facts_after(callers.hub, routed, {"safe_contact": None})

    again = facts_after(callers.hub, routed, {"safe_contact": SAFE})

    assert known(again)["safe_contact_recorded"] is True


def test_record_keeps_the_statement_and_its_retraction(routed: Body, callers: Callers) -> None:
    facts_after(callers.hub, routed, {"safe_contact": None})

    kept = callers.hub.get(f"/v1/referrals/{routed['referral_id']}").json()
    entries = callers.coordinator.get(f"/v1/cases/{routed['case_id']}/timeline").json()["items"]

    assert kept["document"]["safe_contact"] == SAFE
    assert kept["learned"] == [{"safe_contact": None}]
    assert "Facts retracted: contact and consent" in {entry["what"] for entry in entries}


def test_null_in_a_first_referral_is_the_same_as_left_out(callers: Callers) -> None:
    left_out = a_referral("DV-1", victim={"ref": "V-1"})
    null = a_referral("DV-2", victim={"ref": "V-2", "age": None}, children=None, orders=None, claims=None)
    null["perpetrator"] = null["perpetrator"] | {"ref": "P-2", "convictions": None}

    answers = [callers.hub.post("/v1/referrals", sent).json() for sent in (left_out, null)]

    assert known(answers[0]) == known(answers[1])


def test_who_the_perpetrator_is_is_not_taken_back_by_null(routed: Body, callers: Callers) -> None:
    path = f"/v1/referrals/{routed['referral_id']}/facts"

    answer = callers.hub.post(path, {"perpetrator": {"ref": None}})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/perpetrator"


def test_overlay_leaves_the_stored_documents_as_they_are() -> None:
    empty: Body = {"marac_history": {}}
    first, later = (
        AgencyStatement("A", empty),
        AgencyStatement("B", {"marac_history": {"last_heard_on": "2026-01-01"}}),
    )

    assert overlaid([first, later]) == {"marac_history": {"last_heard_on": "2026-01-01"}}
    assert empty == {"marac_history": {}}
    assert overlaid([first, later, AgencyStatement("B", {"marac_history": None})]) == {"marac_history": {}}
