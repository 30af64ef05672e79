"""Counts the incidents of a case in a window. Every function takes its instant; none reads a clock.

A window is a number of calendar months back from the instant, the first day included. A person who is not
identified may raise a count: the count is known only when it falls on the same side of the threshold with
that person and without; otherwise it is not known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.routing.facts.dates import london_date, months_before
from app.routing.facts.events import distinct_events, same_person
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.incidents import IncidentFacts


class CountScope(StrEnum):
    """Whose incidents count: those of this couple (DYAD), of the victim, or of the perpetrator with anybody."""

    DYAD = "DYAD"
    VICTIM = "VICTIM"
    PERPETRATOR = "PERPETRATOR"


@dataclass(frozen=True, slots=True)
class CountRule:
    """What is counted: incidents in so many months, in the scope. The count is compared with `threshold`.

    Antisocial behaviour counts only with `count_asb` (Jean review, 14.1.3).
    """

    months: int
    scope: CountScope
    threshold: int
    count_asb: bool = False


def settled_count(least: int, most: int, threshold: int) -> int | None:
    """Returns the count `least` when `least` and `most` are on the same side of the threshold, else None."""
    # Rules compare a count only with its threshold, so the exact number may stay open.
    return least if least >= threshold or most < threshold else None


def more_elsewhere(case: CaseSnapshot) -> bool:
    """Returns whether there is a sign of incidents that no record here holds.

    A move, another area, or another force.
    """
    areas = {area for area in (case.victim.home_area, case.perpetrator.home_area) if area}
    forces = {incident.force for incident in case.incidents or ()}
    return case.victim.moved_area is True or home_is_disputed(case) or len(areas) > 1 or len(forces) > 1


def home_is_disputed(case: CaseSnapshot) -> bool:
    """Returns whether two authors say of one of the two people that they live in different areas."""
    return not {"/victim/home_area", "/perpetrator/home_area"}.isdisjoint(case.disputed)


def at_least(case: CaseSnapshot, count: int, threshold: int) -> int | None:
    """Returns the count of our records; None where it is under the threshold and there is a sign of more elsewhere."""
    return None if count < threshold and more_elsewhere(case) else count


def recent(incidents: Iterable[IncidentFacts], instant: datetime, months: int) -> tuple[IncidentFacts, ...]:
    """Returns the incidents inside the window and not after the instant, oldest first."""
    # The first London day counts whole; nothing counts that happened after the instant, known by now or not.
    first = months_before(london_date(instant), months)
    inside = (i for i in incidents if first <= london_date(i.occurred_at) and i.occurred_at <= instant)
    return tuple(sorted(inside, key=lambda i: (i.occurred_at, i.reported_at, i.force)))


def in_scope(case: CaseSnapshot, incident: IncidentFacts, scope: CountScope) -> bool | None:
    """Returns whether the incident is in the scope; None when a person who decides it is not identified."""
    victim = same_person(incident.victim_ref, case.victim.ref)
    perpetrator = same_person(incident.perpetrator_ref, case.perpetrator.ref)
    match scope:
        case CountScope.VICTIM:
            return victim
        case CountScope.PERPETRATOR:
            return perpetrator
        case CountScope.DYAD:
            if victim is False or perpetrator is False:
                return False
            return None if victim is None or perpetrator is None else True


def count_incidents(case: CaseSnapshot, instant: datetime, rule: CountRule) -> int | None:
    """Returns how many events on record the rule counts at the instant, across all forces: a least number.

    None when an incident on record, by somebody not identified, could take it over the threshold, or when it is
    under the threshold and there is a sign of more elsewhere.
    """
    in_window = recent(distinct_events(case.incidents or (), instant), instant, rule.months)
    counted = [i for i in in_window if rule.count_asb or i.asb_linked is not True]
    belongs = [in_scope(case, i, rule.scope) for i in counted]
    least = belongs.count(True)
    count = settled_count(least, least + belongs.count(None), rule.threshold)
    return None if count is None else at_least(case, count, rule.threshold)
