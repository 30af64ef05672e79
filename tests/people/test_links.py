"""Links are what somebody says, with a name and a reason; a second person confirms, and anything said can be undone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from app.people.service import refs_of_same_person
from tests.given import Caller
from tests.people.conftest import TwoForces
from tests.people.synthetic import COORDINATOR, PNC, REASON, SECOND, a_perpetrator

PNC_ID = {"kind": "PNC", "value": PNC}
VICTIM, OTHER_VICTIM, THIRD_VICTIM = ({"ref": f"V-{n}", "age": 30 + n} for n in (1, 2, 3))


def propose(caller: Caller, one: str = "P-1", other: str = "P-2") -> dict[str, Any]:
    sent = {"one_ref": one, "other_ref": other} | REASON
    answer = caller.post("/v1/link-proposals", sent, **COORDINATOR)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def confirm(caller: Caller, proposal: dict[str, Any], **headers: str) -> Any:
    return caller.post(f"/v1/link-proposals/{proposal['id']}/confirmations", REASON, **(headers or SECOND))


def link_of(caller: Caller, confirmed: Any) -> dict[str, Any]:
    """The link that a confirmation made."""
    link: dict[str, Any] = caller.get(f"/v1/links/{confirmed.json()['link_id']}").json()
    return link


def the_rules_link(forces: TwoForces) -> dict[str, Any]:
    search = {"purpose": "LINK_REVIEW", "identifiers": [PNC_ID]}
    found = forces.here.coordinator.post("/v1/person-searches", search).json()["persons"]
    link: dict[str, Any] = found[0]["links"][0]
    return link


@pytest.fixture
def linked_by_rule(forces: TwoForces) -> TwoForces:
    forces.refer_here("DV-1", VICTIM, a_perpetrator("P-1", PNC_ID))
    forces.refer_there("DV-2", OTHER_VICTIM, a_perpetrator("P-2", PNC_ID))
    forces.refer_here("DV-3", THIRD_VICTIM, a_perpetrator("P-2"))
    return forces


def test_proposed_link_counts_nobody_as_one_until_it_is_confirmed(two_refs: TwoForces, session: Session) -> None:
    propose(two_refs.here.coordinator)

    assert refs_of_same_person(session, "P-1") == {"P-1"}


def test_confirmed_link_has_its_author_and_reason_and_counts_as_one(two_refs: TwoForces, session: Session) -> None:
    proposal = propose(two_refs.here.coordinator)

    answer = confirm(two_refs.there.coordinator, proposal)

    assert answer.status_code == 201, answer.text
    link = link_of(two_refs.here.coordinator, answer)
    assert (link["basis"], link["asserted_by"]) == ("PERSON", "OTHERTOWN-MARAC/jo.smith")
    assert link["reason"] == REASON["reason"]
    assert refs_of_same_person(session, "P-1") == {"P-1", "P-2"}


def test_confirmation_names_the_decisions_of_its_own_area_that_now_count_differently(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)

    confirmed = confirm(two_refs.there.coordinator, proposal)

    here, there = (link_of(one.coordinator, confirmed)["decisions"] for one in (two_refs.here, two_refs.there))
    assert (len(here), len(there), here == there) == (1, 1, False)
    assert confirmed.json()["decisions"] == there


def test_decision_after_a_confirmed_link_counts_the_victims_of_both_pseudonyms(two_refs: TwoForces) -> None:
    confirm(two_refs.there.coordinator, propose(two_refs.here.coordinator)).raise_for_status()

    third = two_refs.refer_here("DV-3", THIRD_VICTIM, a_perpetrator("P-1"))

    assert third["decision"]["decision"]["facts"]["victims_in_window"] == 3


def test_person_who_proposed_a_link_may_not_confirm_it(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)

    assert confirm(two_refs.here.coordinator, proposal, **COORDINATOR).status_code == 403


@pytest.mark.parametrize("spelling", ["ANA.LIMA", " ana.lima "])
def test_other_spelling_of_the_name_is_no_second_person(spelling: str, two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)

    assert confirm(two_refs.here.coordinator, proposal, **{"X-On-Behalf-Of": spelling}).status_code == 403


def test_program_without_a_named_person_cannot_confirm_a_link(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)

    answer = two_refs.here.coordinator.post(f"/v1/link-proposals/{proposal['id']}/confirmations", REASON)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


def test_link_is_seen_by_the_coordinators_of_both_areas(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)

    listed = two_refs.there.coordinator.get("/v1/link-proposals", state="OPEN").json()["items"]

    assert [one["id"] for one in listed] == [proposal["id"]]


def test_link_proposal_of_others_does_not_exist_for_a_stranger(two_refs: TwoForces) -> None:
    two_refs.refer_here("DV-3", THIRD_VICTIM, a_perpetrator("P-3"))
    proposal = propose(two_refs.here.coordinator, "P-1", "P-3")

    answer = confirm(two_refs.there.coordinator, proposal)

    assert answer.status_code == 404
    assert two_refs.there.coordinator.get("/v1/link-proposals").json()["items"] == []


def test_proposal_of_two_pseudonyms_that_are_both_unseen_is_refused(two_refs: TwoForces) -> None:
    two_refs.refer_there("DV-3", THIRD_VICTIM, a_perpetrator("P-3"))
    sent = {"one_ref": "P-2", "other_ref": "P-3"} | REASON

    answer = two_refs.here.coordinator.post("/v1/link-proposals", sent, **COORDINATOR)

    assert answer.status_code == 422


def test_refused_proposal_keeps_two_people_two_even_when_an_identifier_comes_later(
    two_refs: TwoForces, session: Session
) -> None:
    proposal = propose(two_refs.here.coordinator)
    path = f"/v1/link-proposals/{proposal['id']}/refusals"
    two_refs.there.coordinator.post(path, REASON, **SECOND).raise_for_status()

    two_refs.refer_here("DV-3", VICTIM, a_perpetrator("P-1", PNC_ID))
    two_refs.refer_there("DV-4", OTHER_VICTIM, a_perpetrator("P-2", PNC_ID))

    waiting = two_refs.here.coordinator.get("/v1/link-proposals", state="OPEN").json()["items"]
    assert refs_of_same_person(session, "P-1") == {"P-1"}
    assert {one["ground"] for one in waiting} == {"REFUSED_BEFORE", "SEEN_BY_A_PERSON"}


def test_proposal_is_answered_once_and_then_shows_its_answer(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator)
    confirmed = confirm(two_refs.there.coordinator, proposal).json()

    again = two_refs.there.coordinator.post(f"/v1/link-proposals/{proposal['id']}/refusals", REASON, **SECOND)

    shown = two_refs.here.coordinator.get("/v1/link-proposals").json()["items"][0]
    assert again.status_code == 409
    assert (shown["state"], shown["link_id"]) == ("CONFIRMED", confirmed["link_id"])


def test_ten_people_who_confirm_at_once_make_one_link(two_refs: TwoForces, owner_engine: Engine) -> None:
    proposal = propose(two_refs.here.coordinator)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: confirm(two_refs.there.coordinator, proposal).status_code, range(10)))

    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person_link")) == 1
    assert sorted(answers) == [201] + [409] * 9


def test_victim_and_perpetrator_of_one_incident_can_never_be_confirmed_as_one(two_refs: TwoForces) -> None:
    proposal = propose(two_refs.here.coordinator, "V-1", "P-1")

    answer = confirm(two_refs.here.coordinator, proposal)

    assert (answer.status_code, answer.json()["code"]) == (409, "victim-and-perpetrator")


def test_chain_of_links_can_never_join_a_victim_to_their_perpetrator(two_refs: TwoForces) -> None:
    confirm(two_refs.there.coordinator, propose(two_refs.here.coordinator)).raise_for_status()

    proposal = propose(two_refs.here.coordinator, "V-1", "P-2")
    answer = confirm(two_refs.there.coordinator, proposal)

    assert answer.status_code == 409


def test_link_that_the_rule_made_says_so_with_its_kind_of_identifier(linked_by_rule: TwoForces) -> None:
    link = the_rules_link(linked_by_rule)

    assert (link["basis"], link["identifier_kind"], link["asserted_by"]) == ("IDENTIFIER", "PNC", "rule")
    assert PNC not in str(link)


def test_withdrawal_names_the_latest_decision_of_each_case_that_counted_across_the_link(
    linked_by_rule: TwoForces, session: Session
) -> None:
    link = the_rules_link(linked_by_rule)
    preview = linked_by_rule.here.coordinator.get(f"/v1/links/{link['id']}").json()["decisions"]

    answer = linked_by_rule.here.coordinator.post(f"/v1/links/{link['id']}/withdrawals", REASON, **SECOND)

    assert answer.status_code == 201, answer.text
    assert answer.json()["decisions"] == preview
    assert len(preview) == 2  # the third case is the other area's
    assert answer.json()["withdrawal"]["withdrawn_by"] == "ANYTOWN-MARAC/jo.smith"
    assert refs_of_same_person(session, "P-1") == {"P-1"}


def test_decision_after_a_withdrawn_link_counts_the_two_apart_again(linked_by_rule: TwoForces) -> None:
    link = the_rules_link(linked_by_rule)
    linked_by_rule.here.coordinator.post(f"/v1/links/{link['id']}/withdrawals", REASON, **SECOND)

    after = [
        linked_by_rule.refer_here("DV-8", {"ref": "V-8", "age": 30}, a_perpetrator("P-1")),
        linked_by_rule.refer_there("DV-9", {"ref": "V-9", "age": 30}, a_perpetrator("P-2")),
    ]

    assert [body["decision"]["decision"]["facts"]["victims_in_window"] for body in after] == [2, 3]


def test_withdrawn_link_is_not_made_anew_by_the_rule_but_asked_of_a_person(
    linked_by_rule: TwoForces, session: Session
) -> None:
    link = the_rules_link(linked_by_rule)
    linked_by_rule.here.coordinator.post(f"/v1/links/{link['id']}/withdrawals", REASON, **SECOND)
    cro = {"kind": "CRO", "value": "000123/11E"}

    linked_by_rule.refer_here("DV-4", VICTIM, a_perpetrator("P-1", PNC_ID, cro))
    linked_by_rule.refer_there("DV-5", OTHER_VICTIM, a_perpetrator("P-2", PNC_ID, cro))

    waiting = linked_by_rule.here.coordinator.get("/v1/link-proposals", state="OPEN").json()["items"]
    assert refs_of_same_person(session, "P-1") == {"P-1"}
    assert [one["ground"] for one in waiting] == ["WITHDRAWN_BEFORE"]


def test_person_who_proposed_a_link_does_not_undo_alone_what_a_second_person_confirmed(
    two_refs: TwoForces, session: Session, owner_engine: Engine
) -> None:
    coordinator = two_refs.here.coordinator
    link_id = confirm(two_refs.there.coordinator, propose(coordinator)).json()["link_id"]
    path = f"/v1/links/{link_id}/withdrawals"

    alone = coordinator.post(path, REASON, **COORDINATOR)
    still = refs_of_same_person(session, "P-1")
    other = coordinator.post(path, REASON, **SECOND)

    assert (alone.status_code, other.status_code) == (403, 201)
    assert still == {"P-1", "P-2"}
    by_the_proposer = text(
        "INSERT INTO link_withdrawal (id, link_id, proposed_by, reason, withdrawn_by, withdrawn_at, area, agencies) "
        "SELECT 'lwd_x', link_id, proposed_by, reason, proposed_by, withdrawn_at, area, agencies FROM link_withdrawal"
    )
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="second_person"):
        connection.execute(by_the_proposer)


def test_database_refuses_a_link_that_its_proposer_confirms(two_refs: TwoForces, owner_engine: Engine) -> None:
    confirm(two_refs.there.coordinator, propose(two_refs.here.coordinator)).raise_for_status()
    again = text(
        "INSERT INTO person_link (id, one_ref, other_ref, basis, proposal_id, proposed_by, reason, asserted_by, "
        "asserted_at, area, agencies) SELECT 'lnk_x', one_ref, other_ref, basis, proposal_id, proposed_by, reason, "
        "proposed_by, asserted_at, area, agencies FROM person_link"
    )

    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="second_person"):
        connection.execute(again)


def test_withdrawing_one_of_two_ways_between_people_changes_no_decision(two_refs: TwoForces) -> None:
    first = propose(two_refs.here.coordinator)
    two_refs.refer_here("DV-3", VICTIM, a_perpetrator("P-1", PNC_ID))
    two_refs.refer_there("DV-4", OTHER_VICTIM, a_perpetrator("P-2", PNC_ID))
    second = confirm(two_refs.there.coordinator, first).json()

    answer = two_refs.here.coordinator.post(f"/v1/links/{second['link_id']}/withdrawals", REASON, **SECOND)

    assert answer.json()["decisions"] == []


def test_link_between_two_victims_of_one_perpetrator_changes_the_decisions_about_the_perpetrator(
    two_refs: TwoForces,
) -> None:
    first = two_refs.refer_here("DV-3", THIRD_VICTIM, a_perpetrator("P-1"))

    link = confirm(two_refs.here.coordinator, propose(two_refs.here.coordinator, "V-1", "V-3")).json()

    assert first["decision"]["id"] in link["decisions"]
    after = two_refs.refer_here("DV-5", {"ref": "V-5", "age": 50}, a_perpetrator("P-1"))
    assert after["decision"]["decision"]["facts"]["victims_in_window"] == 2


def test_link_is_withdrawn_once(linked_by_rule: TwoForces) -> None:
    path = f"/v1/links/{the_rules_link(linked_by_rule)['id']}/withdrawals"
    linked_by_rule.here.coordinator.post(path, REASON, **SECOND).raise_for_status()

    assert linked_by_rule.here.coordinator.post(path, REASON, **SECOND).status_code == 409


@pytest.mark.parametrize(
    "table",
    ["person_identifier", "person_link", "link_withdrawal", "link_proposal", "link_answer", "person_search"],
)
def test_what_was_said_of_a_person_can_be_removed_by_nobody(
    table: str, linked_by_rule: TwoForces, session: Session, owner_engine: Engine
) -> None:
    link = the_rules_link(linked_by_rule)
    linked_by_rule.here.coordinator.post(f"/v1/links/{link['id']}/withdrawals", REASON, **SECOND)
    confirm(linked_by_rule.there.coordinator, propose(linked_by_rule.here.coordinator))

    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text(f"DELETE FROM {table}"))
    session.rollback()
    with owner_engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM {table}"))


def test_partner_that_works_with_the_perpetrator_may_link_nobody(two_refs: TwoForces) -> None:
    sent = {"one_ref": "P-1", "other_ref": "P-2"} | REASON

    answer = two_refs.here.matac.post("/v1/link-proposals", sent, **COORDINATOR)

    assert answer.status_code == 403


def test_list_of_link_proposals_goes_on_over_pages_without_a_gap(two_refs: TwoForces) -> None:
    for number in range(3, 8):
        two_refs.refer_here(f"DV-{number}", {"ref": f"V-{number}", "age": 30}, a_perpetrator(f"P-{number}"))
        propose(two_refs.here.coordinator, "P-1", f"P-{number}")

    first = two_refs.here.coordinator.get("/v1/link-proposals", limit=3, state="OPEN").json()
    second = two_refs.here.coordinator.get(first["links"]["next"]).json()

    others = {one["other_ref"] for one in first["items"] + second["items"]}
    assert others == {f"P-{number}" for number in range(3, 8)}
    assert (first["page"]["has_more"], second["page"]["has_more"]) == (True, False)


def test_first_referrals_of_one_perpetrator_at_the_same_moment_become_one_person(
    forces: TwoForces, session: Session
) -> None:
    def refer(number: int) -> None:
        send = forces.refer_here if number % 2 else forces.refer_there
        send(f"DV-{number}", {"ref": f"V-{number}", "age": 30}, a_perpetrator(f"P-{number}", PNC_ID))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(refer, range(6)))

    assert refs_of_same_person(session, "P-0") == {f"P-{number}" for number in range(6)}


def test_case_is_decided_anew_across_a_confirmed_link_when_a_person_asks(two_refs: TwoForces) -> None:
    first = two_refs.refer_here("DV-3", THIRD_VICTIM, a_perpetrator("P-1"))
    confirm(two_refs.there.coordinator, propose(two_refs.here.coordinator)).raise_for_status()

    anew = two_refs.here.coordinator.post(f"/v1/cases/{first['case_id']}/decisions", REASON, **SECOND)

    assert anew.status_code == 201, anew.text
    counted = [body["decision"]["decision"]["facts"]["victims_in_window"] for body in (first, anew.json())]
    assert counted == [2, 3]
    assert anew.json()["decision"]["because"] == f"ANYTOWN-MARAC/jo.smith asked: {REASON['reason']}"


def test_case_of_others_cannot_be_decided_anew_by_a_stranger(two_refs: TwoForces) -> None:
    theirs = two_refs.refer_there("DV-3", THIRD_VICTIM, a_perpetrator("P-3"))

    answer = two_refs.here.coordinator.post(f"/v1/cases/{theirs['case_id']}/decisions", REASON)

    assert answer.status_code == 404


def asked_anew(forces: TwoForces) -> list[tuple[str, str, str]]:
    """The open actions to decide a case anew: area, whose, by when."""
    return sorted(
        (action["area"], action["owner_agency"], action["due_on"])
        for area in (forces.here, forces.there)
        for action in area.coordinator.get("/v1/actions", limit=200).json()["items"]
        if action["duty"] == "DECIDE_ANEW_AFTER_LINK"
    )


def test_confirmed_link_asks_each_areas_coordinator_to_have_the_open_cases_decided_anew(
    two_refs: TwoForces,
) -> None:
    before = asked_anew(two_refs)

    confirm(two_refs.there.coordinator, propose(two_refs.here.coordinator)).raise_for_status()

    assert before == []
    assert asked_anew(two_refs) == [
        ("ANYTOWN", "ANYTOWN-MARAC", "2026-03-11"),
        ("OTHERTOWN", "OTHERTOWN-MARAC", "2026-03-11"),
    ]


def test_withdrawn_link_asks_for_the_cases_that_counted_across_it(linked_by_rule: TwoForces) -> None:
    link = the_rules_link(linked_by_rule)

    linked_by_rule.here.coordinator.post(
        f"/v1/links/{link['id']}/withdrawals", REASON, **COORDINATOR
    ).raise_for_status()

    assert {area for area, _, _ in asked_anew(linked_by_rule)} == {"ANYTOWN", "OTHERTOWN"}
