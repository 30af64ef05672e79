"""The queries of the trials room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from app.ownership.models import CaseNeed, Need
from app.referrals.models import Case, Decision, LaterFacts
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


def learned_by(session: Session, referral_id: str, instant: datetime) -> Sequence[LaterFacts]:
    """Returns what was learned about a referral up to the instant, the oldest first."""
    return session.scalars(
        select(LaterFacts)
        .where(LaterFacts.referral_id == referral_id, LaterFacts.learned_at <= instant)
        .order_by(LaterFacts.number)
    ).all()


def earlier_marac_referral_at(session: Session, case_id: str, before: int) -> datetime | None:
    """Returns when the case last met the criteria of MARAC before the decision of that number; None when it never did.

    Only a decision with a MARAC finding counts: without one the answer "yes" was only a safe reading.
    """
    met = '$.findings[*] ? (@.outcome == "marac")'
    return session.scalar(
        select(func.max(Decision.decided_at)).where(
            Decision.case_id == case_id,
            Decision.number < before,
            Decision.record["outcomes"]["marac"].astext == "yes",
            func.jsonb_path_exists(Decision.record, cast(met, JSONPATH)),
        )
    )
