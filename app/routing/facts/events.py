"""Joins the reports of one event: an event counts once, however often and by however many agencies it is sent.

Two reports are of one event when no person is known to differ and they have the same force and crime number, or, where
one of them has no number, the same force and instant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import TypeAlias

from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.policy.vocabulary import Injury

_Key: TypeAlias = tuple[str, str | datetime]
_GRAVITY = tuple(Injury)  # from none to serious


def same_person(seen: str | None, wanted: str | None) -> bool | None:
    """Returns whether two pseudonyms are of one person; None when one of them is not known."""
    return None if seen is None or wanted is None else seen == wanted


def distinct_events(reports: Iterable[IncidentFacts], instant: datetime | None = None) -> tuple[IncidentFacts, ...]:
    """Returns the events, each with what all its reports say together, oldest first.

    With `instant`, those until then.
    """
    until = [one for one in reports if instant is None or one.occurred_at <= instant]
    events = map(_event, reports_by_event(until))
    return tuple(sorted(events, key=lambda one: (one.occurred_at, one.reported_at, one.force)))


def reports_by_event(reports: Iterable[IncidentFacts]) -> list[list[IncidentFacts]]:
    """Returns the reports of each event together."""
    groups: list[list[IncidentFacts]] = []
    places: dict[_Key, list[int]] = defaultdict(list)
    # Numbered reports first: a report without a number then finds the event that has one.
    for report in sorted(reports, key=lambda one: one.source_reference is None):
        key, *others = _keys(report)
        place = next((at for at in places[key] if _same_people(groups[at], report)), len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(report)
        for each in (key, *others):
            places[each].append(place)
    return groups


def _keys(report: IncidentFacts) -> Iterator[_Key]:
    """Yields what identifies the event, the strongest first."""
    if report.source_reference is not None:
        yield report.force, report.source_reference
    yield report.force, report.occurred_at


def _same_people(group: list[IncidentFacts], report: IncidentFacts) -> bool:
    return all(
        same_person(one.victim_ref, report.victim_ref) is not False
        and same_person(one.perpetrator_ref, report.perpetrator_ref) is not False
        for one in group
    )


def _event(group: list[IncidentFacts]) -> IncidentFacts:
    return reduce(_completed, sorted(group, key=lambda one: one.reported_at))


def _completed(event: IncidentFacts, later: IncidentFacts) -> IncidentFacts:
    """Returns the event with what a later report adds: what is known replaces what is not known.

    The later time and outcome stand, and the first record. Where two reports contradict each other, the answer by
    which the event counts stands: criminal, and not antisocial behaviour only.
    """
    return replace(
        event,
        occurred_at=max(event.occurred_at, later.occurred_at),
        source_reference=event.source_reference or later.source_reference,
        victim_ref=event.victim_ref or later.victim_ref,
        perpetrator_ref=event.perpetrator_ref or later.perpetrator_ref,
        outcome=later.outcome or event.outcome,
        also_harmed=tuple(dict.fromkeys((*event.also_harmed, *later.also_harmed))),
        injury=max((one for one in (event.injury, later.injury) if one), key=_GRAVITY.index, default=None),
        not_arrested_reason=later.not_arrested_reason or event.not_arrested_reason,
        recorded_at=min((at for at in (event.recorded_at, later.recorded_at) if at is not None), default=None),
        criminal=_settled(event.criminal, later.criminal, wins=True),
        asb_linked=_settled(event.asb_linked, later.asb_linked, wins=False),
    )


def _settled(one: bool | None, other: bool | None, *, wins: bool) -> bool | None:
    return wins if wins in (one, other) else next((known for known in (one, other) if known is not None), None)
