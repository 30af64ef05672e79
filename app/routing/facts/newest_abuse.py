"""Finds the newest event of the couple: what was said of an older one does not count for it."""

from collections.abc import Iterable
from datetime import datetime

from app.routing.facts.events import distinct_events
from app.routing.facts.snapshot.incidents import IncidentFacts


def newest_abuse(
    incidents: Iterable[IncidentFacts], victim: str, perpetrator: str | None, instant: datetime | None = None
) -> IncidentFacts | None:
    """Returns the event that happened last in which this perpetrator, known or not, abused this victim.

    With `instant`, the last one until then. Antisocial behaviour alone is none.
    """
    events = distinct_events(incidents, instant)
    of_couple = [one for one in events if (one.victim_ref, one.perpetrator_ref) == (victim, perpetrator)]
    return next((one for one in reversed(of_couple) if one.asb_linked is not True), None)
