"""Tells each agency of its new work, in one event for each decision: its actions, and the steps that reach it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions.models import Action
from app.actions.notices.models import WorkNotice
from app.foundation.identifiers import new_id
from app.outbox.service import NORMAL, URGENT, EventDraft, link_of, record_event
from app.reminders.deadline import Deadline
from app.vocabulary import EventType, NeedKind, Role, SubjectType

MOST_NAMED = 30
"""How many actions an event names: more would not fit its 2 KiB. Beyond, it gives their number and the case's link."""


@dataclass(frozen=True, slots=True)
class StepNotice:
    """A step of a decision that reaches a post of one agency: the duty and its words, who owes it, who receives it.

    `about` is the need that it serves, if it serves one.
    """

    duty: str
    what: str
    case_id: str
    area: str
    decision_id: str
    agency: str
    role: Role
    sender_role: Role
    sender_agency: str | None
    about: NeedKind | None
    deadline: Deadline


def tell_of_work(session: Session, actions: Sequence[Action], steps: Sequence[StepNotice], now: datetime) -> None:
    """Records one `work.assigned` for each case and agency, and a notice for what each post owes it by a step.

    An action goes to its owner, or to whoever covers; without either, to the area's co-ordinator.
    """
    work: dict[tuple[str, str], tuple[list[Action], list[StepNotice]]] = {}
    for action in actions:
        receiver = receiver_of(session, action)
        if receiver is not None:
            work.setdefault((action.case_id, receiver), ([], []))[0].append(action)
    for step in steps:
        work.setdefault((step.case_id, step.agency), ([], []))[1].append(step)
    for (_, agency), (own, reached) in work.items():
        event_id = record_event(session, _event(agency, own, reached), now)
        if event_id is not None:
            session.add_all(_notice(owed, event_id, now) for owed in _by_sender(reached))


def receiver_of(session: Session, action: Action) -> str | None:
    """Returns the agency that is told of the action."""
    answering = action.cover.cover_agency if action.cover else action.owner_agency
    return answering or agency_in_post(session, action.area, Role.MARAC_COORDINATOR)


def _event(agency: str, actions: Sequence[Action], steps: Sequence[StepNotice]) -> EventDraft:
    first: Action | StepNotice = actions[0] if actions else steps[0]
    named = [one.id for one in actions][:MOST_NAMED]
    details: Mapping[str, str | int | None] = {
        "decision_id": first.decision_id,
        "actions": ",".join(named) or None,
        "action_count": len(actions),
        "steps": ",".join(step.duty for step in steps) or None,
    }
    return EventDraft(
        type=EventType.WORK_ASSIGNED,
        subject_type=SubjectType.CASE,
        subject_id=first.case_id,
        area=first.area,
        agencies=(agency,),
        case_id=first.case_id,
        owner_agency=agency,
        details=dict(details),
        priority=URGENT if _is_urgent(actions, steps) else NORMAL,
        asked_roles=(*(_post_asked(one) for one in actions), *(step.role for step in steps)),
        # The agency may read its action, and not always the case.
        link=link_of(SubjectType.ACTION, named[0]) if named else None,
    )


def _post_asked(action: Action) -> Role:
    """Returns the post that has the action: the owner's, its cover's, or without an agency the co-ordinator's."""
    if action.cover:
        return action.cover.cover_role
    return action.owner_role if action.owner_agency else Role.MARAC_COORDINATOR


def _is_urgent(actions: Sequence[Action], steps: Sequence[StepNotice]) -> bool:
    return any(one.life_safety for one in actions) or any(one.deadline.life_safety for one in steps)


def _by_sender(steps: Sequence[StepNotice]) -> list[list[StepNotice]]:
    """Returns the steps that one post owes to one other about the same need, together.

    Each sender has its own notice: if nobody receives it, the sender is given its own steps and no other's.
    """
    found: dict[tuple[str | None, ...], list[StepNotice]] = {}
    for step in steps:
        found.setdefault((step.role, step.sender_role, step.sender_agency, step.about), []).append(step)
    return list(found.values())


def _notice(steps: Sequence[StepNotice], event_id: str, now: datetime) -> WorkNotice:
    first = steps[0]
    # What protects sets the hour, whatever else is sent with it.
    soonest = min(
        (step.deadline for step in steps), key=lambda deadline: (not deadline.life_safety, deadline.passes_at)
    )
    return WorkNotice(
        id=new_id("ntc"),
        case_id=first.case_id,
        area=first.area,
        agencies=sorted({agency for agency in (first.agency, first.sender_agency) if agency}),
        decision_id=first.decision_id,
        event_id=event_id,
        agency=first.agency,
        role=first.role,
        steps=[step.duty for step in steps],
        asks=[step.what for step in steps],
        sender_role=first.sender_role,
        sender_agency=first.sender_agency,
        about=first.about,
        life_safety=soonest.life_safety,
        due_on=soonest.on,
        due_at=soonest.at,
        sent_at=now,
    )
