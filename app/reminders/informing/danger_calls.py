"""Calls a post at once, day or night: one call for each case and post, with every danger of the case that is due.

What is said again until somebody looks is called for many cases together: a post that is called for each case each
second day hears none of them.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.reminders import line_repository
from app.reminders.deadline import Deadline
from app.reminders.informing.entries import due_items
from app.reminders.informing.messages import danger_event
from app.reminders.informing.posts import InformedPost, PostDirectory
from app.reminders.informing.recording import record_call
from app.reminders.ladder_file import ladders
from app.reminders.line_repository import WaitingLine

_log = logging.getLogger(__name__)
CASES_AT_A_TIME = 200
CASES_IN_A_CALL = 12
"""What 2 KiB hold by name where a case has a few dangers. More cases are more calls, so that each is named."""


def make_danger_calls(session: Session, directory: PostDirectory, now: datetime) -> int:
    """Calls the posts for up to 200 cases, and returns how many calls there were."""
    cases = line_repository.cases_in_danger(session, now, CASES_AT_A_TIME)
    if not cases:
        return 0
    grouped: dict[tuple[InformedPost, str], list[WaitingLine]] = {}
    for line in line_repository.danger_lines(session, now, cases):
        grouped.setdefault((directory.informed(line), line.about), []).append(line)
    return sum(_call_or_log(session, post, lines, now) for post, lines in _calls(grouped))


def _calls(
    grouped: Mapping[tuple[InformedPost, str], list[WaitingLine]],
) -> Iterator[tuple[InformedPost, list[WaitingLine]]]:
    """Yields the lines of each call to a post: those of one case, or of cases of which all is said again."""
    again: dict[InformedPost, list[list[WaitingLine]]] = {}
    for (post, _), lines in grouped.items():
        if all(_is_said_again(line) for line in lines):
            again.setdefault(post, []).append(lines)
        else:
            yield post, lines
    for post, cases in again.items():
        for first in range(0, len(cases), CASES_IN_A_CALL):
            yield post, list(chain.from_iterable(cases[first : first + CASES_IN_A_CALL]))


def _is_said_again(line: WaitingLine) -> bool:
    due = Deadline(line.due_on, line.due_at, line.life_safety)
    return line.rung > ladders().for_deadline(line.area, due).last_step


def _call_or_log(session: Session, post: InformedPost, lines: Sequence[WaitingLine], now: datetime) -> bool:
    """Makes the call and returns whether it could. Its lines wait otherwise, and one bad line stops no other case."""
    try:
        with session.begin_nested():
            record_call(session, post, danger_event(post, due_items(lines, post, now), now), lines, now)
    except (ServiceError, DBAPIError):
        _log.exception("a danger call could not be written")
        return False
    return True
