"""The queries of the lines: what waits to be said to which post, what was said, and what is withdrawn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.reminders.models import PostMailbox, ReminderLine, ReminderMessage, ReminderTimer
from app.vocabulary import Nation, Role, SubjectType

WAITING = (ReminderLine.message_id.is_(None), ReminderLine.withdrawn_at.is_(None))
INTENDED = (ReminderLine.area, ReminderLine.nation, ReminderLine.role, ReminderLine.agency)
# Columns and not rows of the models: after an outage one post may have tens of thousands of lines.
WRITTEN = (
    *(*INTENDED, ReminderLine.timer_id, ReminderLine.tells, ReminderLine.about),
    *(ReminderTimer.subject_type, ReminderTimer.subject_id, ReminderTimer.case_id, ReminderTimer.duty),
    *(ReminderTimer.came_back, ReminderTimer.due_on, ReminderTimer.due_at, ReminderTimer.life_safety),
    *(ReminderTimer.rung, ReminderTimer.owner_role, ReminderTimer.owner_agency),
)
_MARK_SAID = text("""
    UPDATE reminder_line l SET message_id = :message_id
    FROM unnest(CAST(:timers AS text[]), CAST(:tells AS text[])) AS said (timer_id, tells)
    WHERE l.timer_id = said.timer_id AND l.tells = said.tells
""")


@dataclass(frozen=True, slots=True)
class IntendedPost:
    """The post that a line stands for. The fields are the columns `INTENDED`."""

    area: str
    nation: Nation
    role: Role
    agency: str | None


@dataclass(frozen=True, slots=True)
class WaitingLine(IntendedPost):
    """A line that waits, and what its timer says. The fields are the columns `WRITTEN`."""

    timer_id: str
    tells: str
    about: str
    subject_type: SubjectType
    subject_id: str
    case_id: str | None
    duty: str | None
    came_back: bool
    due_on: date | None
    due_at: datetime | None
    life_safety: bool
    rung: int
    owner_role: Role
    owner_agency: str | None


def add_lines(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Stores the lines; one that is there already stays as it is."""
    session.execute(insert(ReminderLine).on_conflict_do_nothing(), rows, execution_options={"render_nulls": True})


def withdraw_lines(
    session: Session, subject_id: str, reason: str, now: datetime, tells: Collection[str] | None = None
) -> None:
    """Withdraws the subject's lines, said or not; with `tells` only those of these words of the ladder.

    A database trigger cancels messages in which nothing stands. The statement waits for a sweep that is saying one of
    them, and then withdraws it as one that was said.
    """
    its_own = select(ReminderTimer.id).where(ReminderTimer.subject_id == subject_id)
    which = [] if tells is None else [ReminderLine.tells.in_(tells)]
    session.execute(
        update(ReminderLine)
        .where(ReminderLine.timer_id.in_(its_own), ReminderLine.withdrawn_at.is_(None), *which)
        .values(reason=reason, withdrawn_at=now)
    )


