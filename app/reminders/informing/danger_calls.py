"""Calls a post at once, day or night: one call for each case and post, with every danger of the case that is due.

What is said again until somebody looks is one call for each post, with every case: a post that is called for each
case each second day hears none of them.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

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


def make_danger_calls(session: Session, directory: PostDirectory, now: datetime) -> int:
    """Calls the posts for up to 200 cases, and returns how many calls there were."""
    cases = line_repository.cases_in_danger(session, now, CASES_AT_A_TIME)
    if not cases:
        return 0
    grouped: dict[tuple[InformedPost, str | None], list[WaitingLine]] = {}
    for line in line_repository.danger_lines(session, now, cases):
        about = None if _is_said_again(line) else line.about
        grouped.setdefault((directory.informed(line), about), []).append(line)
    return sum(_call_or_log(session, post, lines, now) for (post, _), lines in grouped.items())


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
