"""A link between persons of two areas holds once a named person of each area has confirmed it, and not before."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from app.people.service import refs_of_same_person
from app.referrals.repositories.case_repository import cases_of_victim
from tests.given import Caller
from tests.inbox.reading import asked
from tests.people.conftest import TwoForces
from tests.people.synthetic import COORDINATOR, REASON, SECOND, a_perpetrator
from tests.people.telling import Telling, told_by

CARRIED = {
    "plan": "Weekly contact by the IDVA; locks changed",
    "minutes": "Not heard yet; the list for the next meeting is not out",
    "idva_handover": "Call mornings only, and never leave a message",
}
THIRD = {"X-On-Behalf-Of": "sam.reid"}


def proposed(caller: Caller, one: str = "P-1", other: str = "P-2") -> str:
    answer = caller.post("/v1/link-proposals", {"one_ref": one, "other_ref": other} | REASON, **COORDINATOR)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def answered(caller: Caller, proposal: str, how: str = "confirmations", person: dict[str, str] = SECOND) -> Any:
    return caller.post(f"/v1/link-proposals/{proposal}/{how}", REASON, **person)


def test_two_people_of_the_area_that_proposes_do_not_link(two_refs: TwoForces, session: Session) -> None:
    proposal = proposed(two_refs.here.hub)

    own = answered(two_refs.here.coordinator, proposal)

    assert (own.status_code, own.json()["state"], own.json()["link_id"]) == (201, "OPEN", None)
    assert refs_of_same_person(session, "P-1") == {"P-1"}


@pytest.mark.parametrize("confirming", ["hub", "coordinator", "chair"])
def test_named_person_of_the_other_area_completes_the_link(
    confirming: str, two_refs: TwoForces, session: Session
) -> None:
    proposal = proposed(two_refs.here.hub)

    theirs = answered(getattr(two_refs.there, confirming), proposal)

    assert (theirs.status_code, theirs.json()["state"]) == (201, "CONFIRMED"), theirs.text
    assert refs_of_same_person(session, "P-1") == {"P-1", "P-2"}


def test_agency_that_fills_a_post_in_both_areas_does_not_link_alone(
    two_refs: TwoForces, session: Session, owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE post SET agency = 'ANYTOWN-MARAC' WHERE area = 'OTHERTOWN' AND role LIKE 'MARAC_%%'"
        )
        connection.exec_driver_sql(
            "UPDATE account SET areas = ARRAY['ANYTOWN','OTHERTOWN'] WHERE agency = 'ANYTOWN-MARAC'"
        )
        connection.exec_driver_sql(
            "UPDATE client SET areas = ARRAY['ANYTOWN','OTHERTOWN'] WHERE agency = 'ANYTOWN-MARAC'"
        )
    proposal = proposed(two_refs.here.coordinator)

    for person in (SECOND, THIRD):
        assert answered(two_refs.here.coordinator, proposal, person=person).json()["state"] == "OPEN"

    assert refs_of_same_person(session, "P-1") == {"P-1"}


def test_what_is_pending_is_in_the_inbox_of_the_area_that_is_asked_until_it_answers(two_refs: TwoForces) -> None:
    proposal = proposed(two_refs.here.hub)
    assert [one["subject_id"] for one in asked(two_refs.there.coordinator, "LINK")] == [proposal]

    answered(two_refs.there.coordinator, proposal).raise_for_status()

    assert [asked(one.coordinator, "LINK") for one in (two_refs.here, two_refs.there)] == [[], []]


def test_area_answers_once(two_refs: TwoForces) -> None:
    proposal = proposed(two_refs.here.hub)
    answered(two_refs.here.coordinator, proposal).raise_for_status()

    assert answered(two_refs.here.coordinator, proposal, person=THIRD).status_code == 409


def test_what_the_other_area_refuses_looks_to_the_proposer_as_if_nobody_answered(
    two_refs: TwoForces, app_engine: Engine
) -> None:
    refused, unknown = proposed(two_refs.here.hub), proposed(two_refs.here.hub, "P-1", "Q-2")
    answered(two_refs.there.coordinator, refused, "refusals").raise_for_status()

    def confirming(proposal: str, other: str) -> Telling:
        return told_by(app_engine, lambda: answered(two_refs.here.coordinator, proposal), renamed=[other])

    listed = two_refs.here.coordinator.get("/v1/link-proposals", state="OPEN").json()["items"]
    warm = proposed(two_refs.here.hub, "P-1", "Q-3")
    confirming(warm, "Q-3")
    assert {one["id"] for one in listed} == {refused, unknown}
    assert [one["answers"] for one in listed] == [[], []]
    assert confirming(refused, "P-2") == confirming(unknown, "Q-2")


def test_reader_of_a_proposal_sees_its_own_area_and_never_where_the_other_lives(two_refs: TwoForces) -> None:
    proposed(two_refs.here.hub)

    listed = [one.coordinator.get("/v1/link-proposals").json()["items"][0] for one in (two_refs.here, two_refs.there)]

    assert [one["area"] for one in listed] == ["ANYTOWN", "OTHERTOWN"]


def test_hub_does_not_confirm_what_its_own_agency_proposed(two_refs: TwoForces) -> None:
    two_refs.refer_here("DV-7", {"ref": "V-7", "age": 34}, a_perpetrator("P-7"))
    proposal = proposed(two_refs.here.hub, "P-1", "P-7")

    own, other = (answered(one, proposal) for one in (two_refs.here.hub, two_refs.here.coordinator))

    assert (own.status_code, other.json()["state"]) == (403, "CONFIRMED")


def test_link_over_areas_needs_the_area_that_named_one_of_the_two_later(two_refs: TwoForces, session: Session) -> None:
    two_refs.refer_there("DV-8", {"ref": "V-8", "age": 29}, a_perpetrator("P-1"))
    two_refs.refer_here("DV-9", {"ref": "V-9", "age": 29}, a_perpetrator("P-9"))
    proposal = proposed(two_refs.here.hub, "P-1", "P-9")

    answered(two_refs.here.coordinator, proposal).raise_for_status()
    before = refs_of_same_person(session, "P-1")
    session.rollback()

    assert before == {"P-1"}
    assert answered(two_refs.there.coordinator, proposal).json()["state"] == "CONFIRMED"


def test_area_that_took_a_victim_over_is_asked_too(
    two_refs: TwoForces, http: TestClient, sessions: sessionmaker[Session], clock: SettableClock, session: Session
) -> None:
    with sessions.begin() as opened:
        furnished = create_demo_area(opened, "BORDER", "national-baseline", clock.now(), name="Border")
    border = Caller(http, furnished.keys["coordinator"])
    (first,) = (case.id for case in cases_of_victim(session, {"V-1"}))
    transfer = two_refs.here.coordinator.post(f"/v1/cases/{first}/transfers", CARRIED | {"to_area": "BORDER"}).json()
    border.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    proposal = proposed(two_refs.there.hub, "V-1", "V-2")
    first_answer = answered(two_refs.here.coordinator, proposal)

    assert first_answer.json()["state"] == "OPEN"
    assert [item["subject_id"] for item in asked(border, "LINK")] == [proposal]
    assert answered(border, proposal).json()["state"] == "CONFIRMED"
