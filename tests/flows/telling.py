"""Plays histories of one perpetrator in several areas, and reads what arrived where."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from tests.given import Caller, Callers, a_referral, an_incident, not_high_risk

Body = dict[str, Any]
PERPETRATOR = "P-1"
LICENCE = {"kind": "LICENCE", "service": "ANYTOWN-PROBATION", "starts_on": "2026-01-05", "ends_on": "2027-01-04"}
_TELLS = ("place events in the feed", "release what is owed")


@dataclass(frozen=True)
class Telling:
    """The worker's part in it, at the time of the test's clock."""

    sessions: sessionmaker[Session]
    clock: SettableClock

    def tick(self) -> None:
        """Releases what is owed now."""
        for name in _TELLS:
            run_job(self.sessions, lambda _: self.clock.now(), next(job for job in JOBS if job.name == name))


def refer(callers: Callers, area: str, victim: str, **changes: Any) -> Body:
    """The hub of the area reports the perpetrator for harming this victim; HIGH unless it is said otherwise."""
    perpetrator = {"ref": PERPETRATOR, "age": 41, **changes.pop("perpetrator", {})}
    crime = an_incident(force=f"{area}-POLICE", source_reference=f"CR-{victim}")
    sent = a_referral(
        f"DV-{area}-{victim}",
        **{"area": area, "victim": {"ref": victim, "age": 30}, "perpetrator": perpetrator, "incidents": [crime]}
        | changes,
    )
    answer = callers.hub.post("/v1/referrals", sent)
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def not_dangerous() -> Body:
    return not_high_risk()


def released(caller: Caller, flow: str | None = None) -> list[Body]:
    """What was released to the caller's agency, the oldest first."""
    items: list[Body] = caller.get("/v1/releases", limit=200).json()["items"][::-1]
    return [one for one in items if flow in {None, one["flow"]}]


def arrivals(*places: Callers) -> set[tuple[str, str, str]]:
    """Everything that arrived at any agency of these areas: the flow, the agency and the post."""
    every = (caller for place in places for caller in vars_of(place))
    return {(one["flow"], one["agency"], one["role"]) for caller in every for one in released(caller)}


def vars_of(place: Callers) -> list[Caller]:
    names = ("hub", "coordinator", "chair", "matac", "probation", "mappa", "idva", "council")
    return [getattr(place, name) for name in names]
