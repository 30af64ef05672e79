"""The queries about cases that meetings ask: decisions, incidents, discharges, posts and licences."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.models import Post
from app.actions.models import Action
from app.meetings.models import Discharge, Listing
from app.ownership.models import Need, Proposal
from app.ownership.repository import open_needs_of_case
from app.referrals.models import Case, Decision, LaterFacts, Referral
from app.vocabulary import NeedKind


def cases_by_id(session: Session, case_ids: Collection[str]) -> dict[str, Case]:
    """Returns these cases by their ids."""
    return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(case_ids)))}


def is_case_visible(session: Session, case_id: str) -> bool:
    """Returns whether the caller's rows show the case itself, or a part of it that names the caller's agency."""
    # Row security narrows each of these queries to the caller's rows.
    columns = (Case.id, Listing.case_id, Action.case_id, Proposal.case_id)
    return any(session.scalar(select(column).where(column == case_id).limit(1)) is not None for column in columns)


def open_perpetrator_need(session: Session, case_id: str) -> Need | None:
    """Returns the case's open need about the perpetrator.

    None while the perpetrator is not identified or the need ended.
    """
    needs = open_needs_of_case(session, case_id)
    return next((need for need in needs if need.kind == NeedKind.PERPETRATOR), None)


def latest_decisions(session: Session, case_ids: Collection[str]) -> dict[str, Decision]:
    """Returns the newest decision of each case."""
    rows = session.scalars(
        select(Decision)
        .where(Decision.case_id.in_(case_ids))
        .ext(distinct_on(Decision.case_id))
        .order_by(Decision.case_id, Decision.number.desc())
    )
    return {row.case_id: row for row in rows}


def discharges_of(session: Session, case_id: str) -> Sequence[Discharge]:
    """Returns the discharges of the case, the oldest first."""
    return session.scalars(
        select(Discharge).where(Discharge.case_id == case_id).order_by(Discharge.discharged_at)
    ).all()


def posts_of(session: Session, area: str, agency: str) -> set[str]:
    """Returns the posts that an agency fills in an area."""
    return set(session.scalars(select(Post.role).where(Post.area == area, Post.agency == agency)))


def referrals_naming_licences(session: Session) -> Sequence[Referral]:
    """Returns the newest referral of each case in which a referral or a later fact names a licence or order."""
    named = or_(
        Referral.document["perpetrator"]["licences"].is_not(None),
        select(LaterFacts.id)
        .where(
            LaterFacts.referral_id == Referral.id,
            LaterFacts.document["perpetrator"]["licences"].is_not(None),
        )
        .exists(),
    )
    cases = select(Referral.case_id).where(named)
    newest = (
        select(Referral.id)
        .where(Referral.case_id.in_(cases))
        .ext(distinct_on(Referral.case_id))
        .order_by(Referral.case_id, Referral.received_at.desc(), Referral.number.desc())
    )
    return session.scalars(select(Referral).where(Referral.id.in_(newest)).order_by(Referral.id)).all()


def cases_referred_to_marac_between(session: Session, area: str, since: datetime, until: datetime) -> set[str]:
    """Returns the cases that were referred to MARAC at or after the first instant and before the second."""
    referred_at = Decision.marac_referred_at
    within = (Decision.area == area, referred_at >= since, referred_at < until)
    return set(session.scalars(select(Decision.case_id).where(*within).distinct()))
