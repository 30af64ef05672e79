"""Whoever works with the perpetrator, by whatever was stated of them, reads nothing that protects the victim.

Source: design note on forms, (b) 2. An agency may refer, and the facts by which duties find it say whom it works with.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client
from app.demo.demo_area import create_demo_area
from app.foundation.clock import SettableClock
from tests.given import Caller, Callers, a_referral
from tests.journeys.test_before_contact import SEALED, SPEECH
from tests.signing_in import signed_in

Body = dict[str, Any]
Refers = Callable[[str], Caller]
PROBATION_ELSEWHERE, COUNCIL = "OTHERTON-PROBATION", "ANYTOWN-COUNCIL"
REFERENCE = "CLARE-2026-77"
ENDED = {"kind": "LICENCE", "service": PROBATION_ELSEWHERE, "ends_on": "2026-02-01"}
WORKS_WITH: dict[str, tuple[str, Body]] = {
    "a licence that names the service": (
        PROBATION_ELSEWHERE,
        {"licences": [{"kind": "LICENCE", "service": PROBATION_ELSEWHERE}]},
    ),
    "a licence that names the area": (PROBATION_ELSEWHERE, {"licences": [{"kind": "LICENCE", "area": "OTHERTON"}]}),
    "a licence that has ended": (PROBATION_ELSEWHERE, {"licences": [ENDED]}),
    "a licence that has not begun": (
        PROBATION_ELSEWHERE,
        {"licences": [{"kind": "LICENCE", "area": "OTHERTON", "starts_on": "2026-06-01"}]},
    ),
    "the lead agency at level 1": (
        PROBATION_ELSEWHERE,
        {"licences": [], "mappa": {"level": 1, "category": 1, "lead_agency": PROBATION_ELSEWHERE}},
    ),
    "the lead agency at level 2": (
        PROBATION_ELSEWHERE,
        {"licences": [], "mappa": {"level": 2, "category": 1, "lead_agency": PROBATION_ELSEWHERE}},
    ),
    "the area that manages": (
        PROBATION_ELSEWHERE,
        {"licences": [], "mappa": {"level": 1, "category": 1, "area": "OTHERTON"}},
    ),
    "MAPPA of the area that manages": ("OTHERTON-MAPPA", {"mappa": {"level": 2, "category": 1, "area": "OTHERTON"}}),
    "the council that leads": (COUNCIL, {"licences": [], "mappa": {"level": 1, "category": 1, "lead_agency": COUNCIL}}),
    "youth justice, which nobody names": (
        COUNCIL,
        {"age": 16, "licences": [{"kind": "YOUTH_REHABILITATION_ORDER"}]},
    ),
}


def board_of(caller: Caller) -> str:
    """What the board shows to the person who works with that system."""
    _, board = signed_in(caller.client.app, caller.key)
    assert board.status_code == 200
    return board.text


def counted_on(board: str) -> int:
    """How much the board counts in all its sections."""
    return sum(int(figure) for figure in re.findall(r'__figure">(\d+)</span>', board))


works_with = pytest.mark.parametrize(("agency", "stated"), WORKS_WITH.values(), ids=WORKS_WITH)


@pytest.fixture
def refers(callers: Callers, sessions: sessionmaker[Session], clock: SettableClock) -> Refers:
    """Gives an agency a key with which it refers in Anytown."""
    with sessions.begin() as session:
        create_demo_area(session, "OTHERTON", "national-baseline", clock.now(), name="Otherton")

    def key_of(agency: str) -> Caller:
        with sessions.begin() as session:
            made = add_client(
                session,
                name=agency,
                agency=agency,
                role="hub.referrer",
                areas=["ANYTOWN"],
                now=clock.now(),
                speaks_for_people=True,
            )
        return Caller(callers.hub.client, made[1])

    return key_of


def referred_by_both(agency: Caller, callers: Callers, stated: Body) -> Body:
    """The agency refers what it knows of the perpetrator; then the hub refers the couple with what protects."""
    person = {"ref": "P-1", "age": 41, **stated}
    first = agency.post("/v1/referrals", a_referral("OWN-1", perpetrator=person))
    assert first.status_code == 201, first.text
    protects = {"disclosure": {"route": "RIGHT_TO_ASK", "applied_on": "2026-03-09", "reference": REFERENCE}, **SEALED}
    victim = {"ref": "V-1", "age": 34, "tenure": "REFUGE", **SPEECH}
    couple = a_referral("HUB-1", victim=victim, perpetrator={"ref": "P-1", "age": person["age"]}, **protects)
    callers.hub.post("/v1/referrals", couple).raise_for_status()
    body: Body = first.json()
    return body


@works_with
def test_whoever_works_with_the_perpetrator_reads_no_contact_card(
    agency: str, stated: Body, refers: Refers, callers: Callers
) -> None:
    caller = refers(agency)
    body = referred_by_both(caller, callers, stated)

    shown = caller.get(f"/v1/cases/{body['case_id']}")

    assert shown.json()["before_contact"] is None
    assert callers.hub.get(f"/v1/cases/{body['case_id']}").json()["before_contact"] is not None


@works_with
def test_whoever_works_with_the_perpetrator_reads_nothing_of_the_victims_side_in_the_referral(
    agency: str, stated: Body, refers: Refers, callers: Callers
) -> None:
    caller = refers(agency)
    body = referred_by_both(caller, callers, stated)
    path = f"/v1/referrals/{body['referral_id']}"
    callers.coordinator.post(f"{path}/facts", {**SEALED, "victim": {"home_insecure": True}}).raise_for_status()
    callers.coordinator.post(f"{path}/facts", {"assessment": {"ticks": 9, "tool": "DASH24"}}).raise_for_status()
    named = {"Authorization": f"Bearer {caller.key}", "X-On-Behalf-Of": "jo.smith"}

    referral = caller.get(path)
    answered = caller.post(f"{path}/facts?expand=decision", {"ongoing_event": False})
    authors = {one["author"] for one in caller.get(f"{path}/assessments").json()["items"]}

    assert referral.json()["document"]["victim"] == {"ref": "V-1", "age": 34}
    assert "home_insecure" not in referral.text
    assert answered.json()["decision"] is None
    assert authors <= {agency}
    assert caller.get(f"/v1/decisions/{body['decision_id']}").status_code == 404
    assert caller.get(f"{path}/decisions").status_code == 404
    assert caller.client.get(f"{path}/not-for-disclosure", headers=named).status_code == 404


@works_with
def test_whoever_works_with_the_perpetrator_learns_of_no_application_for_a_disclosure(
    agency: str, stated: Body, refers: Refers, callers: Callers
) -> None:
    caller = refers(agency)
    body = referred_by_both(caller, callers, stated)
    case = body["case_id"]
    to_marac = callers.coordinator.get("/v1/enquiries", case_id=case, limit=200).json()["items"]
    (check,) = (one["id"] for one in to_marac if "D28c" in {item["fact"] for item in one["items"]})

    answer = caller.post(f"/v1/referrals/{body['referral_id']}/facts", {"ongoing_event": False})
    shown = [
        caller.get(f"/v1/cases/{case}").text,
        caller.get("/v1/actions", case_id=case, limit=200).text,
        caller.get("/v1/enquiries", case_id=case, limit=200).text,
        caller.get(f"/v1/cases/{case}/timeline", limit=200).text,
        answer.text,
    ]

    assert [word for word in (REFERENCE, "right to ask", "D28c") for text in shown if word in text] == []
    assert caller.get(f"/v1/enquiries/{check}").status_code == 404
    assert REFERENCE in callers.coordinator.get(f"/v1/enquiries/{check}").text


def test_agency_that_is_found_to_work_with_the_perpetrator_later_loses_sight_of_the_application(
    refers: Refers, callers: Callers
) -> None:
    caller = refers(PROBATION_ELSEWHERE)
    body = referred_by_both(caller, callers, {"licences": []})
    path = f"/v1/cases/{body['case_id']}"
    before, counted_before = caller.get(path), counted_on(board_of(caller))

    callers.hub.post("/v1/referrals", a_referral("HUB-2", perpetrator={"ref": "P-1", "licences": [ENDED]}))

    assert REFERENCE in before.text
    assert REFERENCE not in board_of(caller)
    assert counted_on(board_of(caller)) == counted_before
    for after in (caller.get(path), caller.get("/v1/actions", limit=200), caller.get(f"{path}/timeline", limit=200)):
        assert after.status_code == 200
        assert REFERENCE not in after.text


def test_licence_that_was_stated_about_another_victim_counts_in_every_case_of_the_perpetrator(
    refers: Refers, callers: Callers
) -> None:
    caller = refers(PROBATION_ELSEWHERE)
    other = a_referral("HUB-0", victim={"ref": "V-2"}, perpetrator={"ref": "P-1", "age": 41, "licences": [ENDED]})
    callers.hub.post("/v1/referrals", other).raise_for_status()

    body = referred_by_both(caller, callers, {})

    assert caller.get(f"/v1/cases/{body['case_id']}").json()["before_contact"] is None


def test_agency_that_was_named_in_error_reads_again_once_its_author_takes_that_back(
    refers: Refers, callers: Callers
) -> None:
    caller = refers(COUNCIL)
    body = referred_by_both(caller, callers, {"licences": []})
    named = a_referral("HUB-2", perpetrator={"ref": "P-1", "licences": [{"kind": "LICENCE", "service": COUNCIL}]})
    sent = callers.hub.post("/v1/referrals", named).json()
    path = f"/v1/cases/{body['case_id']}"
    meanwhile = caller.get(path).json()["before_contact"]

    callers.hub.post(f"/v1/referrals/{sent['referral_id']}/facts", {"perpetrator": {"licences": None}})

    assert meanwhile is None
    assert caller.get(path).json()["before_contact"] is not None
