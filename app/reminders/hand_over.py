"""Hands the reminders of a running deadline to another owner; what was said above the owner is not said again."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.reminders import line_repository, repository
from app.reminders.deadline import Deadline
from app.reminders.ladder import OWNER, OWNERLESS_RUNG
from app.reminders.models import ReminderTimer
from app.reminders.opening import next_opening
from app.reminders.repetition import SAME_AS_BEFORE
from app.reminders.service import ReminderSubject, redate_ladder
from app.reminders.vocabulary import TimerState

OWNER_CHANGED = "owner_changed"
COPIED = (*SAME_AS_BEFORE, "rung", "tells", "danger", "fire_at", "ladder_version", "calendar_version")


def hand_over_ladder(
    session: Session, subject: ReminderSubject, due: Deadline, due_version: int, now: datetime
) -> None:
    """Lets the subject's ladder go on for its owner of now, under this version of the unchanged deadline.

    The owner is told of the highest rung that has passed. Those above hear only what they have not heard; in another
    area they are other people, and without an owner the co-ordinator stands in, so there the ladder begins anew.
    """
    session.flush()
    repository.wait_for_sweep(session, subject.subject_id)
    known = repository.going_on(session, subject.subject_id)
    waiting = [timer for timer in known if timer.state == TimerState.SCHEDULED and timer.rung != OWNERLESS_RUNG]
    if not waiting or subject.owner_agency is None or {timer.area for timer in known} != {subject.area}:
        redate_ladder(session, subject, due, due_version, now)
        return
    fired = [timer for timer in known if timer.state == TimerState.FIRED and timer.rung != OWNERLESS_RUNG]
    repository.cancel_scheduled(session, subject.subject_id, OWNER_CHANGED, now)
    line_repository.withdraw_lines(session, subject.subject_id, OWNER_CHANGED, now, [OWNER])
    changed = asdict(subject) | {"due_version": due_version, "state": TimerState.SCHEDULED}
    repository.add_timers(session, [_copy(timer) | changed for timer in waiting] + _said_anew(fired, changed, now))


def _said_anew(fired: Sequence[ReminderTimer], changed: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Returns the timer that tells the new owner of the highest rung that the owner before was told of."""
    heard = [timer for timer in fired if OWNER in timer.tells and not timer.spares_owner]
    if not heard:
        return []
    highest = max(heard, key=lambda timer: timer.rung)
    fire_at = now if highest.danger else next_opening(now, working_days_of(highest.nation))
    return [_copy(highest) | changed | {"tells": [OWNER], "fire_at": fire_at}]


def _copy(timer: ReminderTimer) -> dict[str, Any]:
    return {name: getattr(timer, name) for name in COPIED} | {"id": new_id("tmr")}
