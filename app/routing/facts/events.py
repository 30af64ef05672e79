"""Joins the reports of one event: an event counts once, however often and by however many agencies it is sent.

Two reports are of one event when no person is known to differ and they have the same force and crime number, or, where
one of them has no number, the same force and instant. A later report completes the event. By it the event never counts
for less, and no event that counted is taken for another one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from typing import TypeAlias

from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.three_valued import three_valued_and, three_valued_or
from app.routing.policy.vocabulary import IncidentOutcome, Injury

CAUGHT = frozenset({IncidentOutcome.ARRESTED, IncidentOutcome.CHARGED})
_NEVER = datetime.max.replace(tzinfo=UTC)
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


def events_by_anybody(reports: Iterable[IncidentFacts]) -> tuple[IncidentFacts, ...]:
    """Returns the events without who told of them: one that another agency sends again is no other event."""
    return tuple(replace(event, author=None, may_say=False) for event in distinct_events(reports))


def reports_by_event(reports: Iterable[IncidentFacts]) -> list[list[IncidentFacts]]:
    """Returns the reports of each event together."""
    groups: list[list[IncidentFacts]] = []
    places: dict[_Key, list[int]] = defaultdict(list)
    # Numbered reports first: a report without a number then finds the event that has one.
    for report in sorted(reports, key=lambda one: (one.source_reference is None, *_order(one))):
        key, *others = _keys(report)
        place = next((at for at in places[key] if _same_people(groups[at], report)), len(groups))
        if place == len(groups):
            groups.append([])
            # Only the first report says when it was: one that gives the number another time draws in no other event.
            for each in (key, *others):
                places[each].append(place)
        groups[place].append(report)
    return groups


def _order(report: IncidentFacts) -> tuple[datetime, datetime]:
    """Returns where the report comes among those of its event: by when we had it, whatever its sender says."""
    return report.recorded_at or _NEVER, report.reported_at


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
    in_order = sorted(group, key=_order)
    return replace(reduce(_completed, in_order), outcome=_outcome(in_order))


def _completed(event: IncidentFacts, later: IncidentFacts) -> IncidentFacts:
    """Returns the event with what a later report adds; of the people and the number, the first that is told.

    It is less than a crime, or antisocial behaviour only, where every report says so: silence is no such word.
    """
    return replace(
        event,
        occurred_at=_corrected_time(event, later.occurred_at),
        source_reference=event.source_reference or later.source_reference,
        victim_ref=event.victim_ref or later.victim_ref,
        perpetrator_ref=event.perpetrator_ref or later.perpetrator_ref,
        also_harmed=tuple(dict.fromkeys((*event.also_harmed, *later.also_harmed))),
        injury=max((one for one in (event.injury, later.injury) if one), key=_GRAVITY.index, default=None),
        not_arrested_reasons=tuple(dict.fromkeys((*event.not_arrested_reasons, *later.not_arrested_reasons))),
        criminal=three_valued_or((event.criminal, later.criminal)),
        asb_linked=three_valued_and(event.asb_linked, later.asb_linked),
        may_say=event.may_say or later.may_say,
    )


def _corrected_time(event: IncidentFacts, corrected: datetime) -> datetime:
    """Returns the later time, unless the event was on record by then."""
    if event.recorded_at is not None and corrected > event.recorded_at:
        return event.occurred_at
    return max(event.occurred_at, corrected)


def _outcome(in_order: list[IncidentFacts]) -> IncidentOutcome | None:
    """Returns what came of the event: the newest that its authors say, of those who may say if there are any.

    The suspect was caught once all of these authors say so.
    """
    heard = [one for one in in_order if one.may_say] or in_order
    newest: dict[str | None, IncidentOutcome | None] = {}
    for one in heard:
        newest[one.author] = one.outcome or newest.get(one.author)
    at_large = [outcome for outcome in newest.values() if outcome not in CAUGHT]
    return (at_large or list(newest.values())[::-1])[0]


def newest_abuse(
    incidents: Iterable[IncidentFacts], victim: str, perpetrator: str | None, instant: datetime | None = None
) -> IncidentFacts | None:
    """Returns the event that happened last in which this perpetrator, known or not, abused this victim.

    With `instant`, the last one until then. Antisocial behaviour alone is none.
    """
    events = distinct_events(incidents, instant)
    of_couple = [one for one in events if (one.victim_ref, one.perpetrator_ref) == (victim, perpetrator)]
    return next((one for one in reversed(of_couple) if one.asb_linked is not True), None)
