"""Says to each post, once on a working day from nine o'clock, everything that came due for it."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.foundation.errors import ServiceError
from app.foundation.working_days import working_days_of
from app.reminders import line_repository
from app.reminders.informing.entries import due_items
from app.reminders.informing.messages import digest_event
from app.reminders.informing.posts import InformedPost, PostDirectory
from app.reminders.informing.recording import record_digest
from app.reminders.line_repository import IntendedPost
from app.reminders.opening import is_open, next_opening, opening_after

_log = logging.getLogger(__name__)
POSTS_AT_A_TIME = 100


def say_digests(session: Session, directory: PostDirectory, now: datetime) -> int:
    """Says the digests of up to 100 posts, and returns how many there were.

    What is due for a post that had its digest today, or while offices are closed, waits for the next working morning.
    """
    posts: dict[InformedPost, list[IntendedPost]] = {}
    for intended in line_repository.posts_waiting(session, now):
        posts.setdefault(directory.informed(intended), []).append(intended)
    first = list(posts.items())[:POSTS_AT_A_TIME]
    return sum(_say_or_log(session, post, intended, now) for post, intended in first)


def _say_or_log(session: Session, post: InformedPost, intended: Sequence[IntendedPost], now: datetime) -> bool:
    """Returns whether a digest was said. One that cannot be written must not stop those of other posts.

    Its lines wait, every sweep tries again, and `ladder_gaps` shows them.
    """
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with session.begin_nested():
            return _say(session, post, intended, now)
    except (ServiceError, DBAPIError):
        _log.exception("a digest could not be written")
        return False


def _say(session: Session, post: InformedPost, intended: Sequence[IntendedPost], now: datetime) -> bool:
    calendar, today = working_days_of(intended[0].nation), london_date(now)
    if not is_open(now, calendar):
        line_repository.put_off(session, now, intended, next_opening(now, calendar))
        return False
    if line_repository.was_informed(session, post.area, post.role, post.agency, today):
        line_repository.put_off(session, now, intended, opening_after(today, calendar))
        return False
    lines = line_repository.digest_lines(session, now, intended)
    if lines:
        record_digest(session, post, digest_event(post, due_items(lines, now), now), lines, now)
    return bool(lines)
