"""Counts calls in one statement, so that two processes never count one call on the same number."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.throttle.limits import Limit, LimitUse
from app.throttle.models import CallCount


def count_call(session: Session, limits: Mapping[str, Limit], now: datetime) -> list[LimitUse]:
    """Counts one call of each subject. Returns how each now stands, in the order of `limits`."""
    # In one order always: two calls of the same two subjects would otherwise wait for each other.
    rows = [{"subject": subject, "began": limits[subject].window_at(now), "calls": 1} for subject in sorted(limits)]
    sent = insert(CallCount).values(rows)
    new = sent.excluded
    longest = timedelta(seconds=max(limit.seconds for limit in limits.values()))
    # Where the clocks of two machines differ, the later window counts for both. One that is further ahead is a clock
    # that was wrong, and nobody waits until its time has come.
    goes_on = CallCount.began.between(new.began, new.began + longest)
    counted = sent.on_conflict_do_update(
        index_elements=[CallCount.subject],
        set_={
            "began": case((goes_on, CallCount.began), else_=new.began),
            "calls": case((goes_on, CallCount.calls + 1), else_=1),
        },
    ).returning(CallCount.subject, CallCount.began, CallCount.calls)
    found = {subject: (began, calls) for subject, began, calls in session.execute(counted)}
    return [LimitUse(limit, *found[subject]) for subject, limit in limits.items()]


def use_of(session: Session, subject: str, limit: Limit) -> LimitUse | None:
    """Returns how the subject stood when it was counted last, or None."""
    counted = session.get(CallCount, subject)
    return LimitUse(limit, counted.began, counted.calls) if counted else None


def forget_counts(session: Session, before: datetime, most: int) -> int:
    """Deletes counts of windows that began before then, `most` at a time. Returns how many."""
    # Passes over counts that a call is adding to at this moment: the job holds up nobody.
    old = select(CallCount.subject).where(CallCount.began < before).limit(most).with_for_update(skip_locked=True)
    gone = session.scalars(delete(CallCount).where(CallCount.subject.in_(old)).returning(CallCount.subject))
    return len(gone.all())
