"""The queries of what must be told: what is on record of a perpetrator, what was released, and what happened since."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.models import Post
from app.flows.models import FlowPosition, FlowRelease
from app.meetings.record_models import ResearchReturn
from app.meetings.repositories.research_repository import counts
from app.outbox.models import Event
from app.ownership.models import CaseNeed, Need, Ownership, Transfer
from app.people.service import refs_of_same_persons
from app.referrals.models import Case, Incident, LaterFacts
from app.referrals.repositories.case_repository import cases_of_victim
from app.vocabulary import EventType, NeedKind, ProposalState, Role
from app.webhooks.models import FeedEntry

ONE_ROW = 1


def cases_of_perpetrator(session: Session, refs: Collection[str]) -> Sequence[Case]:
    """Returns every case of a perpetrator by all their pseudonyms, the oldest first."""
    of_person = select(Case).where(Case.perpetrator_ref.in_(refs))
    return session.scalars(of_person.order_by(Case.opened_at, Case.id)).all()


def incidents_of(session: Session, case_ids: Collection[str]) -> Sequence[Incident]:
    """Returns every incident of these cases, in the order in which they were recorded."""
    return session.scalars(select(Incident).where(Incident.case_id.in_(case_ids)).order_by(Incident.number)).all()


def facts_of_reports(session: Session, referral_ids: Collection[str]) -> Sequence[LaterFacts]:
    """Returns what was learned about these referrals, the oldest first."""
    of_reports = select(LaterFacts).where(LaterFacts.referral_id.in_(referral_ids))
    return session.scalars(of_reports.order_by(LaterFacts.number)).all()


def returns_of(session: Session, case_ids: Collection[str]) -> Sequence[ResearchReturn]:
    """Returns what agencies returned before hearings of these cases and what counts, the oldest first."""
    made = select(ResearchReturn).where(ResearchReturn.case_id.in_(case_ids), counts())
    return session.scalars(made.order_by(ResearchReturn.returned_at, ResearchReturn.id)).all()


def open_needs_about(session: Session, case_ids: Collection[str]) -> list[tuple[str, Need, Ownership]]:
    """Returns each open need about the perpetrator with its owner of now, once for each of these cases that it serves.

    PostgreSQL guarantees one owner for each open need.
    """
    rows = session.execute(
        select(CaseNeed.case_id, Need, Ownership)
        .join(Need, Need.id == CaseNeed.need_id)
        .join(Ownership, Ownership.need_number == Need.number)
        .where(
            CaseNeed.case_id.in_(case_ids),
            Need.kind == NeedKind.PERPETRATOR,
            Need.ended_at.is_(None),
            func.upper_inf(Ownership.during),
        )
        .order_by(Need.number, CaseNeed.case_id)
    )
    return [(case_id, need, owner) for case_id, need, owner in rows]


def cases_that_moved(session: Session, case_ids: Collection[str]) -> set[str]:
    """Returns those of the cases whose victim's safety another area has taken."""
    taken = select(Transfer.case_id).where(Transfer.case_id.in_(case_ids), Transfer.state == ProposalState.ACCEPTED)
    return set(session.scalars(taken))


def posts_of(session: Session, areas: Collection[str], agencies: Collection[str]) -> dict[tuple[str, Role], str]:
    """Returns who fills each post of these areas, and each post that one of these agencies fills."""
    concerned = select(Post.area, Post.role, Post.agency).where(or_(Post.area.in_(areas), Post.agency.in_(agencies)))
    return {(area, Role(role)): agency for area, role, agency in session.execute(concerned)}


def insert_release(session: Session, row: Mapping[str, Any]) -> FlowRelease | None:
    """Stores the release and returns it; None when it was made before."""
    stored = insert(FlowRelease).values(row).on_conflict_do_nothing().returning(FlowRelease)
    return session.scalar(stored)


def release_by_id(session: Session, release_id: str) -> FlowRelease | None:
    """Returns the release, or None when there is none that the caller's rows show."""
    return session.scalar(select(FlowRelease).where(FlowRelease.id == release_id))


