"""Lets one action serve every case of a person in which its duty is owed: it is asked once, and not once a case."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.further_cases.repository import add_further_case, open_duties_of_others
from app.actions.models import Action
from app.actions.recording.dangers import bring_forward
from app.actions.recording.draft import Assignment


def open_in_other_cases(session: Session, assignments: Sequence[Assignment]) -> Sequence[Action]:
    """Returns the open actions of the duties that are owed once together with other cases, in these cases."""
    case_ids = {case_id for one in assignments for case_id in one.once_in}
    duties = {one.duty for one in assignments if one.duty is not None and one.once_in}
    if not case_ids:
        return ()
    return open_duties_of_others(session, assignments[0].area, case_ids, duties)


def own_or_same(open_actions: Sequence[Action], wanted: Assignment) -> list[Action]:
    """Returns those of the open actions that are of this case itself, or that another case asks in the same words."""
    return [one for one in open_actions if one.case_id == wanted.case_id or one.what == wanted.what]


def same_in_other_case(others: Sequence[Action], wanted: Assignment) -> Action | None:
    """Returns the open action of another case that asks the same for the same person, in the same words.

    Other words are another task: they may name a child, a contact to avoid or a lead that the open action does not.
    """
    return next(
        (
            one
            for one in others
            if one.case_id in wanted.once_in
            and (one.duty, one.about, one.what) == (wanted.duty, wanted.about, wanted.what)
            and wanted.opens_on is None
        ),
        None,
    )


def serve_further_case(session: Session, action: Action, assignment: Assignment, now: datetime) -> bool:
    """Lets the open action of another case serve this case too; its deadline becomes the earlier one.

    Returns whether it became a danger. Whoever sees this case only does not learn of the other by it: who sees the
    action stays as it was.
    """
    further = {"action_id": action.id, "case_id": assignment.case_id, "decision_id": assignment.decision_id}
    add_further_case(session, {**further, "shared_at": now})
    return bring_forward(session, action, assignment.deadline, now)
