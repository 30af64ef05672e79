"""Every query of the people room."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
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
from app.people.identity_graph import Pair
from app.people.models import (
    Apart,
    LinkAnswer,
    LinkProposal,
    LinkWithdrawal,
    Person,
    PersonIdentifier,
    PersonLink,
)


def take_turns(session: Session, names: Iterable[str]) -> None:
    """Whoever names one of the same things waits until this transaction ends."""
    for name in sorted(set(names)):  # one order for everybody, so that no two wait for each other
        take_turn(session, "people", name)


def name_persons(session: Session, rows: Sequence[Mapping[str, object]], agency: str) -> None:
    """Each pseudonym is on record, and the agency may see it."""
    session.execute(insert(Person).values(list(rows)).on_conflict_do_nothing(index_elements=["ref"]))
    session.execute(
        update(Person)
        .where(
            Person.ref.in_([row["ref"] for row in rows]),
            func.array_position(Person.agencies, agency).is_(None),
        )
        .values(agencies=func.array_append(Person.agencies, agency))
    )


def persons(session: Session, refs: Collection[str]) -> Sequence[Person]:
    """Those of these pseudonyms that are on record, the first named first."""
    return session.scalars(select(Person).where(Person.ref.in_(refs)).order_by(Person.number)).all()


def record_identifiers(session: Session, rows: Sequence[Mapping[str, object]]) -> Sequence[tuple[str, bytes]]:
    """The identifiers are on record; kind and hash of those that were not before."""
    recorded = session.execute(
        insert(PersonIdentifier)
        .values(list(rows))
        .on_conflict_do_nothing()
        .returning(PersonIdentifier.kind, PersonIdentifier.digest)
    )
    return [(kind, digest) for kind, digest in recorded]


def holders(session: Session, digests: Collection[bytes]) -> Sequence[PersonIdentifier]:
    """Who holds one of these identifiers, in a fixed order."""
    return session.scalars(
        select(PersonIdentifier)
        .where(PersonIdentifier.digest.in_(digests))
        .order_by(PersonIdentifier.ref, PersonIdentifier.kind, PersonIdentifier.digest)
    ).all()


def identifiers_of(session: Session, refs: Collection[str]) -> Sequence[PersonIdentifier]:
    return session.scalars(select(PersonIdentifier).where(PersonIdentifier.ref.in_(refs))).all()


def links_around(session: Session, refs: Collection[str], at: datetime | None = None) -> Sequence[PersonLink]:
    """Every standing link that can be reached from these pseudonyms; those that stood at an instant when given."""
    reached = select(func.unnest(literal(sorted(refs), ARRAY(Text))).label("ref")).cte(
        "reached", recursive=True
    )
    step = union_all(
        select(PersonLink.other_ref.label("ref")).where(PersonLink.one_ref == reached.c.ref, _stood(at)),
        select(PersonLink.one_ref.label("ref")).where(PersonLink.other_ref == reached.c.ref, _stood(at)),
    ).lateral("step")
    reached = reached.union(select(step.c.ref).select_from(reached.join(step, true())))
    found = select(PersonLink).where(PersonLink.one_ref.in_(select(reached.c.ref)), _stood(at))
    return session.scalars(found.order_by(PersonLink.asserted_at, PersonLink.id)).all()


def _stood(at: datetime | None) -> ColumnElement[bool]:
    ended = exists().where(LinkWithdrawal.link_id == PersonLink.id)
    if at is None:
        return ~ended
    return and_(PersonLink.asserted_at <= at, ~ended.where(LinkWithdrawal.withdrawn_at <= at))


def between(
    table: type[PersonLink | LinkProposal | Apart], one: Collection[str], other: Collection[str]
) -> ColumnElement[bool]:
    """That a row's two pseudonyms lie on the two sides, whichever way round."""
    return or_(
        and_(table.one_ref.in_(one), table.other_ref.in_(other)),
        and_(table.one_ref.in_(other), table.other_ref.in_(one)),
    )


def met_in_one_incident(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    return bool(session.scalar(select(exists().where(between(Apart, one, other)))))


def withdrawn_between(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    return bool(
        session.scalar(
            select(exists().where(LinkWithdrawal.link_id == PersonLink.id, between(PersonLink, one, other)))
        )
    )


def refused_between(session: Session, one: Collection[str], other: Collection[str]) -> bool:
    refused = and_(LinkAnswer.proposal_id == LinkProposal.id, LinkAnswer.answer == "REFUSED")
    return bool(session.scalar(select(exists().where(refused, between(LinkProposal, one, other)))))


def open_proposal_between(
    session: Session, one: Collection[str], other: Collection[str]
) -> LinkProposal | None:
    answered = exists().where(LinkAnswer.proposal_id == LinkProposal.id)
    return session.scalar(select(LinkProposal).where(~answered, between(LinkProposal, one, other)).limit(1))


def note_apart(session: Session, pair: Pair, now: datetime) -> bool:
    """The two met in one incident; whether this is the first time."""
    row = {"one_ref": pair[0], "other_ref": pair[1], "noted_at": now}
    noted = insert(Apart).values(row).on_conflict_do_nothing().returning(Apart.one_ref)
    return session.scalar(noted) is not None


def proposal_by_id(session: Session, proposal_id: str) -> LinkProposal | None:
    return session.scalar(select(LinkProposal).where(LinkProposal.id == proposal_id))


def link_by_id(session: Session, link_id: str) -> PersonLink | None:
    return session.scalar(select(PersonLink).where(PersonLink.id == link_id))


def answers_by_proposal(session: Session, proposal_ids: Collection[str]) -> dict[str, LinkAnswer]:
    rows = session.scalars(select(LinkAnswer).where(LinkAnswer.proposal_id.in_(proposal_ids)))
    return {row.proposal_id: row for row in rows}


def links_by_proposal(session: Session, proposal_ids: Collection[str]) -> dict[str, str]:
    rows = session.execute(
        select(PersonLink.proposal_id, PersonLink.id).where(PersonLink.proposal_id.in_(proposal_ids))
    )
    return {proposal_id: link_id for proposal_id, link_id in rows if proposal_id}


def withdrawals_by_link(session: Session, link_ids: Collection[str]) -> dict[str, LinkWithdrawal]:
    rows = session.scalars(select(LinkWithdrawal).where(LinkWithdrawal.link_id.in_(link_ids)))
    return {row.link_id: row for row in rows}


def list_proposals(
    session: Session, states: Collection[str], after: tuple[datetime, str] | None, limit: int
) -> Sequence[LinkProposal]:
    """The newest first, from a position; every state when none is named."""
    query = (
        select(LinkProposal)
        .outerjoin(LinkAnswer, LinkAnswer.proposal_id == LinkProposal.id)
        .order_by(LinkProposal.proposed_at.desc(), LinkProposal.id.desc())
        .limit(limit)
    )
    if states:
        query = query.where(func.coalesce(LinkAnswer.answer, "OPEN").in_(states))
    if after:
        at, last = after
        earlier = and_(LinkProposal.proposed_at == at, LinkProposal.id < last)
        query = query.where(or_(LinkProposal.proposed_at < at, earlier))
    return session.scalars(query).all()
