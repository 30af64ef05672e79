"""A referral that is only tried knows people by their identifiers as the real one does, and links nobody."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.given import a_referral, an_incident
from tests.people.conftest import TwoForces
from tests.people.synthetic import CRN, NHS, OTHER_NHS, OTHER_PNC, PNC, a_perpetrator

VICTIM, OTHER_VICTIM, THIRD_VICTIM = (
    {"ref": "V-1", "age": 34},
    {"ref": "V-2", "age": 29},
    {"ref": "V-3", "age": 40},
)
PNC_ID, OTHER_PNC_ID = {"kind": "PNC", "value": PNC}, {"kind": "PNC", "value": OTHER_PNC}
NHS_ID, OTHER_NHS_ID = {"kind": "NHS", "value": NHS}, {"kind": "NHS", "value": OTHER_NHS}
CRN_ID = {"kind": "CRN", "value": CRN}


def known(person: dict[str, Any], *identifiers: dict[str, str]) -> dict[str, Any]:
    return person | {"identifiers": list(identifiers)}


def tried(victim: dict[str, Any], perpetrator: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A referral of OTHERTOWN about an event that its own force recorded."""
    theirs = {"incidents": [an_incident(force="OTHERTOWN-POLICE")]} | changed
    return a_referral("DV-TRIED", area="OTHERTOWN", victim=victim, perpetrator=perpetrator, **theirs)


ON_RECORD: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "nobody": [],
    "the same perpetrator": [(VICTIM, a_perpetrator("P-1", PNC_ID))],
    "the same two people": [(known(VICTIM, NHS_ID), a_perpetrator("P-1", PNC_ID))],
    "two perpetrators who have it": [
        (VICTIM, a_perpetrator("P-1", PNC_ID, CRN_ID)),
        (THIRD_VICTIM, a_perpetrator("P-3", OTHER_PNC_ID, CRN_ID)),
    ],
    "a perpetrator with another PNC id": [(VICTIM, a_perpetrator("P-1", OTHER_PNC_ID, CRN_ID))],
    "a victim under the perpetrator's number": [
        (OTHER_VICTIM, a_perpetrator("P-1")),
        (known(THIRD_VICTIM, PNC_ID), a_perpetrator("P-2")),
    ],
    "each before, without a number": [
        (VICTIM, a_perpetrator("P-1", PNC_ID)),
        (OTHER_VICTIM, a_perpetrator("P-2")),
    ],
}
TRIED = {
    "the perpetrator's PNC id": tried(OTHER_VICTIM, a_perpetrator("P-2", PNC_ID)),
    "the perpetrator's CRN": tried(OTHER_VICTIM, a_perpetrator("P-2", PNC_ID, CRN_ID)),
    "both of theirs": tried(known(OTHER_VICTIM, NHS_ID), a_perpetrator("P-2", PNC_ID)),
    "a number of the victim that is not the one on record": tried(
        known(OTHER_VICTIM, OTHER_NHS_ID), a_perpetrator("P-2", PNC_ID)
    ),
    "an incident of another victim": tried(
        OTHER_VICTIM, a_perpetrator("P-2", PNC_ID), incidents=[an_incident(), an_incident(victim_ref="V-9")]
    ),
}


@pytest.mark.parametrize("on_record", ON_RECORD)
@pytest.mark.parametrize("name", TRIED)
def test_preview_counts_people_known_by_identifier_to_the_byte_as_the_referral_then_does(
    name: str, on_record: str, forces: TwoForces
) -> None:
    for place, (victim, perpetrator) in enumerate(ON_RECORD[on_record]):
        forces.refer_here(f"DV-{place}", victim, perpetrator)

    preview = forces.there.hub.post("/v1/routing-previews", TRIED[name])

    real = forces.there.hub.post("/v1/referrals", TRIED[name])
    assert (preview.status_code, real.status_code) == (200, 201)
    assert preview.json()["decision"] == real.json()["decision"]["decision"]


def test_preview_under_other_pseudonyms_knows_the_same_two_people_and_no_case_of_another_area(
    forces: TwoForces,
) -> None:
    forces.refer_here("DV-1", known(VICTIM, NHS_ID), a_perpetrator("P-1", PNC_ID))

    preview = forces.there.hub.post("/v1/routing-previews", TRIED["both of theirs"]).json()

    assert preview["case_id"] is None
    # One victim, and a sign of more in another force: neither count is settled. Two victims would be serial.
    assert preview["decision"]["facts"]["victims_in_window"] is None
    assert preview["decision"]["facts"]["incidents_in_window"] is None
    assert preview["decision"]["outcomes"]["matac"] == "open"
    # With a third event the number is settled: the one on record under the other pseudonyms counts.
    two = [an_incident(at, force="OTHERTOWN-POLICE") for at in ("2026-03-09T21:00:00Z", "2026-03-09T23:30:00Z")]
    third = forces.there.hub.post("/v1/routing-previews", TRIED["both of theirs"] | {"incidents": two}).json()
    assert third["decision"]["facts"]["incidents_in_window"] == 3


def test_preview_by_identifier_names_nobody_and_links_nobody(forces: TwoForces, owner_engine: Engine) -> None:
    forces.refer_here("DV-1", known(VICTIM, NHS_ID), a_perpetrator("P-1", PNC_ID))

    forces.there.hub.post("/v1/routing-previews", TRIED["both of theirs"]).raise_for_status()

    with owner_engine.connect() as connection:
        named = connection.scalars(text("SELECT ref FROM person ORDER BY ref")).all()
        links = connection.scalar(text("SELECT count(*) FROM person_link"))
    assert (named, links) == (["P-1", "V-1"], 0)


@pytest.mark.parametrize(
    "sent",
    [
        tried(known(VICTIM, PNC_ID), a_perpetrator("P-1", PNC_ID)),
        tried(VICTIM, {"known": False, "identifiers": [PNC_ID]}),
    ],
    ids=["one identifier for both", "identifiers of nobody"],
)
def test_preview_refuses_identifiers_in_the_words_in_which_the_referral_would_be_refused(
    sent: dict[str, Any], forces: TwoForces
) -> None:
    preview = forces.there.hub.post("/v1/routing-previews", sent)

    real = forces.there.hub.post("/v1/referrals", sent)
    assert (preview.status_code, real.status_code) == (422, 422)
    assert preview.json()["detail"] == real.json()["detail"]
