"""What is asked of a post for a meeting: its research, and for co-ordinator and chair the meeting itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.actions.models import Action, Cover
from app.foundation.clock import london_date
from app.foundation.storage.asked_rows import AskedPart, OrderedBy, band_of, end_of_london_day, rows_in_order
from app.meetings.duty_ids import MINUTES
from app.meetings.models import Listing, Meeting
from app.meetings.record_models import Completion, Minutes, ResearchRequest, ResearchReturn
from app.meetings.repositories.research_repository import counts
from app.vocabulary import ActionState, Forum, Role


@dataclass(frozen=True, slots=True)
class ResearchToReturn:
    """A request to return what an agency holds on a case, and the post that answers."""

    id: str
    case_id: str
    area: str
    meeting_id: str
    role: Role
    agency: str
    due_on: date | None
    late_from: datetime


@dataclass(frozen=True, slots=True)
class ReturnToCountersign:
    """A return that counts once a second person of its agency has countersigned it, and the post that answers."""

    id: str
    case_id: str
    area: str
    role: Role
    agency: str
    due_on: date | None
    late_from: datetime


@dataclass(frozen=True, slots=True)
class MeetingToPrepare:
    """A meeting with cases on its list, and what is due for it next.

    `stage_due_on` is its cut-off, its day, or the day by which its minutes are sent; `completed`: its agenda is done.
    """

    id: str
    area: str
    forum: Forum
    held_on: date
    cut_off_on: date
    completed: bool
    cases: int
    stage_due_on: date
    late_from: datetime


def research_to_return(part: AskedPart) -> list[ResearchToReturn]:
    """Returns the desk's research requests whose action is open, the newest of each case that has no return yet.

    One that the desk returned and has to countersign is asked as that; what another wrote hides it only once it counts.
    """
    desk, newer = part.desk, aliased(ResearchRequest)
    asked = ResearchRequest
    role, agency = func.coalesce(Cover.cover_role, Action.owner_role), func.coalesce(Cover.cover_agency, asked.agency)
    # When a hearing moves, the new request keeps the action of the old one.
    same = (newer.action_id == asked.action_id, newer.case_id == asked.case_id)
    again = exists().where(*same, newer.requested_at > asked.requested_at)
    of_desk = func.split_part(ResearchReturn.returned_by, "/", 1) == desk.agency
    returned = exists().where(*same, ResearchReturn.request_id == newer.id, or_(counts(), of_desk))
    query = (
        select(asked.id, asked.case_id, asked.area, asked.meeting_id, role, agency, Action.due_on, Action.sort_at)
        .join(Action, Action.id == asked.action_id)
        .join(Cover, Cover.id == Action.cover_id, isouter=True)
        .where(
            Action.state == ActionState.OPEN,
            or_(and_(Action.owner_agency == desk.agency, Action.cover_id.is_(None)), Cover.cover_agency == desk.agency),
            ~again,
            ~returned,
            *([role == desk.role] if desk.role is not None else []),
            *([asked.area == desk.area] if desk.area is not None else []),
        )
    )
    by = OrderedBy(band_of(Action.life_safety), Action.sort_at, asked.id)
    return rows_in_order(part, query, by, ResearchToReturn)


def returns_to_countersign(part: AskedPart, person: str) -> list[ReturnToCountersign]:
    """Returns the desk's newest returns that wait for a second person: never what this person sent."""
    desk, made, newer = part.desk, ResearchReturn, aliased(ResearchReturn)
    role = func.coalesce(Cover.cover_role, Action.owner_role)
    again = exists().where(newer.request_id == made.request_id, newer.returned_at > made.returned_at)
    query = (
        select(made.id, made.case_id, made.area, role, literal(desk.agency), Action.due_on, Action.sort_at)
        .join(ResearchRequest, ResearchRequest.id == made.request_id)
        .join(Action, Action.id == ResearchRequest.action_id)
        .join(Cover, Cover.id == Action.cover_id, isouter=True)
        .where(
            ~counts(),
            ~again,
            func.split_part(made.returned_by, "/", 1) == desk.agency,
            made.returned_by != person,
            *([role == desk.role] if desk.role is not None else []),
            *([made.area == desk.area] if desk.area is not None else []),
        )
    )
    by = OrderedBy(band_of(Action.life_safety), Action.sort_at, made.id)
    return rows_in_order(part, query, by, ReturnToCountersign)


def meetings_to_prepare(part: AskedPart) -> list[MeetingToPrepare]:
    """Returns the meetings of the desk's areas whose minutes are not sent: those held, and the next of each forum."""
    desk = part.desk
    if desk.role not in {None, Role.MARAC_COORDINATOR}:
        return []
    areas = desk.stands_in if desk.area is None else desk.stands_in & {desk.area}
    staged = _staged(areas, london_date(part.window.now))
    late_from = end_of_london_day(staged.c.stage_due_on)
    query = select(staged, late_from)
    return rows_in_order(part, query, OrderedBy(band_of(), late_from, staged.c.id), MeetingToPrepare)


def is_said_by_meetings() -> ColumnElement[bool]:
    """Selects the actions that a research request or a meeting says already: to return research, to send minutes."""
    duty = func.coalesce(Action.duty, "")
    held = exists().where(
        Meeting.id == func.split_part(duty, ":", 2),
        Meeting.area == Action.area,
        ~exists().where(Minutes.meeting_id == Meeting.id),
    )
    requested = exists().where(ResearchRequest.action_id == Action.id)
    return or_(requested, and_(func.split_part(duty, ":", 1) == MINUTES, held))


def _staged(areas: Collection[str], today: date) -> Subquery:
    """Returns each such meeting with the stage that it has reached on that day."""
    stage_due_on = case(
        (Completion.id.is_not(None), Completion.minutes_due_on),
        (Meeting.cut_off_on >= today, Meeting.cut_off_on),
        else_=Meeting.held_on,
    )
    meeting = (Meeting.id, Meeting.area, Meeting.forum, Meeting.held_on, Meeting.cut_off_on)
    completed, cases = Completion.id.is_not(None).label("completed"), func.count(Listing.id).label("cases")
    return (
        select(*meeting, completed, cases, stage_due_on.label("stage_due_on"))
        .join(Listing, and_(Listing.meeting_id == Meeting.id, Listing.left_on.is_(None)))
        .join(Completion, Completion.meeting_id == Meeting.id, isouter=True)
        .where(
            Meeting.area.in_(areas),
            ~exists().where(Minutes.meeting_id == Meeting.id),
            or_(Meeting.held_on < today, _is_next(today)),
        )
        .group_by(*meeting, Completion.id)
        .subquery()
    )


def _is_next(today: date) -> ColumnElement[bool]:
    """Selects the meetings before which no other of the forum with a list is to come."""
    sooner = aliased(Meeting)
    return ~exists().where(
        sooner.area == Meeting.area,
        sooner.forum == Meeting.forum,
        sooner.held_on >= today,
        sooner.held_on < Meeting.held_on,
        exists().where(Listing.meeting_id == sooner.id, Listing.left_on.is_(None)),
    )
