"""Records that are odd or planted hold up nothing of what is owed, and none of it says where a victim is."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app.foundation.clock import SettableClock
from tests.flows.telling import LICENCE, Telling, arrivals, refer, released
from tests.given import Callers
from tests.people.synthetic import COORDINATOR, REASON, SECOND

Body = dict[str, Any]
ON_LICENCE = {"licences": [LICENCE]}
NO_AREA_HERE = {"area": "NOWHERE"}
LEADS = {"mappa": {"level": 1, "category": 2, "lead_agency": "ANYTOWN-PROBATION"} | NO_AREA_HERE}
PROBATION_IS_TOLD = ("F1", "ANYTOWN-PROBATION", "SUPERVISING_PRACTITIONER")


@pytest.mark.parametrize("perpetrator", [{"licences": [LICENCE | NO_AREA_HERE]}, LEADS], ids=["licence", "level"])
def test_area_that_the_directory_does_not_hold_silences_nothing(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock, perpetrator: Body
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=perpetrator)
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()

    assert PROBATION_IS_TOLD in arrivals(callers, durham)


def test_licence_that_a_case_has_taken_back_is_told_to_whoever_still_states_it(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    clock.set(clock.now() + timedelta(minutes=5))
    body = refer(durham, "DURHAM", "V-DURHAM", perpetrator=ON_LICENCE)
    taken_back = {"perpetrator": {"licences": None}}
    durham.hub.post(f"/v1/referrals/{body['referral_id']}/facts", taken_back).raise_for_status()
    telling.tick()

    assert PROBATION_IS_TOLD in arrivals(callers, durham)


def test_service_that_is_to_look_again_reads_no_area_once_the_two_are_apart(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    refer(durham, "DURHAM", "V-DURHAM", separated_on="2026-01-01")
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-DURHAM", perpetrator={"ref": "P-2"}, source_reference="DV-second")
    telling.tick()

    (told,) = released(callers.probation, "F15")
    assert told["content"]["ring"] == {"role": "MARAC_COORDINATOR", "agency": "ANYTOWN-MARAC", "relay": True}
    assert "DURHAM" not in json.dumps(released(callers.probation))


def test_who_manages_the_perpetrator_elsewhere_is_told_by_a_person_under_their_own_case(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    own = refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    body = refer(durham, "DURHAM", "V-DURHAM")
    sent = {"flow": "F9", "receiver": "MANAGERS", "content": {"apart": True, "risk_is_higher_now": True}}
    durham.idva.post(f"/v1/cases/{body['case_id']}/releases", sent, **durham.idva.on_behalf_of("idva"))

    assert [one["case_id"] for one in released(callers.probation, "F9")] == [own["case_id"]]


def test_place_of_a_victim_who_is_apart_passes_from_no_other_case_of_theirs(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    """The area to which the victim moved says nothing of the separation, and knows them by another pseudonym."""
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE, separated_on="2026-02-01")
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-AGAIN")
    sent = {"one_ref": "V-JEAN", "other_ref": "V-AGAIN"} | REASON
    link = callers.coordinator.post("/v1/link-proposals", sent, **COORDINATOR).json()
    durham.coordinator.post(f"/v1/link-proposals/{link['id']}/confirmations", REASON, **SECOND).raise_for_status()
    telling.tick()

    (told,) = released(callers.probation, "F1")
    assert told["content"]["victims"] == 1
    assert "DURHAM" not in json.dumps(told)


def test_next_receiver_reads_no_place_that_was_told_before_the_two_were_apart(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    to_council = {"licences": [LICENCE | {"service": "ANYTOWN-COUNCIL"}]}
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=to_council)
    body = refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()
    (told,) = released(callers.council, "F1")
    apart = {"separated_on": "2026-01-01"}
    durham.hub.post(f"/v1/referrals/{body['referral_id']}/facts", apart).raise_for_status()
    named = callers.council.on_behalf_of("jo.smith")
    why = {"reason": "NOT_SUPERVISED_HERE"}
    callers.council.post(f"/v1/releases/{told['id']}/misdirections", why, **named).raise_for_status()

    (told,) = released(callers.probation, "F1")
    assert told["content"]["ring"] == {"role": "PVP_HUB", "agency": "ANYTOWN-POLICE", "relay": True}
    assert "DURHAM" not in json.dumps(told)


@pytest.mark.parametrize("service", ["DURHAM-POLICE", "DURHAM-IDVA"], ids=["the sender", "a friend"])
def test_service_that_supervises_nobody_is_told_of_no_report_elsewhere(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock, service: str
) -> None:
    """Whoever sends names the service. Who names an agency of their own choice would learn of every area's reports."""
    refer(callers, "ANYTOWN", "V-JEAN")
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-DURHAM", perpetrator={"licences": [LICENCE | {"service": service}]})
    telling.tick()

    told = {(flow, role) for flow, agency, role in arrivals(callers, durham) if agency == service}
    assert ("F1", "SUPERVISING_PRACTITIONER") not in told
    assert ("F1", "ANYTOWN-POLICE", "PVP_HUB") in arrivals(callers, durham)  # who is to find out whose it is


def test_area_of_the_marac_that_asks_is_named_to_no_manager_while_the_two_are_together(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    body = refer(durham, "DURHAM", "V-DURHAM")
    sent = {"flow": "F11", "receiver": "MANAGERS", "content": {"question": "MANAGED_NOW", "due_on": "2026-03-20"}}
    path = f"/v1/cases/{body['case_id']}/releases"
    durham.chair.post(path, sent, **durham.chair.on_behalf_of("marac.chair")).raise_for_status()

    (told,) = released(callers.probation, "F11")
    assert told["content"]["ring"] == {"role": "PVP_HUB", "agency": "ANYTOWN-POLICE", "relay": True}


def test_another_perpetrator_of_a_linked_victim_prompts_at_once(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    sent = {"one_ref": "V-JEAN", "other_ref": "V-AGAIN"} | REASON
    refer(durham, "DURHAM", "V-AGAIN", perpetrator={"ref": "P-3"}, source_reference="DV-third")
    link = callers.coordinator.post("/v1/link-proposals", sent, **COORDINATOR).json()
    durham.coordinator.post(f"/v1/link-proposals/{link['id']}/confirmations", REASON, **SECOND).raise_for_status()
    telling.tick()
    before = len(released(callers.probation, "F15"))
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-AGAIN", perpetrator={"ref": "P-2"}, source_reference="DV-second")
    telling.tick()

    assert len(released(callers.probation, "F15")) == before + 1


def test_place_of_a_victim_whom_two_areas_know_passes_to_nobody(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    """The victim has fled and nobody has said so: one victim and a report far away are their new place."""
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    clock.set(clock.now() + timedelta(minutes=5))
    refer(durham, "DURHAM", "V-JEAN")
    telling.tick()

    (told,) = released(callers.probation, "F1")
    assert told["content"]["victims"] == 1
    assert "DURHAM" not in json.dumps([released(callers.probation), released(callers.matac)])
