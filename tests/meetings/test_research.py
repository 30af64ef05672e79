"""Every agency is asked what it holds before a hearing, both people's practitioners are invited, and silence shows."""

from datetime import date
from typing import Any

import pytest

from tests.given import Caller, Callers, a_referral
from tests.meetings.sitting import Sitting, a_supervision_return

DUE = date(2026, 3, 23)  # three working days before Thursday 26 March


@pytest.fixture
def listed(sitting: Sitting) -> dict[str, Any]:
    """A high-risk case on the list of 26 March; `meeting` is its id."""
    meeting = sitting.cycle()[0]
    return sitting.taken() | {"meeting": meeting["id"]}


def request_of(sitting: Sitting, listed: dict[str, Any], agency: str) -> dict[str, Any]:
    (entry,) = sitting.listed(listed["meeting"])
    found: dict[str, Any] = next(one for one in entry["research"] if one["agency"] == agency)
    return found


def an_item(**changes: Any) -> dict[str, Any]:
    """A fact about the perpetrator, as an agency returns it."""
    return {"about": "PERPETRATOR", "text": "Rent paid by the perpetrator since 2024", "basis": "FACT", **changes}


def returned(sitting: Sitting, listed: dict[str, Any], agency: str, caller: Caller, body: dict[str, Any]) -> Any:
    path = f"/v1/research-requests/{request_of(sitting, listed, agency)['id']}/returns"
    return caller.post(path, body, **caller.on_behalf_of("jo.smith"))


def test_each_agency_is_asked_once_with_a_date_three_working_days_before(
    sitting: Sitting, listed: dict[str, Any]
) -> None:
    (entry,) = sitting.listed(listed["meeting"])

    assert {one["agency"]: one["due_on"] for one in entry["research"]} == dict.fromkeys(
        ["ANYTOWN-COUNCIL", "ANYTOWN-IDVA", "ANYTOWN-POLICE", "ANYTOWN-PROBATION"], DUE.isoformat()
    )


