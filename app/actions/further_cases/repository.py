"""The queries for the further cases of an action."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, any_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.actions.further_cases.models import FurtherCase
from app.actions.models import Action
from app.referrals.models import Case
from app.vocabulary import ActionState


def is_of_case(case_id: str) -> ColumnElement[bool]:
    """Selects the actions that serve the case: its own, and those of other cases that are owed for it too."""
    further = select(FurtherCase.action_id).where(FurtherCase.case_id == case_id, FurtherCase.ended_at.is_(None))
    # An array and not IN: PostgreSQL then finds both by their index.
    return or_(Action.case_id == case_id, Action.id == any_(func.array(further.scalar_subquery())))


def open_duties_of_others(
    session: Session, area: str, case_ids: Collection[str], duties: Collection[str]
) -> Sequence[Action]:
    """Returns the open actions of these duties of other cases in the area, the one due first at the front."""
    return session.scalars(
        select(Action)
        .where(
            Action.case_id.in_(case_ids),
            Action.area == area,
            Action.duty.in_(duties),
            Action.state == ActionState.OPEN,
            Action.follows_id.is_(None),
        )
        .order_by(Action.sort_at, Action.id)
    ).all()


def further_cases_of(session: Session, action_id: str) -> Sequence[FurtherCase]:
    """Returns the further cases that the action serves now."""
    return session.scalars(
        select(FurtherCase).where(FurtherCase.action_id == action_id, FurtherCase.ended_at.is_(None))
    ).all()


def add_further_case(session: Session, further: Mapping[str, object]) -> None:
    """Records that the action serves a further case, from now on or again."""
    row = insert(FurtherCase).values(further)
    again = {"ended_at": None}
    session.execute(row.on_conflict_do_update(index_elements=["action_id", "case_id"], set_=again))


def cases_asked_together(session: Session, case_id: str, duty: str) -> Sequence[Case]:
    """Returns the cases that the case's open action of this duty serves, in the order of their ids."""
    is_asked = (is_of_case(case_id), Action.duty == duty, Action.state == ActionState.OPEN)
    one = select(Action.id, Action.case_id).where(*is_asked).subquery()
    of_action = FurtherCase.action_id.in_(select(one.c.id))
    further = select(FurtherCase.case_id).where(of_action, FurtherCase.ended_at.is_(None))
    return session.scalars(
        select(Case).where(or_(Case.id.in_(select(one.c.case_id)), Case.id.in_(further))).order_by(Case.id)
    ).all()


def end_further_case(session: Session, action_id: str, case_id: str, now: datetime) -> None:
    """Records that the action serves this further case no more; nothing where the case is the action's own."""
    session.execute(
        update(FurtherCase)
        .where(FurtherCase.action_id == action_id, FurtherCase.case_id == case_id, FurtherCase.ended_at.is_(None))
        .values(ended_at=now)
    )
