"""The queries about a case's actions and duties that meetings ask."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.actions.further_cases.models import FurtherCase
from app.actions.models import Action, Report
from app.meetings.record_models import PlanAction
from app.routing.policy.duty_ids import EMERGENCY_MEETING
from app.vocabulary import ActionState, NeedKind


def has_duty_since(session: Session, case_id: str, duty: str, since: datetime) -> bool:
    """Returns whether the case was given this duty at or after an instant, finished or not."""
    return bool(
        session.scalar(
            select(
                select(Action.id)
                .where(Action.case_id == case_id, Action.duty == duty, Action.created_at >= since)
                .exists()
            )
        )
    )


def cases_owing_emergency_answer(session: Session, case_ids: Collection[str]) -> set[str]:
    """Returns the cases whose chair still owes a decision on an emergency meeting."""
    owed = (Action.duty == EMERGENCY_MEETING, Action.state == ActionState.OPEN)
    own = select(Action.case_id).where(Action.case_id.in_(case_ids), *owed)
    # The question is asked once for a victim: it stands in one of the cases, and is owed in the others too.
    served = FurtherCase.case_id.in_(case_ids), FurtherCase.ended_at.is_(None)
    further = select(FurtherCase.case_id).join(Action, Action.id == FurtherCase.action_id).where(*served, *owed)
    return set(session.scalars(union(own, further)))


def count_perpetrator_actions(session: Session, meeting_id: str) -> dict[str, int]:
    """Returns how many actions aimed at the perpetrator each case's plan of this meeting holds."""
    rows = session.execute(
        select(PlanAction.case_id, func.count())
        .where(PlanAction.meeting_id == meeting_id, PlanAction.aimed_at == NeedKind.PERPETRATOR)
        .group_by(PlanAction.case_id)
    )
    return dict(rows.all())


def actions_set_until(session: Session, case_id: str, until: datetime) -> Sequence[Action]:
    """Returns the case's actions that existed at an instant, the oldest first."""
    return session.scalars(
        select(Action)
        .where(Action.case_id == case_id, Action.created_at <= until)
        .order_by(Action.created_at, Action.id)
    ).all()


def last_reports(session: Session, action_ids: Collection[str]) -> dict[str, Report]:
    """Returns the last report of each action."""
    rows = session.scalars(
        select(Report)
        .where(Report.action_id.in_(action_ids))
        .ext(distinct_on(Report.action_id))
        .order_by(Report.action_id, Report.reported_at.desc(), Report.id.desc())
    )
    return {row.action_id: row for row in rows}