def test_research_request_is_an_action_of_the_agency_with_its_own_reminders(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")

    action = callers.council.get(f"/v1/actions/{asked['action_id']}").json()

    assert (action["owner_agency"], action["duty"], action["due_on"]) == (
        "ANYTOWN-COUNCIL", "D11:ANYTOWN-COUNCIL", DUE.isoformat()
    )  # fmt: skip


def test_silence_past_the_date_is_not_returned_and_never_nothing_held(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    assert request_of(sitting, listed, "ANYTOWN-COUNCIL")["state"] == "AWAITED"
    sitting.on(date(2026, 3, 24))

    silent = callers.coordinator.get("/v1/research-requests", state="NOT_RETURNED").json()["items"]

    assert "ANYTOWN-COUNCIL" in {one["agency"] for one in silent}


def test_return_that_nothing_is_held_is_an_answer(sitting: Sitting, listed: dict[str, Any], callers: Callers) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")

    answer = callers.council.post(f"/v1/research-requests/{asked['id']}/returns", {"nothing_held": True})

    assert answer.status_code == 201, answer.text
    assert request_of(sitting, listed, "ANYTOWN-COUNCIL")["state"] == "RETURNED"
    action = callers.coordinator.get(f"/v1/actions/{asked['action_id']}").json()
    assert (action["state"], action["outcome"]) == ("ENDED", "DONE_ON_RECORD")


def test_return_that_says_neither_is_refused(sitting: Sitting, listed: dict[str, Any], callers: Callers) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")

    answer = callers.council.post(f"/v1/research-requests/{asked['id']}/returns", {})

    assert answer.status_code == 422


@pytest.mark.parametrize("part", ["da_history", "orders", "rosh", "mappa", "licences", "address"])
def test_supervision_return_without_a_part_is_refused_by_name(
    part: str, sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    """DHR "Jean" 14.2.11: the return left out an order and nobody noticed."""
    asked = request_of(sitting, listed, "ANYTOWN-PROBATION")
    sent = a_supervision_return()
    del sent["supervision"][part]

    sender = callers.probation.on_behalf_of("jo.smith")
    answer = callers.probation.post(f"/v1/research-requests/{asked['id']}/returns", sent, **sender)

    assert answer.status_code == 422
    assert any(part in fault["pointer"] for fault in answer.json()["errors"])


def test_supervising_service_is_not_let_off_with_free_text(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-PROBATION")

    answer = callers.probation.post(
        f"/v1/research-requests/{asked['id']}/returns",
        {"items": [an_item(text="The perpetrator attends appointments")]},
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("mappa", "warned"),
    [
        ({"level": "NOT_MANAGED", "category": 2}, "names a category"),
        ({"level": 1, "category": 3}, "category 3 is for level 2 or 3"),
    ],
)
def test_a_level_and_a_category_that_cannot_both_be_are_warned_about(
    mappa: dict[str, Any], warned: str, sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    body = a_supervision_return(mappa={**mappa, "next_review_on": None})

    answer = returned(sitting, listed, "ANYTOWN-PROBATION", callers.probation, body)

    assert answer.status_code == 201, answer.text
    (warning,) = answer.json()["warnings"]
    assert warned in warning


@pytest.mark.parametrize("field", ["level", "category"])
def test_nought_in_a_return_is_refused_and_both_ways_to_say_it_are_named(
    field: str, sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    mappa = {"level": 1, "category": 2, "next_review_on": None} | {field: 0}

    refused = returned(sitting, listed, "ANYTOWN-PROBATION", callers.probation, a_supervision_return(mappa=mappa))

    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == f"/supervision/mappa/{field}"
    assert "not_managed: true" in error["detail"]
    assert "leave it out" in error["detail"]


def test_return_that_contradicts_itself_is_kept_and_warned_about(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    """DHR "Jean" 14.3.2: low to a known adult, while two orders protected people."""
    asked = request_of(sitting, listed, "ANYTOWN-PROBATION")
    sent = a_supervision_return(
        orders=[{"kind": "RESTRAINING_ORDER", "protects": "V-OTHER", "ends_on": "2027-01-01"}],
        rosh={
            "public": "HIGH",
            "known_adult": "LOW",
            "children": "LOW",
            "staff": "LOW",
            "assessed_on": "2026-01-01",
        },
    )

    sender = callers.probation.on_behalf_of("jo.smith")
    answer = callers.probation.post(f"/v1/research-requests/{asked['id']}/returns", sent, **sender)

    assert answer.status_code == 201, answer.text
    assert answer.json()["warnings"] == ["the risk to a known adult is LOW while an order protects somebody"]


def test_unknown_mappa_level_in_a_return_is_said_not_to_be_level_zero(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-PROBATION")
    sent = a_supervision_return(mappa={"level": "UNKNOWN", "category": None, "next_review_on": None})

    sender = callers.probation.on_behalf_of("jo.smith")
    answer = callers.probation.post(f"/v1/research-requests/{asked['id']}/returns", sent, **sender)

    assert 'not "not managed"' in answer.json()["warnings"][0]


def test_nothing_held_is_refused_while_the_perpetrator_is_supervised_on_record(
    sitting: Sitting, callers: Callers
) -> None:
    meeting = sitting.cycle()[0]["id"]
    licence = {"kind": "LICENCE", "starts_on": "2025-01-01", "ends_on": "2027-01-01"}
    body = sitting.taken(perpetrator=a_referral()["perpetrator"] | {"licences": [licence]})
    asked = request_of(sitting, body | {"meeting": meeting}, "ANYTOWN-PROBATION")

    answer = callers.probation.post(f"/v1/research-requests/{asked['id']}/returns", {"nothing_held": True})

    assert (answer.status_code, answer.json()["code"]) == (409, "supervised-on-record")


def test_another_agencys_request_does_not_exist_for_a_partner(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")

    answer = callers.idva.post(f"/v1/research-requests/{asked['id']}/returns", {"nothing_held": True})

    assert answer.status_code == 404


def test_partner_sees_on_the_list_only_its_own_research_request(listed: dict[str, Any], callers: Callers) -> None:
    entries = callers.council.get(f"/v1/meetings/{listed['meeting']}/list").json()["items"]

    assert [[one["agency"] for one in entry["research"]] for entry in entries] == [["ANYTOWN-COUNCIL"]]
    assert entries[0]["victim_ref"] == "V-1"


def test_both_peoples_practitioners_are_invited(sitting: Sitting) -> None:
    """DHR "Jean" 14.1.13: each probation service was told of one person only."""
    meeting = sitting.cycle()[0]["id"]
    sitting.taken(victim={"ref": "V-1", "age": 34, "under_supervision": True})

    (entry,) = sitting.listed(meeting)

    assert {(one["party"], one["role"], one["agency"]) for one in entry["invited"]} == {
        ("VICTIM", "IDVA", "ANYTOWN-IDVA"),
        ("VICTIM", "SUPERVISING_PRACTITIONER", "ANYTOWN-PROBATION"),
        ("PERPETRATOR", "SUPERVISING_PRACTITIONER", "ANYTOWN-PROBATION"),
    }


def test_practitioner_of_a_person_whose_supervision_is_unknown_is_invited_too(sitting: Sitting) -> None:
    meeting = sitting.cycle()[0]["id"]
    sitting.taken()

    (entry,) = sitting.listed(meeting)

    assert ("PERPETRATOR", "SUPERVISING_PRACTITIONER") in {(one["party"], one["role"]) for one in entry["invited"]}


def test_agency_that_has_answered_is_not_asked_again_when_the_hearing_moves(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")
    callers.council.post(f"/v1/research-requests/{asked['id']}/returns", {"nothing_held": True}).raise_for_status()
    sooner = {
        "answer": "HOLD",
        "reason": "The perpetrator was seen at the victim's door again last night",
        "held_on": "2026-03-12",
    }

    callers.chair.post(f"/v1/cases/{listed['case_id']}/emergency-decisions", sooner).raise_for_status()

    emergency = callers.coordinator.get("/v1/meetings", since="2026-03-10").json()["items"][0]["id"]
    states = {one["agency"]: one["state"] for one in sitting.listed(emergency)[0]["research"]}
    assert (states["ANYTOWN-COUNCIL"], states["ANYTOWN-IDVA"]) == ("RETURNED", "AWAITED")
    assert sitting.actions(listed["case_id"], "D11:ANYTOWN-COUNCIL") == []
    assert len(sitting.ended(listed["case_id"], "D11:ANYTOWN-COUNCIL")) == 1


KEPT_BACK = "The name of the new partner, because the perpetrator would know who told"


def test_request_says_that_the_victim_is_not_contacted_for_it(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    asked = request_of(sitting, listed, "ANYTOWN-COUNCIL")

    assert "The victim is not contacted" in asked["instruction"]
    action = callers.council.get(f"/v1/actions/{asked['action_id']}").json()
    assert action["what"].endswith("the victim is not contacted for it")


def test_agenda_tells_fact_from_opinion_and_names_whom_nobody_contacts(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    bar = {"who": "VICTIM_FAMILY", "reason": "A relative passes on what is said"}
    opinion = an_item(about="VICTIM", text="The worker thinks that the visits are watched", basis="OPINION")
    body = {"items": [an_item(last_contact_on="2026-02-20"), opinion], "do_not_contact": [bar]}
    answer = returned(sitting, listed, "ANYTOWN-COUNCIL", callers.council, body)
    assert answer.status_code == 201, answer.text

    (case,) = sitting.agenda(listed["meeting"])["cases"]
    shared = case["shared_research"]

    assert [(one["agency"], one["text"], one["last_contact_on"]) for one in shared["facts"]] == [
        ("ANYTOWN-COUNCIL", "Rent paid by the perpetrator since 2024", "2026-02-20")
    ]
    assert [one["text"] for one in shared["opinions"]] == ["The worker thinks that the visits are watched"]
    assert shared["do_not_contact"] == [{"agency": "ANYTOWN-COUNCIL", **bar}]


def test_what_is_kept_back_is_recorded_with_its_reason_and_shown_nowhere(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    body = {"items": [an_item()], "kept_back_reason": KEPT_BACK}
    answer = returned(sitting, listed, "ANYTOWN-COUNCIL", callers.council, body)
    assert answer.json()["document"]["kept_back_reason"] == KEPT_BACK

    shown = callers.coordinator.get(f"/v1/meetings/{listed['meeting']}/agenda")

    assert KEPT_BACK not in shown.text
    assert shown.json()["cases"][0]["shared_research"]["kept_back_by"] == ["ANYTOWN-COUNCIL"]


def test_an_agency_that_keeps_everything_back_has_answered(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    answer = returned(sitting, listed, "ANYTOWN-COUNCIL", callers.council, {"kept_back_reason": KEPT_BACK})

    assert answer.status_code == 201, answer.text


def test_partner_reads_on_the_agenda_only_what_it_returned_itself(
    sitting: Sitting, listed: dict[str, Any], callers: Callers
) -> None:
    returned(sitting, listed, "ANYTOWN-COUNCIL", callers.council, {"items": [an_item()]})

    seen = callers.probation.get(f"/v1/meetings/{listed['meeting']}/agenda")

    assert "Rent paid" not in seen.text
    assert "ANYTOWN-COUNCIL" not in str(seen.json()["cases"][0]["shared_research"])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": [an_item(basis="RUMOUR")]}, "/items/0/basis"),
        ({"items": [an_item(last_contact_on="2026-12-01")]}, "/items/0/last_contact_on"),
        ({"items": [{"about": "VICTIM", "text": "x"}]}, "/items/0/basis"),
        ({"holds": "one text of everything"}, "/holds"),
        ({"items": [an_item()], "nothing_held": True}, "/"),
    ],
)
def test_return_that_does_not_tell_fact_from_opinion_is_refused(
    sitting: Sitting, listed: dict[str, Any], callers: Callers, body: dict[str, Any], pointer: str
) -> None:
    answer = returned(sitting, listed, "ANYTOWN-COUNCIL", callers.council, body)

    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
