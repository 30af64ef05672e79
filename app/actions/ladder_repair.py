"""Repairs reminder ladders: no unfinished action is without the timers of its deadline."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.deadlines import deadline_of, watched_action
from app.actions.repository import batches_of_unfinished_actions
from app.reminders.repair import deadlines_without_timers, ladder_gaps, resume_ended_ladders
from app.reminders.service import set_ladder

_log = logging.getLogger(__name__)


def repair_ladders(session: Session, now: datetime) -> int:
    """Sets the timers that unfinished actions lack, and returns how many. Any is a fault, and is logged as one."""
    repaired = resume_ended_ladders(session, now)
    # A second road beside the commit that sets timers: a ladder that a fault left out must not stay silent.
    for batch in batches_of_unfinished_actions(session):
        bare = deadlines_without_timers(session, [(action.id, action.due_version) for action in batch])
        for action in (one for one in batch if (one.id, one.due_version) in bare):
            subject, due = watched_action(session, action), deadline_of(action)
            set_ladder(session, subject, due, action.due_version, now)
            repaired += 1
    gaps = ladder_gaps(session, now)
    if repaired or gaps:
        _log.error("the reminder ladders had gaps", extra={"count": repaired + len(gaps)})
    return repaired
