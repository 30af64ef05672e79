"""Incidents as they were reported."""

from dataclasses import dataclass
from datetime import datetime

from app.routing.policy.vocabulary import IncidentOutcome, Injury, NotArrestedReason


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """One report of an incident, from any force or agency. Several reports can be of one event: `events` joins them.

    `recorded_at` is when this service received it; None where that is not on record. `may_say`: its author is the hub,
    or the service that supervises, whose word it is whether the suspect was arrested.
    """

    occurred_at: datetime
    reported_at: datetime
    force: str
    victim_ref: str | None
    perpetrator_ref: str | None
    criminal: bool | None = None
    outcome: IncidentOutcome | None = None
    asb_linked: bool | None = None
    source_reference: str | None = None
    recorded_at: datetime | None = None
    also_harmed: tuple[str, ...] = ()
    injury: Injury | None = None
    not_arrested_reasons: tuple[NotArrestedReason, ...] = ()
    author: str | None = None
    may_say: bool = False
