"""Named cover: while an owner is away, another post has the owner's actions and reminders (DHR "Jean" 14.3.12; D45).

The owner stays the owner. Once the dates have passed, the worker gives everything back.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import account_of, refuse_post_of_another
from app.access.repository import agency_exists
from app.access.vocabulary import COORDINATORS
from app.actions import repository as action_repository
from app.actions.changes import BY_SERVICE, ChangeDraft, post_label, record_change, remind_new_holder
from app.actions.cover import repository
from app.actions.cover.schemas import CoverEndRequest, CoverRequest
from app.actions.models import Action, Cover
from app.actions.vocabulary import ChangeKind
from app.foundation.caller import Caller, is_second_person
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.locks import take_turn
from app.foundation.storage.transaction import Transaction
from app.vocabulary import ActionState


@dataclass(frozen=True, slots=True)
class CoverEnd:
    """Why a cover ends, and who ended it."""

    reason: str
    by: str


def arrange_cover(tx: Transaction, sent: CoverRequest) -> Cover:
    """Records the cover. If the owner is away today, the open actions and their reminders go to it at once.

    Raises `Forbidden` for posts of another agency, `Invalid` for an unknown agency or account, one person who covers
    for themselves, or past dates, and `Conflict` (cover-clash) beside a cover that contradicts it.
    """
    _refuse_other_agencies(tx.caller, sent)
    _refuse_unknown_or_past(tx, sent)
    refuse_post_of_another(tx.session, sent.area, sent.cover_agency, sent.cover_role, "/cover_role")
    people = _people(tx.session, sent)
    # Two covers that clash only with each other would both pass the check if they were arranged at one time.
    take_turn(tx.session, "cover", sent.area)
    _refuse_clash(tx.session, sent)
    cover = Cover(
        id=new_id("cov"),
        agencies=sorted({sent.owner_agency, sent.cover_agency, tx.caller.agency}),
        arranged_by=tx.by,
        arranged_at=tx.now,
        **{**sent.model_dump(), **people},
    )
    tx.session.add(cover)
    tx.session.flush()
    if cover.away_from <= london_date(tx.now):
        _begin(tx.session, cover, tx.now)
    return cover


def end_cover(tx: Transaction, cover: Cover, sent: CoverEndRequest) -> Cover:
    """Ends the cover; the owner answers for every action of it again."""
    if tx.caller.role not in COORDINATORS and tx.caller.agency != cover.owner_agency:
        raise Forbidden("a cover is ended by the owner's own agency or by the area's co-ordinator")
    if cover.ended_at is not None:
        raise Conflict("this cover has ended already")
    _end(tx.session, cover, CoverEnd(sent.reason, tx.by), tx.now)
    return cover


def start_and_end_covers(session: Session, now: datetime, limit: int = 100) -> int:
    """Begins covers whose first day has come, ends those whose last day has passed, and returns how many.

    `limit` bounds each of the two. For the worker.
    """
    # Absences are London dates: a cover begins and ends at midnight there, not at midnight UTC.
    today = london_date(now)
    # Ended before others begin: a post whose absence is over may cover from today.
    passed = repository.covers_past(session, today, limit)
    for cover in passed:
        _end(session, cover, CoverEnd(f"back after {cover.away_until.isoformat()}", BY_SERVICE), now)
    due = repository.covers_to_begin(session, today, limit)
    for cover in due:
        _begin(session, cover, now)
    return len(passed) + len(due)


def _begin(session: Session, cover: Cover, now: datetime) -> None:
    cover.begun_at = now
    owner, covering = _post_labels(cover)
    reason = f"owner away until {cover.away_until.isoformat()}"
    draft = ChangeDraft(ChangeKind.COVER, owner, covering, reason, cover.arranged_by)
    for action in action_repository.actions_for_change(session, *repository.owned_by(cover)):
        # An action that came on the first day of the absence, before this, went to the cover at once.
        if action.cover_id == cover.id:
            continue
        action.cover = cover
        action.agencies = sorted({*action.agencies, cover.cover_agency})
        record_change(session, action, draft, now)
        _tell_new_holder(session, action, now)


def _end(session: Session, cover: Cover, end: CoverEnd, now: datetime) -> None:
    cover.ended_at = now
    owner, covering = _post_labels(cover)
    draft = ChangeDraft(ChangeKind.COVER, covering, owner, end.reason, end.by)
    for action in action_repository.actions_for_change(session, Action.cover_id == cover.id):
        action.cover = None
        record_change(session, action, draft, now)
        _tell_new_holder(session, action, now)


def _tell_new_holder(session: Session, action: Action, now: datetime) -> None:
    """Tells whoever has an open action now. What is reported or came back asks nothing of its owner."""
    if action.state == ActionState.OPEN:
        remind_new_holder(session, action, now)


def _post_labels(cover: Cover) -> tuple[str, str]:
    return post_label(cover.owner_agency, cover.owner_role), post_label(cover.cover_agency, cover.cover_role)


def _refuse_other_agencies(caller: Caller, sent: CoverRequest) -> None:
    """Raises `Forbidden` when an agency covers across agencies; only the area's co-ordinator may do so."""
    if caller.role not in COORDINATORS and {sent.owner_agency, sent.cover_agency} != {caller.agency}:
        raise Forbidden("arrange cover between posts of your own agency, or ask the area's co-ordinator")


def _refuse_unknown_or_past(tx: Transaction, sent: CoverRequest) -> None:
    faults = [
        RequestFault(f"/{name}", "unknown", "this is not an agency of this service")
        for name in ("owner_agency", "cover_agency")
        if not agency_exists(tx.session, getattr(sent, name))
    ]
    if sent.away_until < london_date(tx.now):
        faults.append(RequestFault("/away_until", "in_the_past", "the absence is over"))
    if faults:
        raise Invalid("the cover cannot be arranged as it stands", faults=faults)


def _people(session: Session, sent: CoverRequest) -> dict[str, str]:
    """Returns the accounts of who is away and who covers, by field. They are two persons."""
    away = account_of(session, sent.owner_agency, sent.owner_account, "/owner_account").person
    covering = account_of(session, sent.cover_agency, sent.cover_account, "/cover_account").person
    if not is_second_person(covering, away):
        fault = RequestFault("/cover_account", "second_person", "name somebody other than who is away")
        raise Invalid("nobody covers for themselves", faults=[fault])
    return {"owner_account": away, "cover_account": covering}


def _refuse_clash(session: Session, sent: CoverRequest) -> None:
    """Raises `Conflict` where covers clash: each absence has one, and no post covers while it is itself away."""
    for cover in repository.covers_in_days(session, sent.area, sent.away_from, sent.away_until):
        if why := _clash(cover, sent):
            raise Conflict(
                f"{why}; end that cover first, or choose another post or other dates",
                code="cover-clash",
                cover_id=cover.id,
            )


def _clash(cover: Cover, sent: CoverRequest) -> str:
    """Returns why a cover of the same days contradicts the one that is sent; empty when it does not."""
    owner, stand_in = (sent.owner_agency, sent.owner_role), (sent.cover_agency, sent.cover_role)
    away, covering = (cover.owner_agency, cover.owner_role), (cover.cover_agency, cover.cover_role)
    if away == owner:
        return "this post is covered already in that time"
    if away == stand_in:
        return "the post that would cover is itself away in that time"
    return "this post covers another in that time" if covering == owner else ""
