"""The queries of the counting fields: where referrals come from, and what is counted of victims."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access.models import Agency
from app.referrals.diversity.models import Diversity
from app.referrals.models import Referral
from app.statistics.counting import Period
from app.statistics.diversity_counts import CountedDiversity, StatedDiversity
from app.statistics.repository import within
from app.vocabulary import AgencyKind, Role


def kinds_of_referrers(session: Session, area: str, period: Period) -> list[tuple[AgencyKind | None, str]]:
    """Returns the kind of the agency and the role of the referrer of each referral of the period."""
    role = func.coalesce(Referral.document["referrer_role"].astext, Role.PVP_HUB.value)
    rows = session.execute(
        select(Agency.kind, role)
        .select_from(Referral)
        .outerjoin(Agency, Agency.code == Referral.referring_agency)
        .where(Referral.area == area, within(Referral.received_at, period))
    )
    return [(kind, named) for kind, named in rows]


def cases_referred(session: Session, area: str, period: Period) -> set[str]:
    """Returns each case that was referred in the period, once."""
    where = (Referral.area == area, within(Referral.received_at, period))
    return set(session.scalars(select(Referral.case_id).where(*where)))


def stated_for_counting(session: Session, case_ids: Collection[str], until: datetime) -> list[StatedDiversity]:
    """Returns what was stated until then to be counted of the victims of these cases, the oldest first.

    What was taken back counts no more, whenever that was.
    """
    counts = or_(Diversity.recorded_at < until, Diversity.taken_back)
    mine = select(Diversity).where(Diversity.case_id.in_(case_ids), counts)
    rows = session.scalars(mine.order_by(Diversity.number))
    return [
        StatedDiversity(
            row.case_id,
            row.recorded_by,
            row.taken_back,
            CountedDiversity(row.ethnic_group, row.disabled, row.lgbt, row.sex),
        )
        for row in rows
    ]
