"""The queries of the statistics: one for each kind of record, over every forum of an area at once."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, and_, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.actions.models import Action, Change, Review
from app.actions.vocabulary import ChangeKind
from app.meetings.models import Discharge, Listing
from app.meetings.record_models import MeetingReview, PlanAction
from app.ownership.models import CaseNeed, Ending, Need, Ownership, Proposal, ProposalAnswer
from app.referrals.models import Referral
from app.statistics.counting import CountedAction, CountedAnswer, CountedReview, Hearing, Period
from app.vocabulary import ActionState, NeedKind, ProposalState


def within(column: InstrumentedAttribute[datetime] | ColumnElement[datetime], period: Period) -> ColumnElement[bool]:
    """Selects the rows of the period."""
    # Between two London midnights: on a day of a clock change that is 23 or 25 hours.
    return and_(column >= period.since, column < period.before)


def count_referrals(session: Session, area: str, period: Period) -> int:
    """Returns how many referrals the area received in the period."""
    counted = select(func.count()).where(Referral.area == area, within(Referral.received_at, period))
    return session.scalar(counted) or 0


def count_needs_without_owner(session: Session, area: str) -> int:
    """Returns how many open needs have no owner. A constraint keeps this at 0; the report shows that it holds."""
    owned = exists().where(Ownership.need_number == Need.number, func.upper_inf(Ownership.during))
    counted = select(func.count()).where(Need.area == area, Need.ended_at.is_(None), ~owned)
    return session.scalar(counted) or 0


def forums_asked(session: Session, area: str, period: Period) -> list[tuple[str, bool]]:
    """Returns the forum of each proposal sent in the period, and whether it still waits for an answer."""
    rows = session.execute(
        select(Proposal.forum, Proposal.state).where(Proposal.area == area, within(Proposal.proposed_at, period))
    )
    return [(forum, state == ProposalState.PROPOSED) for forum, state in rows]


def answers_in(session: Session, area: str, period: Period) -> list[CountedAnswer]:
    """Returns each answer given in the period."""
    rows = session.execute(
        select(
            Proposal.forum,
            Proposal.kind,
            ProposalAnswer.state,
            ProposalAnswer.code,
            ProposalAnswer.answered_at,
            Need.number,
        )
        .join(ProposalAnswer, ProposalAnswer.proposal_id == Proposal.id)
        .join(Need, Need.id == Proposal.need_id)
        .where(Proposal.area == area, within(ProposalAnswer.answered_at, period))
    )
    return [CountedAnswer(*row) for row in rows]


def ownership_starts(session: Session, need_numbers: Collection[int]) -> dict[int, list[datetime]]:
    """Returns when each of these needs passed to an owner, the earliest first, by the number of the need."""
    rows = session.execute(
        select(Ownership.need_number, func.lower(Ownership.during))
        .where(Ownership.need_number.in_(need_numbers))
        .order_by(func.lower(Ownership.during))
    )
    found: dict[int, list[datetime]] = {}
    for number, began in rows:
        found.setdefault(number, []).append(began)
    return found


def hearings_in(session: Session, area: str, period: Period) -> list[tuple[str, Hearing]]:
    """Returns each hearing of the period with its forum."""
    where = (Listing.area == area, Listing.heard_on >= period.first, Listing.heard_on <= period.last)
    return _hearings(session, *where)


def hearings_of(session: Session, case_ids: Collection[str]) -> list[tuple[str, Hearing]]:
    """Returns every hearing that these cases ever had, with its forum."""
    return _hearings(session, Listing.case_id.in_(case_ids), Listing.heard_on.is_not(None))


def _hearings(session: Session, *where: ColumnElement[bool]) -> list[tuple[str, Hearing]]:
    columns = (Listing.case_id, Listing.meeting_id, Listing.heard_on, Listing.listed_at)
    rows = session.execute(select(Listing.forum, *columns).where(*where).order_by(Listing.heard_on))
    return [
        (forum, Hearing(case_id, meeting_id, heard_on, listed_at))
        for forum, case_id, meeting_id, heard_on, listed_at in rows
        if meeting_id and heard_on
    ]


def forums_of_listings(session: Session, area: str, period: Period) -> list[str]:
    """Returns the forum of each case that was listed in the period."""
    return list(session.scalars(select(Listing.forum).where(Listing.area == area, within(Listing.listed_at, period))))


def acceptances_of(session: Session, area: str, case_ids: Collection[str]) -> list[tuple[str, str, datetime]]:
    """Returns the forum, the case and the instant of every acceptance of a need that these cases raise."""
    rows = session.execute(
        select(Proposal.forum, CaseNeed.case_id, ProposalAnswer.answered_at)
        .join(CaseNeed, CaseNeed.need_id == Proposal.need_id)
        .join(ProposalAnswer, ProposalAnswer.proposal_id == Proposal.id)
        .where(
            CaseNeed.case_id.in_(case_ids),
            Proposal.area == area,
            ProposalAnswer.state == ProposalState.ACCEPTED,
        )
    )
    return [(forum, case_id, at) for forum, case_id, at in rows]


def hearings_with_perpetrator_action(session: Session, case_ids: Collection[str]) -> set[tuple[str, str]]:
    """Returns the (meeting, case) pairs where the meeting set at least one action aimed at the perpetrator."""
    rows = session.execute(
        select(PlanAction.meeting_id, PlanAction.case_id).where(
            PlanAction.case_id.in_(case_ids), PlanAction.aimed_at == NeedKind.PERPETRATOR
        )
    )
    return {(meeting_id, case_id) for meeting_id, case_id in rows}


def actions_set(session: Session, area: str, period: Period) -> list[CountedAction]:
    """Returns each action that was set in the period, as it stands now."""
    aimed = exists().where(PlanAction.action_id == Action.id, PlanAction.aimed_at == NeedKind.PERPETRATOR)
    never_opened = exists().where(
        Change.action_id == Action.id, Change.what == ChangeKind.ENDED, Change.was == ActionState.PLANNED
    )
    about_perpetrator = or_(func.coalesce(Action.about, "") == NeedKind.PERPETRATOR, aimed)
    rows = session.execute(
        select(Action.forums, Action.state, Action.outcome, Action.sort_at, Action.approach, about_perpetrator).where(
            Action.area == area,
            Action.state != ActionState.PLANNED,
            ~never_opened,
            within(func.coalesce(cast(Action.opens_on, DateTime(timezone=True)), Action.created_at), period),
        )
    )
    return [CountedAction(*row) for row in rows]


def reviews_made(session: Session, area: str, period: Period) -> list[CountedReview]:
    """Returns every review of the period, once."""
    # A finding of the chair at a meeting may also store a review of the action, in the same transaction and instant.
    same = exists().where(MeetingReview.action_id == Review.action_id, MeetingReview.reviewed_at == Review.reviewed_at)
    between = (
        select(Action.forums, Action.owner_agency, Review.reviewed_by)
        .join(Action, Action.id == Review.action_id)
        .where(Review.area == area, within(Review.reviewed_at, period), ~same)
    )
    at_meeting = (
        select(Action.forums, Action.owner_agency, MeetingReview.reviewed_by)
        .join(Action, Action.id == MeetingReview.action_id)
        .where(MeetingReview.area == area, within(MeetingReview.reviewed_at, period))
    )
    return [
        *(CountedReview(*row, at_meeting=False) for row in session.execute(between)),
        *(CountedReview(*row, at_meeting=True) for row in session.execute(at_meeting)),
    ]


def discharges_in(session: Session, area: str, period: Period) -> list[tuple[str, str | None]]:
    """Returns the forum of each discharge, and the forum that owned the perpetrator's need then.

    The owner is None where that need was not open.
    """
    held_by = (
        select(Ownership.forum)
        .join(Need, Need.number == Ownership.need_number)
        .join(CaseNeed, CaseNeed.need_id == Need.id)
        .where(
            CaseNeed.case_id == Discharge.case_id,
            Need.kind == NeedKind.PERPETRATOR,
            # Spans leave out their end: of two owners who change at this very instant, the new one counts.
            Ownership.during.contains(Discharge.discharged_at),
        )
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Discharge.forum, held_by).where(Discharge.area == area, within(Discharge.discharged_at, period))
    )
    return [(forum, holder) for forum, holder in rows]


def endings_in(session: Session, area: str, period: Period) -> list[tuple[str, str]]:
    """Returns the forum that last owned each need that ended in the period, and why it ended."""
    owned_by = (
        select(Ownership.forum)
        .where(Ownership.need_number == Need.number)
        .order_by(func.upper(Ownership.during).desc().nulls_last())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(owned_by, Ending.reason)
        .join(Need, Need.id == Ending.need_id)
        .where(Ending.area == area, within(Ending.ended_at, period))
    )
    return [(forum, reason) for forum, reason in rows]
