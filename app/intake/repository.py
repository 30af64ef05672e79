"""The queries that belong to no single lower room."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actions.models import Action
from app.intake.duty_ids import REVIEW_OTHER_CASE
from app.vocabulary import UNFINISHED


def open_review_prompts(session: Session) -> Sequence[Action]:
    """Returns the unfinished actions to review a case because of another report, as far as the caller may see them."""
    return session.scalars(select(Action).where(Action.duty == REVIEW_OTHER_CASE, Action.state.in_(UNFINISHED))).all()
