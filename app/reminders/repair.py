"""Finds what a working ladder never shows (timers that did not fire, ladders that ended) and lets ladders go on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.reminders import line_repository, repository
from app.reminders.repetition import repeat_timers

# A sweep comes every second: for a timer this late nobody sweeps, or its reminder fails each time.
SWEEP_IS_DEAD_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class LadderGap:
    """A fault of the reminders themselves: which kind, which subject, and since when, if that is known."""

    kind: str
    subject_id: str
    since: datetime | None


def ladder_gaps(session: Session, now: datetime) -> list[LadderGap]:
    """Returns what has not fired or was not said, subjects with two deadlines, and subjects without a next reminder."""
    late = repository.overdue_timers(session, now - SWEEP_IS_DEAD_AFTER)
    unsaid = line_repository.unsaid_lines(session, now - SWEEP_IS_DEAD_AFTER)
    two_deadlines = repository.subjects_with_two_versions(session)
    ended = repository.subjects_without_next_timer(session)
    return [
        *(LadderGap("rung has not fired", timer.subject_id, timer.fire_at) for timer in late),
        *(LadderGap("line was not said", subject, since) for subject, since in unsaid),
        *(LadderGap("two deadlines", subject, None) for subject in two_deadlines),
        *(LadderGap("ladder has ended", subject, None) for subject in ended),
    ]


def deadlines_without_timers(session: Session, wanted: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Returns those of the (subject, version of its deadline) that have no timer at all."""
    return set(wanted) - repository.deadlines_with_timers(session, wanted) if wanted else set()


def resume_ended_ladders(session: Session, now: datetime) -> int:
    """Sets the next timer of each ladder that ended before a person reviewed its subject. Returns how many there were.

    A ladder that has ended so is a fault of this service or of an older version.
    """
    fired = repository.standing_reminders(session, repository.subjects_without_next_timer(session))
    highest = {timer.subject_id: timer for timer in sorted(fired, key=lambda one: (one.due_version, one.rung))}
    if highest:
        repository.add_timers(session, repeat_timers(session, list(highest.values()), now))
    return len(highest)
