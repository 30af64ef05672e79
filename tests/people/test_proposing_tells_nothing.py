"""Who proposes that two pseudonyms are one person learns nothing of what others know; whoever holds them is asked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.foundation.clock import SettableClock
from tests.given import Caller
from tests.inbox.reading import asked
from tests.people.conftest import TwoForces
from tests.people.synthetic import COORDINATOR, PNC, REASON, SECOND, a_perpetrator
from tests.people.telling import Telling, told_by

PNC_ID = {"kind": "PNC", "value": PNC}


@pytest.fixture
def elsewhere(two_refs: TwoForces) -> TwoForces:
    """The other area knows P-2 and V-2, has linked P-3 with P-4, and is asked already whether V-2 is V-3."""
    two_refs.refer_there("DV-3", {"ref": "V-3", "age": 31}, a_perpetrator("P-3", PNC_ID))
    two_refs.refer_there("DV-4", {"ref": "V-4", "age": 32}, a_perpetrator("P-4", PNC_ID))
    sent = {"one_ref": "V-2", "other_ref": "V-3"} | REASON
    two_refs.there.coordinator.post("/v1/link-proposals", sent, **COORDINATOR).raise_for_status()
    return two_refs


def proposing(caller: Caller, engine: Engine, other: str) -> Telling:
    sent = {"one_ref": "P-1", "other_ref": other} | REASON
    return told_by(engine, lambda: caller.post("/v1/link-proposals", sent, **COORDINATOR), renamed=[other])


KNOWN = {
    "a perpetrator elsewhere": "P-2",
    "a victim elsewhere": "V-2",
    "linked by others": "P-4",
    "linked by others, the first": "P-3",
}


@pytest.mark.parametrize("caller", ["hub", "coordinator", "chair"])
@pytest.mark.parametrize("other", KNOWN.values(), ids=KNOWN.keys())
def test_answer_is_the_same_for_somebody_whom_nobody_knows(
    caller: str, other: str, elsewhere: TwoForces, app_engine: Engine
) -> None:
    asking = getattr(elsewhere.here, caller)
    proposing(asking, app_engine, "Q-9")  # what is read once for a connection is read

    known, unknown = (proposing(asking, app_engine, one) for one in (other, "Q-8"))

    assert (known.status, known) == (201, unknown)


def test_victim_of_a_perpetrator_elsewhere_is_answered_as_a_stranger_to_them(
    elsewhere: TwoForces, app_engine: Engine
) -> None:
    elsewhere.refer_there("DV-5", {"ref": "V-5", "age": 31}, a_perpetrator("P-1"))
    proposing(elsewhere.here.hub, app_engine, "Q-9")

    met, unknown = (proposing(elsewhere.here.hub, app_engine, one) for one in ("V-5", "Q-8"))

    assert met == unknown


def test_order_in_which_the_two_were_first_named_is_not_told(elsewhere: TwoForces) -> None:
    elsewhere.refer_here("DV-6", {"ref": "V-6", "age": 33}, a_perpetrator("P-6"))
    sent = {"one_ref": "P-2", "other_ref": "P-6"} | REASON

    proposal = elsewhere.here.hub.post("/v1/link-proposals", sent, **COORDINATOR).json()

    assert proposal["area"] == "ANYTOWN"


def test_pseudonym_that_another_area_named_first_keeps_the_proposal_in_the_callers_area(elsewhere: TwoForces) -> None:
    elsewhere.refer_here("DV-6", {"ref": "V-6", "age": 33}, a_perpetrator("P-2"))
    sent = {"one_ref": "P-2", "other_ref": "Q-8"} | REASON

    proposal = elsewhere.here.hub.post("/v1/link-proposals", sent, **COORDINATOR).json()

    assert proposal["area"] == "ANYTOWN"


def test_caller_who_sees_neither_is_refused_alike_for_known_and_unknown(
    elsewhere: TwoForces, app_engine: Engine
) -> None:
    def refused(one: str, other: str) -> Telling:
        sent = {"one_ref": one, "other_ref": other} | REASON
        post = elsewhere.here.hub.post
        return told_by(app_engine, lambda: post("/v1/link-proposals", sent, **COORDINATOR), [one, other])

    refused("N-1", "N-2")
    assert refused("P-2", "P-3") == refused("N-3", "N-4")
    assert refused("P-2", "P-3").status == 422


def asked_links(caller: Caller) -> list[dict[str, Any]]:
    return asked(caller, "LINK")


def test_whoever_holds_the_other_is_asked_in_the_inbox_and_by_an_event(two_refs: TwoForces) -> None:
    sent = {"one_ref": "P-1", "other_ref": "P-2"} | REASON
    proposal = two_refs.here.hub.post("/v1/link-proposals", sent, **COORDINATOR).json()

    (item,) = asked_links(two_refs.there.coordinator)
    events = two_refs.there.coordinator.get("/v1/events", limit=200).json()["items"]

    assert (item["subject_id"], item["area"], item["due_at"]) == (proposal["id"], "OTHERTOWN", proposal["answer_by"])
    assert [one["data"]["area"] for one in events if one["type"] == "link.proposed"] == ["OTHERTOWN"]
    listed = two_refs.there.coordinator.get("/v1/link-proposals").json()["items"]
    assert [one["proposed_by"] for one in listed] == ["ANYTOWN-POLICE/ana.lima"]


def test_proposal_about_somebody_whom_nobody_knows_waits_and_lapses_by_its_clock(
    two_refs: TwoForces, clock: SettableClock
) -> None:
    for other in ("P-2", "Q-9"):
        sent = {"one_ref": "P-1", "other_ref": other} | REASON
        two_refs.here.coordinator.post("/v1/link-proposals", sent, **COORDINATOR).raise_for_status()
    listed = two_refs.here.coordinator.get("/v1/link-proposals").json()["items"]
    assert [one["state"] for one in listed] == ["OPEN", "OPEN"]

    clock.set(clock.now() + timedelta(days=14))

    listed = two_refs.here.coordinator.get("/v1/link-proposals", state="LAPSED").json()["items"]
    late = two_refs.here.coordinator.post(f"/v1/link-proposals/{listed[0]['id']}/refusals", REASON, **SECOND)
    assert [one["state"] for one in listed] == ["LAPSED", "LAPSED"]
    assert (late.status_code, asked_links(two_refs.there.coordinator)) == (409, [])


def test_what_the_rule_asks_waits_until_somebody_answers(two_refs: TwoForces, clock: SettableClock) -> None:
    for number, other_pnc in ((3, "1984/0000303G"), (4, "2011/0000202L")):
        ids = [{"kind": "CRN", "value": "X999001"}, {"kind": "PNC", "value": other_pnc}]
        two_refs.refer_here(f"DV-{number}", {"ref": f"V-{number}", "age": 30}, a_perpetrator(f"P-{number}", *ids))
    clock.set(clock.now() + timedelta(days=60))

    (waiting,) = two_refs.here.coordinator.get("/v1/link-proposals", state="OPEN").json()["items"]

    assert (waiting["ground"], len(asked_links(two_refs.here.coordinator))) == ("CONTRADICTED", 1)
