"""Durham: a service elsewhere that manages the perpetrator is told of a report, and nobody else is.

Source: DHR "Jean" 14.3.15-14.3.17: the perpetrator was on licence to one area's probation, another force heard of the
perpetrator, and the officer who supervised them was not told.
"""

import json
from datetime import timedelta

import pytest

from app.foundation.clock import SettableClock
from tests.flows.telling import LICENCE, Telling, arrivals, not_dangerous, refer, released
from tests.given import Callers

ON_LICENCE = {"licences": [LICENCE]}
TOLD = {
    ("F1", "ANYTOWN-PROBATION", "SUPERVISING_PRACTITIONER"),
    ("F2", "DURHAM-POLICE", "PVP_HUB"),
    ("F14", "ANYTOWN-POLICE", "PVP_HUB"),
    ("F14", "ANYTOWN-MARAC", "MARAC_COORDINATOR"),
    ("F14", "ANYTOWN-MATAC", "MATAC_COORDINATOR"),
    ("F14", "DURHAM-POLICE", "PVP_HUB"),
    ("F14", "DURHAM-MARAC", "MARAC_COORDINATOR"),
    ("F14", "DURHAM-MATAC", "MATAC_COORDINATOR"),
}


@pytest.fixture
def reported(callers: Callers, durham: Callers, telling: Telling, clock: SettableClock) -> None:
    """Anytown has the licence on record; then Durham reports the same perpetrator for harming another victim."""
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)
    telling.tick()
    assert arrivals(callers, durham) == set()
    clock.set(clock.now() + timedelta(hours=1))
    refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()


def test_service_that_supervises_the_perpetrator_is_told_of_a_report_elsewhere(
    callers: Callers, reported: None, clock: SettableClock
) -> None:
    (told,) = released(callers.probation, "F1")

    assert told["role"] == "SUPERVISING_PRACTITIONER"
    assert told["due_at"] == (clock.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    content = told["content"]
    assert content["grade"] == "HIGH"
    assert content["force"] == "DURHAM-POLICE"
    assert content["ring"] == {"role": "PVP_HUB", "agency": "DURHAM-POLICE", "relay": False}
    assert (content["victim_number"], content["victims"]) == (2, 2)
    assert content["acts"] == [{"day": "2026-03-09", "known_to_perpetrator": False}]
    assert content["victims_area"] == "the victim's area"


def test_nothing_of_the_other_victim_reaches_who_manages_the_perpetrator(callers: Callers, reported: None) -> None:
    everything = json.dumps(released(callers.probation))

    assert "V-DURHAM" not in everything
    assert "CR-V-DURHAM" not in everything


def test_force_that_recorded_the_report_is_told_of_the_licence(durham: Callers, reported: None) -> None:
    told = released(durham.hub, "F2")

    licence = next(one["content"] for one in told if one["content"]["kind"] == "LICENCE")
    assert licence["until"] == "2027-01-04"
    assert licence["ring"] == {"role": "SUPERVISING_PRACTITIONER", "agency": "ANYTOWN-PROBATION", "relay": False}


def test_force_without_a_number_of_the_report_is_told_of_no_licence(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)

    refer(durham, "DURHAM", "V-DURHAM", incidents=[])
    telling.tick()

    assert released(durham.hub, "F2") == []


@pytest.mark.parametrize("post", ["hub", "coordinator"])
def test_each_area_is_told_that_the_other_has_an_open_case(
    post: str, callers: Callers, durham: Callers, reported: None
) -> None:
    (in_anytown,) = released(getattr(callers, post), "F14")
    (in_durham,) = released(getattr(durham, post), "F14")

    assert in_anytown["content"]["area"] == "DURHAM"
    assert in_anytown["content"]["ring"]["agency"] == "DURHAM-POLICE"
    assert in_anytown["content"]["victims"] == 2
    assert in_durham["content"]["ring"]["agency"] == "ANYTOWN-POLICE"


def test_nothing_else_arrives_anywhere_else(callers: Callers, durham: Callers, reported: None) -> None:
    assert arrivals(callers, durham) == TOLD


def test_each_is_told_once_however_often_the_worker_looks(callers: Callers, telling: Telling, reported: None) -> None:
    telling.tick()
    telling.tick()

    assert len(released(callers.probation, "F1")) == 1


def test_licence_that_is_learned_a_month_later_lets_flow_what_is_older(
    callers: Callers, durham: Callers, telling: Telling, clock: SettableClock
) -> None:
    first = refer(callers, "ANYTOWN", "V-JEAN")
    refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()
    assert released(callers.probation) == []
    assert released(durham.hub, "F2") == []
    clock.set(clock.now() + timedelta(days=31))

    callers.hub.post(f"/v1/referrals/{first['referral_id']}/facts", {"perpetrator": ON_LICENCE})
    telling.tick()

    assert [one["flow"] for one in released(callers.probation)] == ["F1"]
    assert [one["content"]["kind"] for one in released(durham.hub, "F2")] == ["LICENCE"]


def test_other_direction_durham_s_licence_is_told_of_anytown_s_report(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    licence = {**LICENCE, "service": "DURHAM-PROBATION"}
    refer(durham, "DURHAM", "V-DURHAM", perpetrator={"licences": [licence]})

    refer(callers, "ANYTOWN", "V-JEAN")
    telling.tick()

    assert [one["content"]["force"] for one in released(durham.probation, "F1")] == ["ANYTOWN-POLICE"]
    assert released(callers.probation) == []


def test_report_that_shows_no_danger_is_told_by_the_next_working_day(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)

    refer(durham, "DURHAM", "V-DURHAM", assessment=not_dangerous())
    telling.tick()

    (told,) = released(callers.probation, "F1")
    assert (told["due_on"], told["due_at"], told["danger"]) == ("2026-03-11", None, False)


def test_where_nobody_says_who_supervises_the_hub_that_reported_is_to_find_out(
    callers: Callers, durham: Callers, telling: Telling
) -> None:
    unnamed = {"kind": "LICENCE", "ends_on": "2027-01-04"}
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator={"licences": [unnamed]})

    refer(durham, "DURHAM", "V-DURHAM")
    telling.tick()

    (asked,) = released(durham.hub, "F1")
    assert asked["form"] == "ENQUIRY"
    assert asked["content"]["find_out"] == "WHO_SUPERVISES"
    assert released(callers.probation) == []
    assert released(durham.probation) == []


def test_once_the_two_are_apart_no_place_passes(callers: Callers, durham: Callers, telling: Telling) -> None:
    refer(callers, "ANYTOWN", "V-JEAN", perpetrator=ON_LICENCE)

    refer(durham, "DURHAM", "V-DURHAM", separated_on="2026-02-01")
    telling.tick()

    everything = json.dumps(released(callers.probation))
    assert released(callers.probation, "F1")[0]["content"]["force"] == "ANOTHER_FORCE"
    assert "DURHAM" not in everything
    ring = released(callers.probation, "F1")[0]["content"]["ring"]
    assert ring == {"role": "PVP_HUB", "agency": "ANYTOWN-POLICE", "relay": True}
