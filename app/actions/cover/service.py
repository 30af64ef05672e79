"""Named cover: while an owner is away, another post has its actions and reminders (DHR "Jean" 14.3.12; D45).

The owner stays the owner. Nothing is handed back by hand: when the dates have passed, everything goes back.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists
from app.actions import repository as action_repository
from app.actions.cover import repository
from app.actions.models import Action, Cover
from app.actions.schemas import CoverEndRequest, CoverRequest
from app.actions.upkeep import deadline_of, post_of, record_change, redate, tell
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.vocabulary import ActionState, EventType

FOR_THE_AREA = frozenset({"marac.coordinator", "marac.chair"})


def arrange_cover(session: Session, caller: Caller, sent: CoverRequest, now: datetime) -> Cover:
    """The cover is on record, and if the owner is away today, their open actions and reminders have gone to it."""
    _refuse_unless_theirs(caller, sent)
    _refuse_unknown_or_past(session, sent, now)
    take_turn(session, "cover", sent.area)
    _refuse_clash(session, sent)
    cover = Cover(
        id=new_id("cov"),
        agencies=sorted({sent.owner_agency, sent.cover_agency, caller.agency}),
        arranged_by=caller.answerable,
        arranged_at=now,
        **sent.model_dump(),
    )
    session.add(cover)
    session.flush()
    if cover.away_from <= london_date(now):
        _begin(session, cover, now)
    return cover


def end_cover(session: Session, caller: Caller, cover: Cover, sent: CoverEndRequest, now: datetime) -> Cover:
    """The cover has ended and every action it had is answered for by its owner again."""
    if caller.role not in FOR_THE_AREA and caller.agency != cover.owner_agency:
        raise Forbidden("a cover is ended by the owner's own agency or by the area's co-ordinator")
    if cover.ended_at is not None:
        raise Conflict("this cover has ended already")
    _end(session, cover, sent.reason, caller.answerable, now)
    return cover


def keep_covers(session: Session, now: datetime, limit: int = 100) -> int:
    """How many covers began or ended: those whose first day has come, and those whose last day has passed."""
    today = london_date(now)
    passed = repository.covers_past(session, today, limit)
    for cover in passed:
        _end(session, cover, f"back after {cover.away_until.isoformat()}", "service", now)
    due = repository.covers_to_begin(session, today, limit)
    for cover in due:
        _begin(session, cover, now)
    return len(passed) + len(due)


def _begin(session: Session, cover: Cover, now: datetime) -> None:
    cover.begun_at = now
    reason = f"owner away until {cover.away_until.isoformat()}"
    was, became = _posts(cover)
    for action in action_repository.actions_for_change(session, *repository.owned_by(cover)):
        action.cover = cover
        action.agencies = sorted({*action.agencies, cover.cover_agency})
        record_change(session, action, "cover", was, became, reason, cover.arranged_by, now)
        _follow(session, action, now)


def _end(session: Session, cover: Cover, reason: str, by: str, now: datetime) -> None:
    cover.ended_at = now
    was, became = _posts(cover)
    for action in action_repository.actions_for_change(session, Action.cover_id == cover.id):
        action.cover = None
        record_change(session, action, "cover", became, was, reason, by, now)
        _follow(session, action, now)


def _posts(cover: Cover) -> tuple[str, str]:
    return post_of(cover.owner_agency, cover.owner_role), post_of(cover.cover_agency, cover.cover_role)


def _follow(session: Session, action: Action, now: datetime) -> None:
    """Reminders go where the action goes. One that waits for a second person still reminds that person."""
    session.flush()
    if action.state == ActionState.OPEN:
        redate(session, action, deadline_of(action), now)
    tell(session, EventType.ACTION_ASSIGNED, action, now)


def _refuse_unless_theirs(caller: Caller, sent: CoverRequest) -> None:
    """An agency arranges cover for its own posts from its own posts; the co-ordinator may across agencies."""
    if caller.role not in FOR_THE_AREA and {sent.owner_agency, sent.cover_agency} != {caller.agency}:
        raise Forbidden("arrange cover between posts of your own agency, or ask the area's co-ordinator")


def _refuse_unknown_or_past(session: Session, sent: CoverRequest, now: datetime) -> None:
    faults = [
        RequestFault(f"/{name}", "unknown", "this is not an agency of this service")
        for name in ("owner_agency", "cover_agency")
        if not agency_exists(session, getattr(sent, name))
    ]
    if sent.away_until < london_date(now):
        faults.append(RequestFault("/away_until", "in_the_past", "the absence is over"))
    if faults:
        raise Invalid("the cover cannot be arranged as it stands", faults=faults)


def _refuse_clash(session: Session, sent: CoverRequest) -> None:
    """One cover for one absence, and never by somebody who is away, or who must then cover while away."""
    clashes: Sequence[tuple[str, Cover]] = repository.clashes(session, sent)
    if clashes:
        why, cover = clashes[0]
        raise Conflict(
            f"{why}; end that cover first, or choose another post or other dates",
            code="cover-clash",
            cover_id=cover.id,
        )
