"""The queries about cases that meetings ask: decisions, plans, windows, posts and licences."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.models import Post
from app.actions.models import Action, Report
from app.meetings.models import Listing
from app.meetings.record_models import PlanAction
from app.referrals.models import Case, Decision, Learned, Referral
from app.vocabulary import ActionState


def cases_by_id(session: Session, case_ids: Collection[str]) -> dict[str, Case]:
    return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(case_ids)))}


def latest_decisions(session: Session, case_ids: Collection[str]) -> dict[str, Decision]:
    """The newest decision of each case."""
    rows = session.scalars(
        select(Decision)
        .where(Decision.case_id.in_(case_ids))
        .ext(distinct_on(Decision.case_id))
        .order_by(Decision.case_id, Decision.number.desc())
    )
    return {row.case_id: row for row in rows}


def perpetrator_actions_of(session: Session, meeting_id: str) -> dict[str, int]:
    """How many actions aimed at the perpetrator each case's plan holds at this meeting."""
    rows = session.execute(
        select(PlanAction.case_id, func.count())
        .where(PlanAction.meeting_id == meeting_id, PlanAction.aimed_at == "PERPETRATOR")
        .group_by(PlanAction.case_id)
    )
    return dict(rows.all())


def cases_owing_emergency_answer(session: Session, case_ids: Collection[str]) -> set[str]:
    """The cases whose chair still owes an answer on meeting sooner."""
    return set(
        session.scalars(
            select(Action.case_id).where(
                Action.case_id.in_(case_ids), Action.duty == "D07", Action.state == ActionState.OPEN
            )
        )
    )


def actions_set_before(session: Session, case_id: str, until: datetime) -> Sequence[Action]:
    """The case's actions that stood at an instant, the oldest first."""
    return session.scalars(
        select(Action)
        .where(Action.case_id == case_id, Action.created_at <= until)
        .order_by(Action.created_at, Action.id)
    ).all()


def last_reports(session: Session, action_ids: Collection[str]) -> dict[str, Report]:
    """The last report of each action."""
    rows = session.scalars(
        select(Report)
        .where(Report.action_id.in_(action_ids))
        .ext(distinct_on(Report.action_id))
        .order_by(Report.action_id, Report.reported_at.desc(), Report.id.desc())
    )
    return {row.action_id: row for row in rows}


def posts_of(session: Session, area: str, agency: str) -> set[str]:
    """The posts that an agency fills in an area."""
    return set(session.scalars(select(Post.role).where(Post.area == area, Post.agency == agency)))


def duty_since(session: Session, case_id: str, duty: str, since: datetime) -> bool:
    """Whether the case has had this duty since an instant, finished or not."""
    return bool(
        session.scalar(
            select(
                select(Action.id)
                .where(Action.case_id == case_id, Action.duty == duty, Action.created_at >= since)
                .exists()
            )
        )
    )


def referrals_naming_licences(session: Session) -> Sequence[Referral]:
    """The newest referral of each case in which, or since which, a licence or order was named."""
    named = or_(
        Referral.document["perpetrator"]["licences"].is_not(None),
        select(Learned.id)
        .where(
            Learned.referral_id == Referral.id,
            Learned.document["perpetrator"]["licences"].is_not(None),
        )
        .exists(),
    )
    newest = (
        select(Referral.id)
        .ext(distinct_on(Referral.case_id))
        .order_by(Referral.case_id, Referral.received_at.desc(), Referral.id)
    )
    return session.scalars(select(Referral).where(Referral.id.in_(newest), named).order_by(Referral.id)).all()


def referred_to_marac_between(session: Session, area: str, since: datetime, until: datetime) -> set[str]:
    """The cases that met a MARAC ground between two instants. The instants come first: records are long to open."""
    return set(
        session.scalars(
            select(Decision.case_id)
            .where(
                Decision.area == area,
                Decision.decided_at >= since,
                Decision.decided_at < until,
                Decision.record["outcomes"]["marac"].astext == "yes",
            )
            .distinct()
        )
    )


def heard_between(session: Session, area: str, forum: str, since: date, until: date) -> set[str]:
    """The cases that the forum heard between two days, both included."""
    return set(
        session.scalars(
            select(Listing.case_id)
            .where(Listing.area == area, Listing.forum == forum, Listing.heard_on.between(since, until))
            .distinct()
        )
    )
