"""The sender withdraws a proposal: the owner stays, and somebody is still asked."""

from typing import Any

from tests.given import Callers
from tests.ownership.test_declines import again
from tests.ownership.test_handshake import need_of, proposal_to

REASON = {"reason": "Asked in error: the level was already set"}


def test_withdrawn_proposal_leaves_the_owner_where_it_was(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")

    need = callers.hub.post(f"/v1/proposals/{proposal['id']}/withdrawals", REASON).json()

    states = {p["id"]: p["state"] for p in need["proposals"]}
    assert (need["owner"]["forum"], states[proposal["id"]]) == ("HUB", "WITHDRAWN")


def test_only_the_sender_can_take_a_proposal_back(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")

    answers = [
        who.post(f"/v1/proposals/{proposal['id']}/withdrawals", REASON) for who in (callers.mappa, callers.chair)
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_accepted_proposal_can_no_longer_be_taken_back(routed: dict[str, Any], callers: Callers) -> None:
    proposal = proposal_to(need_of(routed), "MAPPA_L2")
    callers.mappa.post(f"/v1/proposals/{proposal['id']}/acceptances", {}).raise_for_status()

    answer = callers.hub.post(f"/v1/proposals/{proposal['id']}/withdrawals", REASON)

    assert answer.status_code == 409


def test_taking_back_the_last_request_leaves_somebody_who_must_ask(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    leads = [p for p in need["proposals"] if p["kind"] == "LEAD"]

    for proposal in leads:
        need = callers.hub.post(f"/v1/proposals/{proposal['id']}/withdrawals", REASON).json()

    assert again(callers, routed)
    assert need["owner"]["forum"] == "HUB"


def test_withdrawn_forum_may_be_asked_again_because_it_never_said_no(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    callers.hub.post(f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/withdrawals", REASON)

    asked = callers.chair.post(
        f"/v1/needs/{need['id']}/proposals",
        {"forum": "MAPPA_L2", "reason": "It was right to ask level two after all"},
    )

    assert asked.status_code == 201, asked.text