def cases_in_danger(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """Returns up to `limit` cases, or subjects without one, of which a danger call is due, the longest due first."""
    due = select(ReminderLine.about, ReminderLine.say_from).where(
        *WAITING, ReminderLine.danger.is_(True), ReminderLine.say_from <= now
    )
    ordered = due.order_by(ReminderLine.say_from).limit(limit)
    return list(dict.fromkeys(about for about, _ in session.execute(ordered)))


def danger_lines(session: Session, now: datetime, about: Collection[str]) -> list[WaitingLine]:
    """Returns and locks the danger lines that are due of these cases."""
    return _lines(session, ReminderLine.danger.is_(True), ReminderLine.say_from <= now, ReminderLine.about.in_(about))


def posts_waiting(session: Session, now: datetime) -> list[IntendedPost]:
    """Returns the posts for which lines of a digest are due (area, nation, role, agency), the longest due first."""
    found = session.execute(
        select(*INTENDED)
        .where(*WAITING, ReminderLine.danger.is_(False), ReminderLine.say_from <= now)
        .group_by(*INTENDED)
        .order_by(func.min(ReminderLine.say_from), *INTENDED)
    )
    return [IntendedPost(**row) for row in found.mappings()]


def digest_lines(session: Session, now: datetime, posts: Collection[IntendedPost]) -> list[WaitingLine]:
    """Returns and locks the lines of a digest that are due for these posts."""
    return _lines(session, ReminderLine.danger.is_(False), ReminderLine.say_from <= now, _of_posts(posts))


def _lines(session: Session, *which: ColumnElement[bool]) -> list[WaitingLine]:
    """Returns each waiting line with what its timer says, locked.

    SKIP LOCKED: a review that holds a line this moment withdraws it. Should the review fail, the next sweep finds it.
    """
    found = session.execute(
        select(*WRITTEN)
        .join(ReminderTimer, ReminderTimer.id == ReminderLine.timer_id)
        .where(*WAITING, *which)
        .order_by(ReminderTimer.rung, ReminderLine.timer_id, ReminderLine.tells)
        .with_for_update(of=ReminderLine, skip_locked=True)
    )
    return [WaitingLine(**row) for row in found.mappings()]


def put_off(session: Session, now: datetime, posts: Collection[IntendedPost], until: datetime) -> None:
    """Lets the lines of a digest that are due for these posts wait until `until`."""
    free = (
        select(ReminderLine.timer_id, ReminderLine.tells)
        .where(*WAITING, ReminderLine.danger.is_(False), ReminderLine.say_from <= now, _of_posts(posts))
        .with_for_update(skip_locked=True)
    )
    which = tuple_(ReminderLine.timer_id, ReminderLine.tells)
    session.execute(update(ReminderLine).where(which.in_(free)).values(say_from=until))


def _of_posts(posts: Collection[IntendedPost]) -> ColumnElement[bool]:
    found = ReminderLine.agency.is_(None) & tuple_(ReminderLine.area, ReminderLine.role).in_(
        [(post.area, post.role) for post in posts if post.agency is None]
    )
    named = [(post.area, post.role, post.agency) for post in posts if post.agency is not None]
    return found | tuple_(ReminderLine.area, ReminderLine.role, ReminderLine.agency).in_(named)


def was_informed(session: Session, area: str, role: str, agency: str | None, day: date) -> bool:
    """Returns whether the post had its digest of that day."""
    same = (
        ReminderMessage.area == area,
        ReminderMessage.role == role,
        ReminderMessage.agency.is_not_distinct_from(agency),
        ReminderMessage.day == day,
    )
    return session.scalar(select(ReminderMessage.id).where(*same)) is not None


def posts_read_by_mail(session: Session, areas: Collection[str]) -> set[tuple[str, str, str]]:
    """Returns the posts of these areas (area, role, agency) that read their reminders by e-mail."""
    its_post = (PostMailbox.area, PostMailbox.role, PostMailbox.agency)
    return {
        (area, role, agency)
        for area, role, agency in session.execute(select(*its_post).where(PostMailbox.area.in_(areas)))
    }


def mark_said(session: Session, lines: Sequence[WaitingLine], message_id: str) -> None:
    """Records the message that carries these lines."""
    timers, tells = [line.timer_id for line in lines], [line.tells for line in lines]
    session.execute(_MARK_SAID, {"message_id": message_id, "timers": timers, "tells": tells})


def unsaid_lines(session: Session, before: datetime) -> list[tuple[str, datetime]]:
    """Returns the subject and instant of lines that should have been said before `before` and were not."""
    found = session.execute(
        select(ReminderTimer.subject_id, ReminderLine.say_from)
        .join(ReminderTimer, ReminderTimer.id == ReminderLine.timer_id)
        .where(*WAITING, ReminderLine.say_from < before)
        .order_by(ReminderLine.say_from)
        .limit(1000)
    )
    return [(subject, since) for subject, since in found]


def add_mailbox(session: Session, mailbox: PostMailbox) -> None:
    """Stores the address of a post in place of an earlier one."""
    session.merge(mailbox)


def delete_mailbox(session: Session, area: str, role: str, agency: str) -> bool:
    """Deletes the address of a post, and returns whether there was one."""
    its_own = (PostMailbox.area == area, PostMailbox.role == role, PostMailbox.agency == agency)
    return session.scalar(delete(PostMailbox).where(*its_own).returning(PostMailbox.agency)) is not None
