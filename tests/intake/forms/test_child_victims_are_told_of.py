"""Whoever tells of a victim who is a child reaches the family, and first reads who must not be told."""

import pytest

from tests.given import Callers, a_referral, in_full

TOLD_OF = ("D25.victim", "D25.victim_school")
FAMILY = [{"who": "VICTIM_FAMILY", "reason": "honour"}]


@pytest.mark.parametrize("duty", TOLD_OF)
def test_whoever_tells_of_a_child_victim_reads_who_must_not_be_told(duty: str, callers: Callers) -> None:
    sent = a_referral(victim={"ref": "V-1", "age": 15}, must_not_be_told=FAMILY)
    body = callers.hub.post("/v1/referrals", sent).json()
    (action,) = [one for one in in_full(callers.coordinator, body)["actions"] if one["duty"] == duty]

    notes = callers.hub.get(f"/v1/actions/{action['id']}").json()["before_contact"]
    assert "nor the victim's family" in " ".join(note["says"] for note in notes)


def test_school_of_a_victim_who_may_be_eighteen_is_told_so_and_approaches_no_parent(callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral(victim={"ref": "V-1", "birth_year": 2008})).json()
    duties = {one["id"]: one for one in body["decision"]["decision"]["duties"]}

    assert "the victim is of school age or may be" in str(duties["D25.victim_school"])
    (action,) = [one for one in in_full(callers.coordinator, body)["actions"] if one["duty"] == "D25.victim_school"]
    assert "approaches no parent" in callers.hub.get(f"/v1/actions/{action['id']}").json()["done_when"]
