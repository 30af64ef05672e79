"""Every query of the people room. The module is long because whoever changes a table sees all that reads it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.foundation.storage.locks import take_turn
from app.foundation.storage.read_once import read_anew
from app.people.identity_graph import Pair
from app.people.models import (
    LinkAnswer,
    LinkProposal,
    LinkWithdrawal,
    Person,
    PersonIdentifier,
    PersonLink,
    PersonSearch,
    SeparatePersons,
)
from app.people.vocabulary import RULE_AUTHOR, LinkState


def take_turns(session: Session, names: Iterable[str]) -> None:
    """Waits for the turn of each name and holds them all until this transaction ends."""
    # Sorted, so that every transaction locks in the same order and no two wait for each other.
    for name in sorted(set(names)):
        take_turn(session, "people", name)
    # Whoever had the turn before may have made or withdrawn a link.
    read_anew(session)


def record_persons(session: Session, rows: Sequence[Mapping[str, object]], agency: str, area: str) -> None:
    """Records each pseudonym that is new, lets the agency see all of them, and notes that this area names them."""
    session.execute(insert(Person).values(list(rows)).on_conflict_do_nothing(index_elements=["ref"]))
    _note_naming(session, Person, Person.ref.in_([row["ref"] for row in rows]), agency, area)


def note_area_of_persons(session: Session, refs: Collection[str], agency: str, area: str) -> None:
    """Notes that the area holds these people from now on, as if it had named them and their identifiers."""
    _note_naming(session, Person, Person.ref.in_(refs), agency, area)
    _note_naming(session, PersonIdentifier, PersonIdentifier.ref.in_(refs), agency, area)


def _note_naming(
    session: Session, table: type[Person | PersonIdentifier], which: ColumnElement[bool], agency: str, area: str
) -> None:
    """Notes on these rows that the agency names them in the area, as it would be had it been the first."""
    lacks_agency, lacks_area = (
        func.array_position(column, one).is_(None) for column, one in ((table.agencies, agency), (table.areas, area))
    )
    # Only rows that lack one of the two: an update that changes nothing would still lock the row.
    session.execute(
        update(table)
        .where(which, or_(lacks_agency, lacks_area))
        .values(
            agencies=case((lacks_agency, func.array_append(table.agencies, agency)), else_=table.agencies),
            areas=case((lacks_area, func.array_append(table.areas, area)), else_=table.areas),
        )
    )


def persons_by_ref(session: Session, refs: Collection[str]) -> Sequence[Person]:
    """Returns the persons on record under these pseudonyms, the first named first."""
    return session.scalars(select(Person).where(Person.ref.in_(refs)).order_by(Person.number)).all()


def record_identifiers(
    session: Session, rows: Sequence[Mapping[str, object]], agency: str, area: str
) -> Sequence[tuple[str, bytes]]:
    """Records the identifiers of one pseudonym; the kind and hash of those that were not on record before."""
    # RETURNING gives only the rows that were inserted, not those in conflict.
    recorded = session.execute(
        insert(PersonIdentifier)
        .values(list(rows))
        .on_conflict_do_nothing()
        .returning(PersonIdentifier.kind, PersonIdentifier.digest)
    ).all()
    of_person = and_(
        PersonIdentifier.ref == rows[0]["ref"], PersonIdentifier.digest.in_([row["digest"] for row in rows])
    )
    _note_naming(session, PersonIdentifier, of_person, agency, area)
    return [(kind, digest) for kind, digest in recorded]


def identifier_holders(session: Session, digests: Collection[bytes]) -> Sequence[PersonIdentifier]:
    """Returns the rows of everybody who has one of these identifiers, in a fixed order."""
    return session.scalars(
        select(PersonIdentifier)
        .where(PersonIdentifier.digest.in_(digests))
        .order_by(PersonIdentifier.ref, PersonIdentifier.kind, PersonIdentifier.digest)
    ).all()


def identifiers_of(session: Session, refs: Collection[str]) -> Sequence[PersonIdentifier]:
    return session.scalars(select(PersonIdentifier).where(PersonIdentifier.ref.in_(refs))).all()


def standing_links_from(session: Session, refs: Collection[str], at: datetime | None = None) -> Sequence[PersonLink]:
    """Returns every link that stands, or stood at an instant, and can be reached from these pseudonyms."""
    reached = select(func.unnest(literal(sorted(refs), ARRAY(Text))).label("ref")).cte("reached", recursive=True)
    step = union_all(
        select(PersonLink.other_ref.label("ref")).where(PersonLink.one_ref == reached.c.ref, _stood(at)),
        select(PersonLink.one_ref.label("ref")).where(PersonLink.other_ref == reached.c.ref, _stood(at)),
    ).lateral("step")
    # UNION, not UNION ALL: it drops pseudonyms already reached, so a cycle of links ends.
    reached = reached.union(select(step.c.ref).select_from(reached.join(step, true())))
    found = select(PersonLink).where(PersonLink.one_ref.in_(select(reached.c.ref)), _stood(at))
    return session.scalars(found.order_by(PersonLink.asserted_at, PersonLink.id)).all()


def _stood(at: datetime | None) -> ColumnElement[bool]:
    """Returns whether a link stands now, or stood at an instant."""
    # Links are append-only, so whether one stands is read from its withdrawal and not from a flag.
    ended = exists().where(LinkWithdrawal.link_id == PersonLink.id)
    if at is None:
        return ~ended
    return and_(PersonLink.asserted_at <= at, ~ended.where(LinkWithdrawal.withdrawn_at <= at))


def pair_lies_between(
    table: type[PersonLink | LinkProposal | SeparatePersons], one: Collection[str], other: Collection[str]
) -> ColumnElement[bool]:
    """Returns whether a row joins a pseudonym of one side with a pseudonym of the other, in either order."""
    return or_(
        and_(table.one_ref.in_(one), table.other_ref.in_(other)),
        and_(table.one_ref.in_(other), table.other_ref.in_(one)),
    )


def met_in_one_incident(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    return bool(session.scalar(select(exists().where(pair_lies_between(SeparatePersons, one, other)))))


def withdrawn_between(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    return bool(
        session.scalar(
            select(exists().where(LinkWithdrawal.link_id == PersonLink.id, pair_lies_between(PersonLink, one, other)))
        )
    )


def refused_between(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    refused = and_(LinkAnswer.proposal_id == LinkProposal.id, LinkAnswer.answer == "REFUSED")
    return bool(session.scalar(select(exists().where(refused, pair_lies_between(LinkProposal, one, other)))))


def open_proposal_between(
    session: Session, one: Collection[str], other: Collection[str], now: datetime
) -> LinkProposal | None:
    """Returns a proposal between the two that may still be answered, among those that the row scope shows."""
    between = pair_lies_between(LinkProposal, one, other)
    return session.scalar(select(LinkProposal).where(state_of_proposal(now) == LinkState.OPEN, between).limit(1))


def state_of_proposal(now: datetime) -> ColumnElement[str]:
    """Returns the state of a proposal as the row scope shows it.

    Another area's refusal is not shown, so the proposal seems to wait until it lapses. What the rule asks never lapses.
    """
    linked = exists().where(PersonLink.proposal_id == LinkProposal.id)
    refused = exists().where(LinkAnswer.proposal_id == LinkProposal.id, LinkAnswer.answer == LinkState.REFUSED)
    lapsed = and_(LinkProposal.proposed_by != RULE_AUTHOR, LinkProposal.answer_by <= now)
    return case(
        (linked, literal(LinkState.CONFIRMED.value)),
        (refused, literal(LinkState.REFUSED.value)),
        (lapsed, literal(LinkState.LAPSED.value)),
        else_=literal(LinkState.OPEN.value),
    )


def states_of_proposals(session: Session, proposal_ids: Collection[str], now: datetime) -> dict[str, LinkState]:
    rows = session.execute(select(LinkProposal.id, state_of_proposal(now)).where(LinkProposal.id.in_(proposal_ids)))
    return {proposal_id: LinkState(state) for proposal_id, state in rows}


def record_separate_persons(session: Session, pair: Pair, now: datetime) -> bool:
    """Records that one incident names the two as victim and perpetrator; True when it was not on record before."""
    row = {"one_ref": pair[0], "other_ref": pair[1], "noted_at": now}
    recorded = insert(SeparatePersons).values(row).on_conflict_do_nothing().returning(SeparatePersons.one_ref)
    return session.scalar(recorded) is not None


def searches_to_tell(session: Session, most: int) -> Sequence[PersonSearch]:
    """Locks and returns the next searches of which nobody was told, the oldest first."""
    waiting = select(PersonSearch).where(PersonSearch.informed_at.is_(None)).order_by(PersonSearch.searched_at)
    return session.scalars(waiting.limit(most).with_for_update(skip_locked=True)).all()


def proposal_by_id(session: Session, proposal_id: str) -> LinkProposal | None:
    return session.scalar(select(LinkProposal).where(LinkProposal.id == proposal_id))


def link_by_id(session: Session, link_id: str) -> PersonLink | None:
    return session.scalar(select(PersonLink).where(PersonLink.id == link_id))


def answers_to_proposals(session: Session, proposal_ids: Collection[str]) -> Sequence[LinkAnswer]:
    query = select(LinkAnswer).where(LinkAnswer.proposal_id.in_(proposal_ids))
    return session.scalars(query.order_by(LinkAnswer.answered_at, LinkAnswer.id)).all()


def links_by_proposal(session: Session, proposal_ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(PersonLink.proposal_id, PersonLink.id).where(PersonLink.proposal_id.in_(proposal_ids))
    )
    return {proposal_id: link_id for proposal_id, link_id in rows if proposal_id}


def withdrawals_by_link(session: Session, link_ids: Collection[str]) -> dict[str, LinkWithdrawal]:
    rows = session.scalars(select(LinkWithdrawal).where(LinkWithdrawal.link_id.in_(link_ids)))
    return {row.link_id: row for row in rows}


def list_proposals(
    session: Session, states: Collection[str], after: tuple[datetime, str] | None, limit: int, now: datetime
) -> Sequence[LinkProposal]:
    """Returns the next proposals after a position, the newest first; in every state when none is named."""
    query = select(LinkProposal).order_by(LinkProposal.proposed_at.desc(), LinkProposal.id.desc()).limit(limit)
    if states:
        query = query.where(state_of_proposal(now).in_(states))
    if after:
        # The id orders proposals of one instant, so that no page repeats or skips one.
        at, last = after
        earlier = and_(LinkProposal.proposed_at == at, LinkProposal.id < last)
        query = query.where(or_(LinkProposal.proposed_at < at, earlier))
    return session.scalars(query).all()
