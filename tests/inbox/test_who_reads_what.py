"""An inbox holds what is asked of the reader's own posts, and nothing of anybody else."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.given import Caller, Callers, a_referral, a_serial_perpetrator
from tests.inbox.reading import asked, inbox

EVERYONE = ["hub", "coordinator", "chair", "matac", "probation", "mappa", "idva", "council"]


@pytest.mark.parametrize("who", EVERYONE)
def test_stranger_reads_nothing_of_this_area(
    who: str, callers: Callers, routed: dict[str, Any], elsewhere: Callers
) -> None:
    kinds = {one["kind"] for one in asked(getattr(elsewhere, who))}

    assert kinds <= {"SET_UP"}  # the other area has no calendar either
    assert all(one["area"] == "BORDER" for one in asked(getattr(elsewhere, who)))


@pytest.mark.parametrize("who", [name for name in EVERYONE if name not in {"coordinator", "chair"}])
def test_each_agency_reads_what_its_own_posts_are_asked(who: str, callers: Callers, routed: dict[str, Any]) -> None:
    caller: Caller = getattr(callers, who)

    assert {one["owner_agency"] for one in asked(caller)} <= {f"ANYTOWN-{'POLICE' if who == 'hub' else who.upper()}"}


def test_everything_that_waits_is_in_exactly_one_agencys_inbox(callers: Callers, routed: dict[str, Any]) -> None:
    """Whatever the co-ordinator finds open in the lists is asked of somebody, once.

    Apart from these stands what the co-ordinator has to say to posts without a system.
    """
    everything = [one for who in EVERYONE if who != "chair" for one in asked(getattr(callers, who))]
    found = [one["subject_id"] for one in everything if one["kind"] != "WORK_ITEM"]
    actions = callers.coordinator.get("/v1/actions", limit=200, state="OPEN").json()["items"]
    proposals = callers.coordinator.get("/v1/proposals", state="PROPOSED").json()["items"]
    enquiries = callers.coordinator.get("/v1/enquiries", limit=200).json()["items"]

    asks = [(one["id"], one.get("owner_agency") or one.get("agency")) for one in (*actions, *proposals, *enquiries)]
    waiting = {subject_id for subject_id, agency in asks if agency != "ANYTOWN-BOARD"}  # the board has no key here
    assert waiting == set(found) - {"ANYTOWN:MARAC"}
    assert len(found) == len(set(found))


def test_probation_reads_of_no_application_for_a_disclosure(callers: Callers) -> None:
    applied = {"route": "RIGHT_TO_ASK", "applied_on": "2026-03-09"}
    callers.hub.post("/v1/referrals", a_serial_perpetrator(disclosure=applied)).raise_for_status()
    scheme = [one for one in asked(callers.hub) if "disclosure" in one["what"]]

    theirs = callers.probation.get("/v1/inbox", limit=200)

    assert scheme
    assert "disclosure" not in theirs.text
    assert not {one["subject_id"] for one in scheme} & {one["subject_id"] for one in theirs.json()["items"]}


def test_inbox_holds_no_reference_of_a_person(callers: Callers) -> None:
    canaries = {"victim": {"ref": "V-CANARY", "age": 34}, "perpetrator": {"ref": "P-CANARY", "age": 41}}
    callers.hub.post("/v1/referrals", a_referral(**canaries)).raise_for_status()

    for who in EVERYONE:
        assert "CANARY" not in getattr(callers, who).get("/v1/inbox", limit=200).text


def test_each_look_is_on_the_audit_trail(callers: Callers, routed: dict[str, Any], owner_engine: Engine) -> None:
    inbox(callers.idva)

    with owner_engine.connect() as connection:
        query = text("SELECT category, subject_type, agency FROM audit_entry WHERE route = 'getInbox'")
        looks = connection.execute(query).all()
    assert [tuple(look) for look in looks] == [("consultation", "inbox", "ANYTOWN-IDVA")]


def test_work_items_have_no_list_of_their_own(callers: Callers) -> None:
    assert callers.coordinator.get("/v1/work-items").status_code in {404, 405}
