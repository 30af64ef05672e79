"""Actions come to be: from a duty of a decision, from an answer to a proposal, or from a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.lifecycle import Deadline
from app.actions.models import Action, Cover
from app.actions.upkeep import due_of, redate, tell, watched
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.reminders.service import set_ladder
from app.vocabulary import ActionState, EventType

Covers = Mapping[tuple[str, str], Cover]  # by the agency and role of the owner who is away


@dataclass(frozen=True, slots=True)
class Assignment:
    """An action about to be recorded: what, whose, until when, and which duty of which decision asked for it.

    `about` says which need of the case it serves, where that is known: the perpetrator's actions follow his lead.
    """

    case_id: str
    area: str
    what: str
    done_when: str
    owner_role: str
    deadline: Deadline
    owner_agency: str | None = None
    recipient: str | None = None
    duty: str | None = None
    about: str | None = None
    decision_id: str | None = None
    forums: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def assign(session: Session, wanted: Assignment, now: datetime) -> Action:
    """The action is open, its owner (or who covers) is told and its reminders are set, all in this transaction."""
    return _assign(session, wanted, repository.covers_in_force(session, wanted.area, london_date(now)), now)


def _assign(session: Session, wanted: Assignment, covers: Covers, now: datetime) -> Action:
    owner = wanted.owner_agency or agency_in_post(session, wanted.area, wanted.owner_role)
    cover = covers.get((owner or "", wanted.owner_role))
    named = {owner, cover.cover_agency if cover else None, *wanted.told}
    action = Action(
        id=new_id("act"),
        case_id=wanted.case_id,
        decision_id=wanted.decision_id,
        area=wanted.area,
        agencies=sorted(agency for agency in named if agency),
        duty=wanted.duty,
        about=wanted.about,
        forums=list(wanted.forums),
        what=wanted.what,
        recipient=wanted.recipient,
        done_when=wanted.done_when,
        owner_agency=owner,
        owner_role=wanted.owner_role,
        cover=cover,
        due_on=wanted.deadline.on,
        due_at=wanted.deadline.at,
        sort_at=wanted.deadline.passes_at,
        life_safety=wanted.deadline.life_safety,
        state=ActionState.OPEN,
        due_version=1,
        version=1,
        created_at=now,
    )
    session.add(action)
    session.flush()
    set_ladder(session, watched(session, action), due_of(action), action.due_version, now)
    tell(session, EventType.ACTION_ASSIGNED, action, now)
    return action


def assign_duties(session: Session, wanted: Sequence[Assignment], now: datetime) -> list[Action]:
    """Each duty is an open action of its case: a new one, or the one already open, never two.

    An earlier deadline than the open action's moves it forward; a later one leaves it.
    """
    if not wanted:
        return []
    already = repository.open_duties_of_case(session, wanted[0].case_id)
    covers = repository.covers_in_force(session, wanted[0].area, london_date(now))
    return [_assign_or_keep(session, already, covers, assignment, now) for assignment in wanted]


def _assign_or_keep(
    session: Session,
    already: Mapping[tuple[str, str | None], Action],
    covers: Covers,
    wanted: Assignment,
    now: datetime,
) -> Action:
    open_one = already.get((wanted.duty or "", wanted.about))
    if open_one is None:
        return _assign(session, wanted, covers, now)
    if wanted.deadline.passes_at < open_one.sort_at:
        redate(session, open_one, wanted.deadline, now)
    return open_one