def release_for_change(session: Session, release_id: str) -> FlowRelease | None:
    """Locks the release until this transaction ends, and returns it as it is stored now."""
    locked = select(FlowRelease).where(FlowRelease.id == release_id).with_for_update()
    return session.scalar(locked.execution_options(populate_existing=True))


def releases_to(
    session: Session, agency: str, kept_from: Collection[str], after: tuple[datetime, str] | None, limit: int
) -> Sequence[FlowRelease]:
    """Returns the next releases to this agency after a position, the newest first, without the sides kept from it."""
    newest = (FlowRelease.released_at.desc(), FlowRelease.id.desc())
    query = select(FlowRelease).where(FlowRelease.agency == agency, FlowRelease.side.not_in(kept_from))
    if after is not None:
        query = query.where(tuple_(FlowRelease.released_at, FlowRelease.id) < tuple_(*map(literal, after)))
    return session.scalars(query.order_by(*newest).limit(limit)).all()


def agencies_released_to(session: Session, flow: str, fact: str) -> set[str]:
    """Returns every agency to which this fact was released in this flow."""
    receivers = select(FlowRelease.agency).where(FlowRelease.flow == flow, FlowRelease.fact == fact)
    return set(session.scalars(receivers))


def position_read(session: Session) -> tuple[int, str]:
    """Returns how far the worker has read the feed, and the last case of its round: the beginning before it began."""
    row = session.execute(select(FlowPosition.position, FlowPosition.round_at)).one_or_none()
    return (row.position, row.round_at) if row else (0, "")


def note_position(session: Session, position: int, round_at: str) -> None:
    """Stores how far the worker has come in both."""
    reached: dict[str, Any] = {"position": position, "round_at": round_at}
    stored = insert(FlowPosition).values(reached | {"one_row": ONE_ROW})
    session.execute(stored.on_conflict_do_update(index_elements=["one_row"], set_=reached))


def next_cases(session: Session, after: str, most: int) -> Sequence[str]:
    """Returns the next cases with an open need, by their ids."""
    open_cases = select(CaseNeed.case_id).join(Need, Need.id == CaseNeed.need_id).where(Need.ended_at.is_(None))
    following = open_cases.where(CaseNeed.case_id > after).distinct().order_by(CaseNeed.case_id).limit(most)
    return session.scalars(following).all()


def happened_after(session: Session, position: int, most: int) -> list[tuple[int, str | None]]:
    """Returns the next places of the feed and the case of each event; None for a release, which owes nothing."""
    # By place and not by number: a place is given after the commit, so no event is passed that is still to come.
    rows = session.execute(
        select(FeedEntry.position, Event.case_id, Event.type)
        .join(Event, Event.id == FeedEntry.event_id)
        .where(FeedEntry.position > position)
        .order_by(FeedEntry.position)
        .limit(most)
    )
    return [(place or 0, None if kind is EventType.RELEASE_MADE else case_id) for place, case_id, kind in rows]


def perpetrators_concerned(session: Session, case_ids: Collection[str]) -> list[str]:
    """Returns the perpetrators of these cases and of every other case of their victims, by pseudonym."""
    victims = session.scalars(select(Case.victim_ref).where(Case.id.in_(case_ids))).all()
    cases = cases_of_victim(session, refs_of_same_persons(session, victims))
    return sorted({one.perpetrator_ref for one in cases if one.perpetrator_ref})


def cases_naming(session: Session, refs: Collection[str]) -> Sequence[Case]:
    """Returns the cases of which one of these is the victim or the perpetrator, the one opened last at the end."""
    named = or_(Case.victim_ref.in_(refs), Case.perpetrator_ref.in_(refs))
    return session.scalars(select(Case).where(named).order_by(Case.opened_at, Case.id)).all()


def perpetrator_of(session: Session, case_id: str) -> str | None:
    """Returns the perpetrator of the case, by the pseudonym of the case."""
    return session.scalar(select(Case.perpetrator_ref).where(Case.id == case_id))
