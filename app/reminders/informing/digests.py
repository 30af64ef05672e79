"""Says to each post, once on a working day from nine o'clock, everything that came due for it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.foundation.errors import ServiceError
from app.foundation.working_days import working_days_of
from app.reminders import line_repository
from app.reminders.informing.entries import digest_entries, due_items
from app.reminders.informing.messages import PostDigest, digest_messages
from app.reminders.informing.posts import InformedPost, PostDirectory
from app.reminders.informing.recording import record_digests
from app.reminders.line_repository import IntendedPost
from app.reminders.opening import is_open, next_opening, opening_after
from app.vocabulary import Role

_log = logging.getLogger(__name__)
AGENCIES_AT_A_TIME = 50
Intended: TypeAlias = Sequence[IntendedPost]


def say_digests(session: Session, directory: PostDirectory, now: datetime) -> int:
    """Says the digests of the posts of up to 50 agencies, and returns how many there were.

    Those of one agency's posts travel in one event; what a post reads by e-mail, or nobody fills, travels alone. What
    is due for a post that had its digest today, or while offices are closed, waits for the next working morning.
    """
    together: dict[tuple[str, str | None, Role | None], dict[InformedPost, list[IntendedPost]]] = {}
    waiting = line_repository.posts_waiting(session, now)
    mailed = line_repository.posts_read_by_mail(session, {one.area for one in waiting})
    for intended in waiting:
        post = directory.informed(intended)
        alone = post.agency is None or (post.area, post.role, post.agency) in mailed
        posts = together.setdefault((post.area, post.agency, post.role if alone else None), {})
        posts.setdefault(post, []).append(intended)
    return sum(_say_all(session, posts, now) for posts in list(together.values())[:AGENCIES_AT_A_TIME])


def _say_all(session: Session, posts: Mapping[InformedPost, Intended], now: datetime) -> int:
    """Says the digests of these posts of one agency, and returns how many. Each by itself if one cannot be written."""
    number = _say_or_log(session, posts, now)
    if number is None and len(posts) > 1:
        return sum(_say_or_log(session, {post: intended}, now) or 0 for post, intended in posts.items())
    return number or 0


def _say_or_log(session: Session, posts: Mapping[InformedPost, Intended], now: datetime) -> int | None:
    """Returns how many digests were said, or None when one cannot be written, which must not stop those of others.

    Its lines wait, every sweep tries again, and `ladder_gaps` shows them.
    """
    try:
        # A savepoint: after an error PostgreSQL refuses every further statement of the transaction without one.
        with session.begin_nested():
            digests = [one for post, intended in posts.items() if (one := _digest(session, post, intended, now))]
            for message in digest_messages(digests, now):
                record_digests(session, message, now)
            return len(digests)
    except (ServiceError, DBAPIError):
        _log.exception("a digest could not be written")
        return None


def _digest(session: Session, post: InformedPost, intended: Intended, now: datetime) -> PostDigest | None:
    """Returns what the post is told now, or None when nothing is or when it waits for another morning."""
    calendar, today = working_days_of(intended[0].nation), london_date(now)
    if not is_open(now, calendar):
        line_repository.put_off(session, now, intended, next_opening(now, calendar))
        return None
    if line_repository.was_informed(session, post.area, post.role, post.agency, today):
        line_repository.put_off(session, now, intended, opening_after(today, calendar))
        return None
    lines = line_repository.digest_lines(session, now, intended)
    items = due_items(lines, post, now)
    return PostDigest(post, items, digest_entries(items, now), lines) if lines else None
