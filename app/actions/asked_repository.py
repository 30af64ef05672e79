"""What is asked of a post about actions: to do them, to deal with what came back, to review what others reported."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.actions.lifecycle import LEFT_UNDONE
from app.actions.models import Action, Cover, Report
from app.foundation.asked import Desk
from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, end_of_london_day, rows_in_order
from app.vocabulary import ActionState, Role

# What its recipient declined is the chair's to send on.
_ROLE = case(
    (Action.state == ActionState.RETURNED, literal(Role.MARAC_CHAIR)),
    else_=func.coalesce(Cover.cover_role, Action.owner_role),
)
_AGENCY = func.coalesce(Cover.cover_agency, Action.owner_agency)


@dataclass(frozen=True, slots=True)
class AskedAction:
    """An action that somebody has to do or to review, and the post that is asked: its owner's, or whoever covers."""

    id: str
    case_id: str
    area: str
    what: str
    life_safety: bool
    state: ActionState
    role: Role
    agency: str | None
    due_on: date | None
    due_at: datetime | None
    late_from: datetime


@dataclass(frozen=True, slots=True)
class ActionChoice:
    """Which open actions are meant. `came_back`: they fell back on the holder.

    With them come the actions that their recipient declined, which fell back on the area.
    """

    meets: tuple[ColumnElement[bool], ...]
    came_back: bool = False


def is_of_duties(duties: Collection[str]) -> ColumnElement[bool]:
    """Selects the actions whose duty begins with one of these. What a meeting agreed has no duty."""
    duty = func.coalesce(Action.duty, "")
    return or_(*(duty.startswith(one, autoescape=True) for one in duties))


def actions_to_do(part: AskedPart, choice: ActionChoice) -> list[AskedAction]:
    """Returns the open actions of the desk: owned, covered, or of a post of its areas that nobody fills."""
    query = (
        select(
            Action.id,
            Action.case_id,
            Action.area,
            Action.what,
            Action.life_safety,
            Action.state,
            _ROLE,
            _AGENCY,
            Action.due_on,
            Action.due_at,
            Action.sort_at,
        )
        .join(Cover, Cover.id == Action.cover_id, isouter=True)
        # By id: each branch below starts from an index of its own, whatever the others hold.
        .where(Action.id.in_(union_all(*_branches(part.desk, choice))), *_narrowed(part.desk, _ROLE))
    )
    by = OrderedBy(band_of(Action.life_safety, came_back=choice.came_back), Action.sort_at, Action.id)
    return rows_in_order(part, query, by, AskedAction)


def reports_to_review(part: AskedPart, person: str) -> list[AskedAction]:
    """Returns the reported actions of the desk's areas that this person may review, or report anew for their agency.

    Never their own report. What protects a life and was not done is a danger.
    """
    desk, role = part.desk, literal(Role.MARAC_COORDINATOR)
    late_from = end_of_london_day(Report.review_by)
    undone = and_(Action.life_safety, Action.outcome.in_(LEFT_UNDONE))
    about = (Action.id, Action.case_id, Action.area, Action.what, undone, Action.state)
    post = (role, literal(desk.agency))
    query = (
        select(*about, *post, Report.review_by, literal(None), late_from)
        .join(Report, Report.action_id == Action.id)
        .where(
            Action.area.in_(desk.stands_in),
            Action.state == ActionState.REPORTED,
            _is_last_report(),
            or_(func.is_second_person(person, Report.reported_by), _names_nobody_of_the_agency_of(person)),
            *_narrowed(desk, role),
        )
    )
    return rows_in_order(part, query, OrderedBy(band_of(undone), late_from, Action.id), AskedAction)


def _names_nobody_of_the_agency_of(person: str) -> ColumnElement[bool]:
    """Returns whether the report is by a system of the agency of this named person: only they can answer for it."""
    agency, named, _ = person.partition("/")
    return Report.reported_by == agency if named else false()


def _is_last_report() -> ColumnElement[bool]:
    newer = aliased(Report)
    after_it = tuple_(newer.reported_at, newer.id) > tuple_(Report.reported_at, Report.id)
    return ~select(newer.id).where(newer.action_id == Action.id, after_it).exists()


def _branches(desk: Desk, choice: ActionChoice) -> list[Select[str]]:
    """Returns the ids of what the desk owns, covers, stands in for, and has to send on because it came back."""
    open_now = and_(Action.state == ActionState.OPEN, *choice.meets)
    branches = [
        select(Action.id).where(open_now, Action.owner_agency == desk.agency, Action.cover_id.is_(None)),
        select(Action.id).join(Cover, Cover.id == Action.cover_id).where(open_now, Cover.cover_agency == desk.agency),
    ]
    if desk.stands_in:
        unfilled = (Action.owner_agency.is_(None), Action.area.in_(desk.stands_in))
        branches.append(select(Action.id).where(open_now, *unfilled))
    if desk.stands_in and choice.came_back:
        declined = (Action.state == ActionState.RETURNED, Action.area.in_(desk.stands_in))
        branches.append(select(Action.id).where(*declined))
    return branches


def _narrowed(desk: Desk, role: ColumnElement[Role]) -> list[ColumnElement[bool]]:
    return [
        *([role == desk.role] if desk.role is not None else []),
        *([Action.area == desk.area] if desk.area is not None else []),
    ]
