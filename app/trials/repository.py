"""The queries of the trials room."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ownership.models import CaseNeed, Need
from app.referrals.models import Case, Decision
from app.trials.models import PolicyWhatIf


@dataclass(frozen=True, slots=True)
class LatestDecisions:
    """How many cases have a decision, and the number of the last decision there is."""

    total: int
    last_number: int


def what_if_by_id(session: Session, what_if_id: str) -> PolicyWhatIf | None:
    return session.scalar(select(PolicyWhatIf).where(PolicyWhatIf.id == what_if_id))


def next_unfinished_what_if(session: Session) -> PolicyWhatIf | None:
    """Returns the oldest what-if that is not finished, locked; one that another worker has locked is passed over."""
    return session.scalar(
        select(PolicyWhatIf)
        .where(PolicyWhatIf.finished_at.is_(None))
        .order_by(PolicyWhatIf.asked_at)
        .limit(1)
        # Two workers never take the same what-if, and neither waits for the other.
        .with_for_update(skip_locked=True)
    )


def latest_decisions_in(
    session: Session, areas: Sequence[str], after: int, until: int, limit: int
) -> Sequence[Decision]:
    """Returns the latest decision of each case of these areas up to the number `until`, in the order they were made.

    `after` is the number of the last decision that was read before.
    """
    # Numbers first: a record is large, and only those of this step are read.
    latest = (
        select(func.max(Decision.number))
        .where(Decision.area.in_(areas), Decision.number <= until)
        .group_by(Decision.case_id)
    )
    return session.scalars(
        select(Decision)
        .where(Decision.number.in_(latest), Decision.number > after)
        .order_by(Decision.number)
        .limit(limit)
    ).all()


def measure_latest_decisions(session: Session, areas: Sequence[str]) -> LatestDecisions:
    """Returns how many latest decisions there are to read in these areas, and up to which number."""
    total, last_number = session.execute(
        select(func.count(func.distinct(Decision.case_id)), func.coalesce(func.max(Decision.number), 0)).where(
            Decision.area.in_(areas)
        )
    ).one()
    return LatestDecisions(int(total), int(last_number))


def latest_decisions_of_open_cases(session: Session, areas: Sequence[str]) -> Sequence[tuple[Case, Decision]]:
    """Returns each case of these areas with a need that has not ended, and its latest decision."""
    is_open = (
        select(Need.id)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(CaseNeed.case_id == Case.id, Need.ended_at.is_(None))
        .exists()
    )
    latest = select(func.max(Decision.number)).group_by(Decision.case_id)
    rows = session.execute(
        select(Case, Decision)
        .join(Decision, Decision.case_id == Case.id)
        .where(Case.area.in_(areas), is_open, Decision.number.in_(latest))
        .order_by(Decision.number)
    )
    return [(case, decision) for case, decision in rows]
