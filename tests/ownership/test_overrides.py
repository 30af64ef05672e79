"""A chair may decide against the order; the need still moves only by acceptance."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.given import Callers
from tests.ownership.test_handshake import need_of, proposal_to

REASON = "Police hold the intelligence and the tactics; the chair decides so"


def accepted_by_probation(callers: Callers, body: dict[str, Any]) -> dict[str, Any]:
    proposal = proposal_to(need_of(body), "MAPPA_L1_LEAD_AGENCY")
    need: dict[str, Any] = callers.probation.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).json()
    return need


def test_override_leaves_the_present_owner_until_the_named_one_accepts(
    routed: dict[str, Any], callers: Callers
) -> None:
    need = accepted_by_probation(callers, routed)

    need = callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MATAC", "reason": REASON}).json()
    lead = next(p for p in need["proposals"] if p["id"] == need["overrides"][0]["proposal_id"])
    moved = callers.matac.post(f"/v1/proposals/{lead['id']}/acceptances", {}).json()

    assert need["owner"]["forum"] == "MAPPA_L1_LEAD_AGENCY"
    assert moved["owner"]["forum"] == "MATAC"
    assert moved["overrides"][0]["reason"] == REASON


def test_override_asks_even_a_forum_that_declined_on_the_same_facts(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    said = {"code": "CAPACITY", "reason": "No capacity before the next cycle of the panel"}
    callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/declines", said)

    answer = callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MAPPA_L2", "reason": REASON})

    assert answer.status_code == 201, answer.text
    assert proposal_to(answer.json(), "MAPPA_L2")["answer"] is None


def test_override_never_leaves_an_empty_role(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)

    nobody = callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "IOM", "reason": REASON})
    named = callers.chair.post(
        f"/v1/needs/{need['id']}/overrides",
        {"forum": "IOM", "agency": "ANYTOWN-PROBATION", "reason": REASON},
    )

    assert [fault["pointer"] for fault in nobody.json()["errors"]] == ["/agency"]
    assert proposal_to(named.json(), "IOM")["agency"] == "ANYTOWN-PROBATION"


def test_chair_of_marac_does_not_decide_over_mappa_level_two(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/acceptances", {})

    chair = callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MATAC", "reason": REASON})
    mappa = callers.mappa.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MATAC", "reason": REASON})

    assert (chair.status_code, mappa.status_code) == (403, 201)


def test_override_is_spent_once_another_forum_has_taken_the_need(routed: dict[str, Any], callers: Callers) -> None:
    need = accepted_by_probation(callers, routed)
    need = callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MATAC", "reason": REASON}).json()
    lead = need["overrides"][0]["proposal_id"]
    callers.mappa.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/acceptances", {})

    late = callers.matac.post(f"/v1/proposals/{lead}/acceptances", {})

    assert late.status_code == 409
    assert callers.chair.get(f"/v1/needs/{need['id']}").json()["owner"]["forum"] == "MAPPA_L2"


@pytest.mark.parametrize("who", ["coordinator", "hub", "matac"])
def test_only_a_chair_decides_against_the_order(who: str, routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)

    answer = getattr(callers, who).post(f"/v1/needs/{need['id']}/overrides", {"forum": "MAPPA_L2", "reason": REASON})

    assert answer.status_code in {403, 404}


def test_not_even_a_chair_makes_marac_the_perpetrators_owner(routed: dict[str, Any], callers: Callers) -> None:
    answer = callers.chair.post(f"/v1/needs/{need_of(routed)['id']}/overrides", {"forum": "MARAC", "reason": REASON})

    assert answer.status_code == 422


def test_chairs_decision_can_be_read_and_never_rewritten(
    routed: dict[str, Any], callers: Callers, owner_engine: Engine
) -> None:
    need = need_of(routed)
    callers.chair.post(f"/v1/needs/{need['id']}/overrides", {"forum": "MAPPA_L2", "reason": REASON})

    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text("UPDATE ownership_override SET reason = 'something else'"))
