"""What every change of an action brings with it: reminders that follow, a record of the change, and news."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.models import Action, Change
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.outbox.service import NORMAL, EventDraft, record_event
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, redate_ladder
from app.vocabulary import EventType, Role


def watched(session: Session, action: Action) -> ReminderSubject:
    """The action as the reminder ladder knows it: ids and posts only. While its owner is away, the cover's post."""
    cover = action.cover
    return ReminderSubject(
        "action",
        action.id,
        action.case_id,
        action.area,
        nation_of_area(session, action.area),
        cover.cover_agency if cover else action.owner_agency,
        cover.cover_role if cover else action.owner_role,
    )


def deadline_of(action: Action) -> Deadline:
    return Deadline(action.due_on, action.due_at, action.life_safety)


def redate(session: Session, action: Action, deadline: Deadline, now: datetime) -> None:
    """The action has this deadline, and reminders for whoever answers for it now."""
    action.due_on, action.due_at, action.sort_at = deadline.on, deadline.at, deadline.passes_at
    action.due_version += 1
    session.flush()
    redate_ladder(session, watched(session, action), deadline_of(action), action.due_version, now)


def record_change(
    session: Session, action: Action, what: str, was: str, became: str, reason: str, by: str, now: datetime
) -> None:
    """The change is on record with its reason, and whoever read the action before must read it again."""
    action.version += 1
    session.add(
        Change(
            id=new_id("chg"),
            action_id=action.id,
            area=action.area,
            agencies=action.agencies,
            what=what,
            was=was,
            became=became,
            reason=reason,
            changed_by=by,
            changed_at=now,
        )
    )


def give_to(
    session: Session, action: Action, agency: str, role: str, reason: str, by: str, now: datetime
) -> None:
    """The action has a new owner, or who covers for that owner, on record. Its reminders are the caller's to re-set."""
    was = post_of(action.owner_agency, action.owner_role)
    action.owner_agency, action.owner_role = agency, role
    action.cover = repository.covers_in_force(session, action.area, london_date(now)).get((agency, role))
    named = {*action.agencies, agency, action.cover.cover_agency if action.cover else agency}
    action.agencies = sorted(named)
    record_change(session, action, "owner", was, post_of(agency, role), reason, by, now)


def post_of(agency: str | None, role: str) -> str:
    """A post as it stands in a change, such as `ANYTOWN-POLICE/PVP_HUB`."""
    return f"{agency}/{role}"


def tell(
    session: Session,
    kind: EventType,
    action: Action,
    now: datetime,
    also: Iterable[str | None] = (),
    priority: int = NORMAL,
) -> None:
    """Everyone named on the action, its cover and the area's co-ordinator may be told."""
    record_event(session, news_of(session, kind, action, also, priority), now)


def news_of(
    session: Session,
    kind: EventType,
    action: Action,
    also: Iterable[str | None] = (),
    priority: int = NORMAL,
) -> EventDraft:
    """What is told of the action as it stands."""
    coordinator = agency_in_post(session, action.area, Role.MARAC_COORDINATOR)
    due: date | datetime | None = action.due_on or action.due_at
    return EventDraft(
        type=kind,
        subject_type="action",
        subject_id=action.id,
        area=action.area,
        agencies=(*action.agencies, coordinator, *also),
        case_id=action.case_id,
        forums=tuple(action.forums),
        owner_agency=action.owner_agency,
        details={"duty": action.duty, "state": action.state, "outcome": action.outcome, "due": due},
        priority=priority,
    )
