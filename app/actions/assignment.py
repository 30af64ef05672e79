"""Actions come to be: from a duty of a decision, from an answer to a proposal, or from a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_in_post
from app.actions import repository
from app.actions.models import Action, Cover
from app.actions.upkeep import deadline_of, news_of, record_change, redate, tell, watched
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.outbox.service import record_events
from app.reminders.deadline import Deadline
from app.reminders.service import set_ladders
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
    recipient_agency: str | None = None
    duty: str | None = None
    about: str | None = None
    decision_id: str | None = None
    forums: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    repeats_every: str | None = None
    again_within: str | None = None
    follows_id: str | None = None


def assign(session: Session, wanted: Assignment, now: datetime) -> Action:
    """The action is open, its owner (or who covers) is told and its reminders are set, all in this transaction."""
    covers = repository.covers_in_force(session, wanted.area, london_date(now))
    action = _action(session, wanted, covers, now)
    _begin(session, [action], now)
    return action


def _begin(session: Session, actions: Sequence[Action], now: datetime) -> None:
    """All of them are open, reminded of and told of, in one statement for each table."""
    session.add_all(actions)
    session.flush()
    set_ladders(session, [(watched(session, one), deadline_of(one), one.due_version) for one in actions], now)
    record_events(session, [news_of(session, EventType.ACTION_ASSIGNED, one) for one in actions], now)


def _action(session: Session, wanted: Assignment, covers: Covers, now: datetime) -> Action:
    owner = wanted.owner_agency or agency_in_post(session, wanted.area, wanted.owner_role)
    cover = covers.get((owner or "", wanted.owner_role))
    named = {owner, cover.cover_agency if cover else None, wanted.recipient_agency, *wanted.told}
    return Action(
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
        recipient_agency=wanted.recipient_agency,
        done_when=wanted.done_when,
        owner_agency=owner,
        owner_role=wanted.owner_role,
        cover=cover,
        due_on=wanted.deadline.on,
        due_at=wanted.deadline.at,
        sort_at=wanted.deadline.passes_at,
        life_safety=wanted.deadline.life_safety,
        repeats_every=wanted.repeats_every,
        again_within=wanted.again_within,
        follows_id=wanted.follows_id,
        state=ActionState.OPEN,
        due_version=1,
        version=1,
        created_at=now,
    )


def assign_duties(session: Session, wanted: Sequence[Assignment], now: datetime) -> list[Action]:
    """Each duty is an open action of its case: a new one, or the one already open, never two.

    An earlier deadline than the open action's moves it forward; a later one leaves it.
    """
    if not wanted:
        return []
    already = repository.open_duties_of_case(session, wanted[0].case_id)
    covers = repository.covers_in_force(session, wanted[0].area, london_date(now))
    pairs = [(_standing(already.get(one.duty or "", ()), one.about), one) for one in wanted]
    for open_one, one in pairs:
        if open_one is not None:
            _keep(session, open_one, one, now)
    owed = [open_one or _action(session, one, covers, now) for open_one, one in pairs]
    _begin(session, [made for made, (open_one, _) in zip(owed, pairs, strict=True) if open_one is None], now)
    return owed


def _keep(session: Session, open_one: Action, wanted: Assignment, now: datetime) -> None:
    if wanted.decision_id is not None:
        _take_on(session, open_one, wanted, now)
    if wanted.deadline.passes_at < open_one.sort_at:
        redate(session, open_one, wanted.deadline, now)


def _standing(open_ones: Sequence[Action], about: str | None) -> Action | None:
    """The one about the same need, else one where either does not say which need it is about; the one due first."""
    same = [one for one in open_ones if one.about == about]
    unsaid = [one for one in open_ones if None in {one.about, about}]
    return next(iter((*same, *unsaid)), None)


def _take_on(session: Session, open_one: Action, wanted: Assignment, now: datetime) -> None:
    """The newest decision says which need the open action serves, when its duty is owed again, and who is told of it."""
    open_one.about = wanted.about or open_one.about
    open_one.repeats_every, open_one.again_within = wanted.repeats_every, wanted.again_within
    told = wanted.recipient_agency
    if told is not None and told != open_one.recipient_agency:
        was, open_one.recipient_agency = open_one.recipient_agency or "", told
        open_one.agencies = sorted({*open_one.agencies, told})
        reason = "the newest decision names this agency"
        record_change(session, open_one, "recipient", was, told, reason, "service", now)
        session.flush()
        tell(session, EventType.ACTION_ASSIGNED, open_one, now)
