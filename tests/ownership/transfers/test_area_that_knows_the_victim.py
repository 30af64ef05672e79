"""The victim moves to an area that has a case of theirs already: whoever accepts the transfer owns the safety there."""

from typing import Any

import pytest

from tests.given import Callers, a_referral
from tests.ownership.test_transfers import ask, safety_of

Body = dict[str, Any]


@pytest.fixture
def known_there(elsewhere: Callers) -> Body:
    """The council of BORDER has passed on a request for help, and so owns the victim's safety there."""
    sent = {
        "source_system": "HOUSING",
        "source_reference": "H-1",
        "area": "BORDER",
        "help_sought_by": "OTHER_AGENCY",
        "victim": {"ref": "V-1"},
        "perpetrator": {"ref": "P-1"},
    }
    answer = elsewhere.council.post("/v1/help-requests", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def take_over(callers: Callers, elsewhere: Callers, routed: Body) -> None:
    transfer = ask(callers, routed).json()
    accepted = elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {})
    assert accepted.status_code == 201, accepted.text


def owner_there(elsewhere: Callers, case_id: str) -> str:
    (open_need,) = (need for need in safety_of(elsewhere, case_id) if need["area"] == "BORDER")
    return f"{open_need['owner']['forum']} {open_need['owner']['agency']}"


def test_coordinator_who_accepts_owns_it_and_not_the_agency_that_owned_it_before(
    callers: Callers, elsewhere: Callers, known_there: Body
) -> None:
    """I2: the council has accepted nothing, and does not see the case that came."""
    routed = callers.hub.post("/v1/referrals", a_referral()).json()

    take_over(callers, elsewhere, routed)

    assert owner_there(elsewhere, routed["case_id"]) == "MARAC BORDER-MARAC"


def test_agency_that_owned_it_before_is_told(callers: Callers, elsewhere: Callers, known_there: Body) -> None:
    routed = callers.hub.post("/v1/referrals", a_referral()).json()

    take_over(callers, elsewhere, routed)

    kinds = [event["type"] for event in elsewhere.council.get("/v1/events", limit=200).json()["items"]]
    assert "lead.accepted" in kinds


def test_request_to_marac_that_waits_there_is_answered_by_it(callers: Callers, elsewhere: Callers) -> None:
    elsewhere.hub.post("/v1/referrals", a_referral("DV-9", area="BORDER")).raise_for_status()
    routed = callers.hub.post("/v1/referrals", a_referral()).json()

    take_over(callers, elsewhere, routed)

    assert owner_there(elsewhere, routed["case_id"]) == "MARAC BORDER-MARAC"
    inbox = elsewhere.coordinator.get("/v1/inbox").json()["items"]
    assert [item for item in inbox if item["kind"] == "PROPOSAL" and "victim" in item["what"]] == []
