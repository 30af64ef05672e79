"""The queries about what the end of an action settles: the same duty, declined before, and a plan that is done."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actions.further_cases.repository import further_cases_of
from app.actions.models import Action
from app.actions.repository import unreported_duties_for_change
from app.routing.policy.duty_ids import PLAN_STATUS
from app.vocabulary import UNFINISHED, ActionState


def declined_before(session: Session, action: Action) -> Sequence[Action]:
    """Locks the earlier actions of the same duty and need that came back declined, and returns them."""
    return session.scalars(
        select(Action)
        .where(
            Action.case_id == action.case_id,
            Action.duty == action.duty,
            Action.about.is_not_distinct_from(action.about),
            Action.state == ActionState.RETURNED,
            Action.follows_id.is_(None),
            Action.created_at <= action.created_at,
            Action.id != action.id,
        )
        .order_by(Action.id)
        .with_for_update()
    ).all()


def count_agreed_unfinished(session: Session, case_ids: Collection[str]) -> int:
    """Returns how many actions of these cases people agreed that nobody has finished: what a plan still holds."""
    agreed = (Action.case_id.in_(case_ids), Action.duty.is_(None), Action.state.in_(UNFINISHED))
    return session.scalar(select(func.count()).select_from(Action).where(*agreed)) or 0


def is_plan_finished(session: Session, action: Action) -> bool:
    """Returns whether no case that the action serves has an unfinished action of a plan."""
    further = {one.case_id for one in further_cases_of(session, action.id)}
    return count_agreed_unfinished(session, {action.case_id, *further}) == 0


def reports_of_finished_plans(session: Session, case_id: str) -> list[Action]:
    """Locks the case's duties to report on a plan (D39) of which nothing is left open, and returns them."""
    asked = unreported_duties_for_change(session, case_id, {PLAN_STATUS})
    return [one for one in asked if is_plan_finished(session, one)]
