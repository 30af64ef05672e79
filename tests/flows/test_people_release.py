"""What people release: by the post of its flow, in the fields of its form, to whoever the record says is to be told."""

from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.flows.telling import LICENCE, refer, released
from tests.given import Caller, Callers

Body = dict[str, Any]
APART = {
    "flow": "F9",
    "receiver": "MANAGERS",
    "content": {"apart": True, "risk_is_higher_now": True, "review_level": True},
}
MISSED = {"flow": "F23", "receiver": "VICTIM_SIDE", "content": {"what": "MISSED_CONTACT", "day": "2026-03-09"}}
BOTH_SUPERVISED = {
    "flow": "F4",
    "receiver": "MANAGERS",
    "content": {"post": "SUPERVISING_PRACTITIONER", "supervises_other_person": True},
}
ZONE = {
    "flow": "F8",
    "receiver": "MANAGERS",
    "content": {"no_contact": True, "zone": "North of the river, as the map shows"},
}


@pytest.fixture
def case_id(callers: Callers) -> str:
    """Anytown's case of a perpetrator who is on licence to its probation."""
    body = refer(callers, "ANYTOWN", "V-JEAN", perpetrator={"licences": [LICENCE]})
    case: str = body["case_id"]
    return case


def release(caller: Caller, case_id: str, sent: Body, person: str) -> Any:
    return caller.post(f"/v1/cases/{case_id}/releases", sent, **caller.on_behalf_of(person))


def fault(answer: Any) -> tuple[int, str, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["pointer"], error["code"]


def with_content(sent: Body, **changes: Any) -> Body:
    return sent | {"content": sent["content"] | changes}


def without(sent: Body, name: str) -> Body:
    return sent | {"content": {field: value for field, value in sent["content"].items() if field != name}}


def test_idva_says_that_the_two_are_apart_and_who_manages_the_perpetrator_reads_no_more(
    callers: Callers, case_id: str
) -> None:
    answer = release(callers.idva, case_id, APART, "idva")

    assert answer.status_code == 201, answer.text
    (told,) = released(callers.probation, "F9")
    assert told["content"] == APART["content"]
    assert [one["id"] for one in answer.json()["items"]] == [told["id"]]


def test_service_says_that_a_contact_was_missed_and_the_idva_is_to_receive_it(callers: Callers, case_id: str) -> None:
    answer = release(callers.probation, case_id, MISSED, "supervising.practitioner")

    assert answer.status_code == 201, answer.text
    (told,) = released(callers.idva, "F23")
    assert (told["content"], told["due_on"]) == (MISSED["content"], "2026-03-11")


def test_same_thing_is_released_once(callers: Callers, case_id: str) -> None:
    release(callers.idva, case_id, APART, "idva")

    assert release(callers.idva, case_id, APART, "idva").json()["items"] == []
    assert len(released(callers.probation, "F9")) == 1


def test_releaser_reads_who_received_it(callers: Callers, case_id: str) -> None:
    (made,) = release(callers.idva, case_id, APART, "idva").json()["items"]
    path = f"/v1/releases/{made['id']}"
    callers.probation.post(f"{path}/receipts", None, **callers.probation.on_behalf_of("jo.smith"))

    assert callers.idva.get(path).json()["received_by"] == "ANYTOWN-PROBATION/jo.smith"


def test_person_of_another_post_releases_nothing(callers: Callers, case_id: str) -> None:
    by_liaison = release(callers.probation, case_id, APART, "victim.liaison")
    by_hub = release(callers.hub, case_id, MISSED, "pvp.hub")

    assert (by_liaison.status_code, by_hub.status_code) == (403, 403)
    assert released(callers.probation) == released(callers.idva) == []


def test_program_releases_nothing(callers: Callers, case_id: str) -> None:
    answer = callers.idva.post(f"/v1/cases/{case_id}/releases", APART)

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        (with_content(APART, moved_to="Otherton"), "/content/moved_to", "unknown"),
        (with_content(APART, apart="yes, since May"), "/content/apart", "type"),
        (without(APART, "risk_is_higher_now"), "/content/risk_is_higher_now", "missing"),
        (APART | {"flow": "F1"}, "/flow", "not_released_by_people"),
        (APART | {"receiver": "HUB"}, "/receiver", "unknown"),
        (APART | {"to_area": "ANYTOWN"}, "/to_area", "area"),
    ],
)
def test_what_its_form_has_no_field_for_does_not_pass(
    sent: Body, pointer: str, code: str, callers: Callers, case_id: str
) -> None:
    answer = release(callers.idva, case_id, sent, "idva")

    assert fault(answer) == (422, pointer, code)
    assert "Otherton" not in answer.text
    assert released(callers.probation, "F9") == []


@pytest.mark.parametrize("half", ["post", "supervises_other_person"])
def test_notice_that_leaves_out_the_other_half_is_refused(half: str, callers: Callers, case_id: str) -> None:
    answer = release(callers.hub, case_id, without(BOTH_SUPERVISED, half), "pvp.hub")

    assert fault(answer) == (422, f"/content/{half}", "other_half")


def test_notice_with_both_halves_names_whom_to_ring(callers: Callers, case_id: str) -> None:
    answer = release(callers.hub, case_id, BOTH_SUPERVISED, "pvp.hub")

    assert answer.status_code == 201, answer.text
    (told,) = released(callers.probation, "F4")
    assert told["content"]["ring"] == {"role": "PVP_HUB", "agency": "ANYTOWN-POLICE", "relay": False}


def test_text_crosses_to_the_other_side_only_where_its_author_marks_it(callers: Callers, case_id: str) -> None:
    refused = release(callers.probation, case_id, ZONE, "victim.liaison")

    marked = release(callers.probation, case_id, ZONE | {"marked": ["zone"]}, "victim.liaison")

    assert fault(refused) == (422, "/content/zone", "not_marked")
    assert marked.status_code == 201, marked.text


def test_where_nobody_manages_the_perpetrator_nothing_is_released_in_vain(
    callers: Callers, durham: Callers, clock: SettableClock
) -> None:
    body = refer(durham, "DURHAM", "V-DURHAM", perpetrator={"ref": "P-9"})
    clock.set(clock.now() + timedelta(minutes=1))

    answer = release(durham.idva, body["case_id"], APART, "idva")

    assert answer.status_code == 409


def test_case_that_the_caller_does_not_see_is_not_there(durham: Callers, case_id: str) -> None:
    assert release(durham.idva, case_id, APART, "idva").status_code == 404
