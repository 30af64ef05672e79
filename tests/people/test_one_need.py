"""A perpetrator under two pseudonyms is one person: one need, one owner."""

from tests.given import Callers, a_referral


def test_perpetrator_under_two_pseudonyms_has_one_need_and_one_owner(callers: Callers) -> None:
    identifiers = [{"kind": "NHS", "value": "9434765919"}]
    first = a_referral("DV-1", perpetrator={"ref": "P-HERE", "in_custody": False, "identifiers": identifiers})
    second = a_referral(
        "DV-2",
        victim={"ref": "V-2"},
        perpetrator={"ref": "P-THERE", "in_custody": False, "identifiers": identifiers},
    )

    needs = [
        need["id"]
        for sent in (first, second)
        for need in callers.hub.post("/v1/referrals", sent).json()["needs"]
        if need["kind"] == "PERPETRATOR"
    ]

    assert needs[0] == needs[1]
