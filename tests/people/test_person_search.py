"""A search for a person says why, shows at most ten, and is on record; the identifier never leaves the body."""

import pytest
from sqlalchemy import Engine, text

from tests.people.conftest import TwoForces
from tests.people.synthetic import NHS, PNC, a_perpetrator
from tests.people.telling import Telling, told_by

PNC_ID, NHS_ID = {"kind": "PNC", "value": PNC}, {"kind": "NHS", "value": NHS}
VICTIM, OTHER_VICTIM = {"ref": "V-1", "age": 34}, {"ref": "V-2", "age": 29}
SEARCH = {"purpose": "REFERRAL", "identifiers": [PNC_ID]}


def test_person_is_found_by_an_identifier_under_the_searchers_own_pseudonyms(forces: TwoForces) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))

    found = forces.here.hub.post("/v1/person-searches", SEARCH).json()

    assert [one["refs"] for one in found["persons"]] == [["P-1"]]


def test_pseudonym_of_another_force_is_not_shown_nor_that_there_is_one(forces: TwoForces) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))
    forces.refer_there("DV-2", OTHER_VICTIM, a_perpetrator("P-2", PNC_ID))

    found = forces.there.hub.post("/v1/person-searches", SEARCH)

    assert [one["refs"] for one in found.json()["persons"]] == [["P-2"]]
    assert "P-1" not in found.text


def test_where_a_victim_is_known_is_not_said_to_another_area(forces: TwoForces) -> None:
    forces.refer_here("DV-1", VICTIM | {"identifiers": [NHS_ID]}, a_perpetrator("P-1"))

    found = forces.there.hub.post("/v1/person-searches", {"purpose": "REFERRAL", "identifiers": [NHS_ID]})

    assert found.json()["persons"] == []
    assert "ANYTOWN" not in found.text


def test_search_by_a_pseudonym_one_may_not_see_finds_nobody(forces: TwoForces) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1"))
    search = {"purpose": "LINK_REVIEW", "ref": "P-1"}

    seen = forces.here.hub.post("/v1/person-searches", search).json()["persons"]
    unseen = forces.there.hub.post("/v1/person-searches", search).json()["persons"]

    assert (len(seen), len(unseen)) == (1, 0)


IDENTIFIERS = {"PNC": (PNC, "2011/0000202L"), "NHS": (NHS, "9990000026")}


@pytest.mark.parametrize("caller", ["hub", "coordinator", "chair"])
@pytest.mark.parametrize("kind", IDENTIFIERS)
def test_answer_is_the_same_bytes_and_cost_for_known_elsewhere_and_unknown(
    caller: str, kind: str, forces: TwoForces, app_engine: Engine
) -> None:
    forces.refer_here("DV-1", VICTIM | {"identifiers": [NHS_ID]}, a_perpetrator("P-1", PNC_ID))
    forces.refer_here("DV-2", OTHER_VICTIM, a_perpetrator("P-3", PNC_ID))
    asking = getattr(forces.there, caller)

    def searching(value: str) -> Telling:
        search = {"purpose": "REFERRAL", "identifiers": [{"kind": kind, "value": value}]}
        return told_by(app_engine, lambda: asking.post("/v1/person-searches", search), renamed=[value])

    known, unknown = IDENTIFIERS[kind]
    searching(unknown)

    assert searching(known) == searching(unknown)


def test_pseudonym_that_another_area_knows_is_answered_as_one_that_nobody_knows(
    forces: TwoForces, app_engine: Engine
) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))

    def searching(ref: str) -> Telling:
        search = {"purpose": "REFERRAL", "ref": ref}
        return told_by(app_engine, lambda: forces.there.hub.post("/v1/person-searches", search), renamed=[ref])

    searching("Q-0")

    assert searching("P-1") == searching("Q-1")


@pytest.mark.parametrize("caller", ["hub", "coordinator"])
def test_person_whom_two_areas_named_is_found_alike_whoever_was_first(
    caller: str, forces: TwoForces, app_engine: Engine
) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))
    forces.refer_there("DV-2", OTHER_VICTIM, a_perpetrator("P-1", PNC_ID))
    own_pnc = {"kind": "PNC", "value": "2011/0000202L"}
    forces.refer_there("DV-3", {"ref": "V-3", "age": 29}, a_perpetrator("P-3", own_pnc))
    asking = getattr(forces.there, caller)

    def searching(identifier: dict[str, str], ref: str) -> Telling:
        search = {"purpose": "REFERRAL", "identifiers": [identifier]}
        return told_by(app_engine, lambda: asking.post("/v1/person-searches", search), renamed=[ref])

    searching(own_pnc, "P-3")

    assert searching(PNC_ID, "P-1") == searching(own_pnc, "P-3")


def test_search_without_a_purpose_is_refused_by_name(forces: TwoForces) -> None:
    answer = forces.here.hub.post("/v1/person-searches", {"identifiers": [PNC_ID]})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/purpose")


def test_search_cannot_be_a_get_with_an_identifier_in_its_address(forces: TwoForces) -> None:
    assert forces.here.hub.get("/v1/person-searches").status_code == 405


def test_search_shows_at_most_ten_persons_and_says_that_there_are_more(forces: TwoForces) -> None:
    identifiers = []
    for number in range(11):
        crn = {"kind": "CRN", "value": f"X99900{number % 10}" if number < 10 else "X999010"}
        identifiers.append(crn)
        forces.refer_here(f"DV-{number}", {"ref": f"V-{number}", "age": 30}, a_perpetrator(f"P-{number}", crn))

    two = [
        forces.here.hub.post("/v1/person-searches", {"purpose": "REFERRAL", "identifiers": some}).json()
        for some in (identifiers[:10], identifiers[10:])
    ]
    too_many = forces.here.hub.post("/v1/person-searches", {"purpose": "REFERRAL", "identifiers": identifiers})

    assert [len(one["persons"]) for one in two] == [10, 1]
    assert too_many.status_code == 422


def test_every_search_is_on_record_with_its_purpose_and_never_with_its_identifier(
    forces: TwoForces, owner_engine: Engine
) -> None:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))
    for _ in range(2):
        forces.here.hub.post("/v1/person-searches", SEARCH, key="same-search")

    with owner_engine.connect() as connection:
        searches = connection.execute(text("SELECT purpose, kinds, found FROM person_search")).all()
        acts = connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE route = 'searchPersons' AND subject_type = 'person-search'")
        )
        kept = connection.scalar(text("SELECT string_agg(t::text, ' ') FROM idempotent_result t"))

    assert [tuple(row) for row in searches] == [("REFERRAL", ["PNC"], 1)]
    assert acts == 2
    assert PNC not in str(kept)


def test_partner_without_a_part_in_referring_cannot_search_for_people(forces: TwoForces) -> None:
    for caller in (forces.here.idva, forces.here.matac, forces.here.probation):
        assert caller.post("/v1/person-searches", SEARCH).status_code == 403
