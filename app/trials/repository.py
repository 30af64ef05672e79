"""Every query of the trials room."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from app.ownership.models import CaseNeed, Need
from app.referrals.models import Case, Decision, Learned
from app.trials.models import PolicyWhatIf


def what_if_by_id(session: Session, what_if_id: str) -> PolicyWhatIf | None:
    return session.scalar(select(PolicyWhatIf).where(PolicyWhatIf.id == what_if_id))


def next_unfinished_what_if(session: Session) -> PolicyWhatIf | None:
    """The oldest what-if that is not finished and that no other worker has in hand."""
    return session.scalar(
        select(PolicyWhatIf)
        .where(PolicyWhatIf.finished_at.is_(None))
        .order_by(PolicyWhatIf.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def latest_decisions_in(
    session: Session, areas: Sequence[str], after: int, until: int, limit: int
) -> Sequence[Decision]:
    """The latest decision of each case of these areas up to a number, in the order they were made."""
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


def count_latest_decisions_in(session: Session, areas: Sequence[str]) -> tuple[int, int]:
    """How many cases of these areas have a decision, and the number of the last one."""
    row = session.execute(
        select(
            func.count(func.distinct(Decision.case_id)), func.coalesce(func.max(Decision.number), 0)
        ).where(Decision.area.in_(areas))
    ).one()
    return int(row[0]), int(row[1])


def latest_decisions_of_open_cases(session: Session, areas: Sequence[str]) -> Sequence[tuple[Case, Decision]]:
    """Each case with a need that has not ended, and the decision that stands for it."""
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


def learned_by(session: Session, referral_id: str, instant: datetime) -> Sequence[Learned]:
    """What had been learned about a referral by then, the oldest first."""
    return session.scalars(
        select(Learned)
        .where(Learned.referral_id == referral_id, Learned.learned_at <= instant)
        .order_by(Learned.number)
    ).all()


def earlier_marac_referral_at(session: Session, case_id: str, before: int) -> datetime | None:
    """When the case met a MARAC ground before the decision of that number; one that only might have does not count."""
    met = '$.findings[*] ? (@.outcome == "marac")'
    return session.scalar(
        select(func.max(Decision.decided_at)).where(
            Decision.case_id == case_id,
            Decision.number < before,
            Decision.record["outcomes"]["marac"].astext == "yes",
            func.jsonb_path_exists(Decision.record, cast(met, JSONPATH)),
        )
    )
