"""Whoever holds a case of a person is told who of another area searched for them, and who searches is not (F27)."""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from tests.flows.telling import arrivals, released
from tests.given import Caller, Callers, a_referral
from tests.people.synthetic import NHS, PNC, a_perpetrator

PNC_ID, NHS_ID = {"kind": "PNC", "value": PNC}, {"kind": "NHS", "value": NHS}


class Searches:
    """Searches of Durham's hub, and the worker that tells of them."""

    def __init__(self, sessions: sessionmaker[Session], clock: SettableClock) -> None:
        self._sessions, self._clock = sessions, clock

    def made_by(self, caller: Caller, **by: Any) -> None:
        caller.post("/v1/person-searches", {"purpose": "REFERRAL"} | by).raise_for_status()
        self.tell()

    def tell(self) -> None:
        job = next(job for job in JOBS if job.name == "tell of searches")
        run_job(self._sessions, lambda _: self._clock.now(), job)


@pytest.fixture
def searches(sessions: sessionmaker[Session], clock: SettableClock) -> Searches:
    return Searches(sessions, clock)


@pytest.fixture
def known_here(callers: Callers) -> None:
    """Anytown has a case of this victim and perpetrator."""
    victim = {"ref": "V-JEAN", "age": 30, "identifiers": [NHS_ID]}
    sent = a_referral(victim=victim, perpetrator=a_perpetrator("P-1", PNC_ID))
    callers.hub.post("/v1/referrals", sent).raise_for_status()


@pytest.mark.parametrize("by", [{"identifiers": [PNC_ID]}, {"identifiers": [NHS_ID]}, {"ref": "V-JEAN"}])
def test_holder_of_who_was_searched_for_is_told_who_asked(
    by: dict[str, Any], callers: Callers, durham: Callers, searches: Searches, known_here: None
) -> None:
    searches.made_by(durham.hub, **by)

    for caller in (callers.hub, callers.coordinator):
        (told,) = released(caller, "F27")
        assert told["content"] == {"by": "DURHAM-POLICE", "purpose": "REFERRAL", "day": "2026-03-10"}


def test_search_tells_nobody_but_the_holders_of_another_area(
    callers: Callers, durham: Callers, searches: Searches, known_here: None
) -> None:
    searches.made_by(callers.hub, identifiers=[PNC_ID])
    searches.made_by(durham.hub, identifiers=[PNC_ID])

    assert {one for one in arrivals(callers, durham) if one[0] == "F27"} == {
        ("F27", "ANYTOWN-POLICE", "PVP_HUB"),
        ("F27", "ANYTOWN-MARAC", "MARAC_COORDINATOR"),
    }
    events = durham.hub.get("/v1/events", limit=200).json()["items"]
    assert [one["type"] for one in events if one["type"] == "release.made"] == []


def test_same_searcher_is_told_of_once_a_day(
    callers: Callers, durham: Callers, searches: Searches, known_here: None
) -> None:
    for _ in range(3):
        searches.made_by(durham.hub, identifiers=[PNC_ID])

    assert len(released(callers.hub, "F27")) == 1


def test_who_searched_reads_nothing_of_the_release_by_its_id(
    callers: Callers, durham: Callers, searches: Searches, known_here: None
) -> None:
    searches.made_by(durham.hub, identifiers=[PNC_ID])
    (told,) = released(callers.hub, "F27")

    assert durham.hub.get(f"/v1/releases/{told['id']}").status_code == 404


def test_holder_says_that_a_person_received_it_and_not_that_it_is_another_agencys(
    callers: Callers, durham: Callers, searches: Searches, known_here: None
) -> None:
    searches.made_by(durham.hub, identifiers=[PNC_ID])
    (told,) = released(callers.hub, "F27")
    person = {"X-On-Behalf-Of": "ana.lima"}
    here = f"/v1/releases/{told['id']}"

    elsewhere = callers.hub.post(f"{here}/misdirections", {"reason": "NOT_THIS_PERSON"}, **person)

    assert (elsewhere.status_code, callers.hub.post(f"{here}/receipts", {}, **person).status_code) == (409, 201)
