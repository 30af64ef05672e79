"""Calls a post at once, day or night: one call for each case and post, with every danger of the case that is due."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.errors import ServiceError
from app.reminders import line_repository
from app.reminders.informing.entries import due_items
from app.reminders.informing.messages import danger_event
from app.reminders.informing.posts import InformedPost, PostDirectory
from app.reminders.informing.recording import record_call
from app.reminders.line_repository import WaitingLine

_log = logging.getLogger(__name__)
CASES_AT_A_TIME = 200


def make_danger_calls(session: Session, directory: PostDirectory, now: datetime) -> int:
    """Calls the posts for up to 200 cases, and returns how many calls there were."""
    cases = line_repository.cases_in_danger(session, now, CASES_AT_A_TIME)
    if not cases:
        return 0
    grouped: dict[tuple[InformedPost, str], list[WaitingLine]] = {}
    for line in line_repository.danger_lines(session, now, cases):
        grouped.setdefault((directory.informed(line), line.about), []).append(line)
    return sum(_call_or_log(session, post, lines, now) for (post, _), lines in grouped.items())


def _call_or_log(session: Session, post: InformedPost, lines: Sequence[WaitingLine], now: datetime) -> bool:
    """Makes the call and returns whether it could. Its lines wait otherwise, and one bad line stops no other case."""
    try:
        with session.begin_nested():
            record_call(session, post, danger_event(post, due_items(lines, post, now), now), lines, now)
    except (ServiceError, DBAPIError):
        _log.exception("a danger call could not be written")
        return False
    return True
