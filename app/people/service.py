"""What other rooms ask of people: to register the persons that an agency names, and which pseudonyms are one person."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.errors import Invalid
from app.foundation.identifiers import new_id
from app.foundation.storage.read_once import read_anew
from app.foundation.storage.transaction import Transaction
from app.people import identity_graph, repository
from app.people.identifier_digests import digest_of, identifier_key
from app.people.identifiers import Identifier
from app.people.matching import NewIdentifiers, link_same_identifiers, linked_pairs

HashedIdentifier = tuple[bytes, str]  # keyed hash, kind


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A pseudonym as an agency names it, with the identifiers that it gives for that person."""

    ref: str
    identifiers: tuple[Identifier, ...] = ()


def register_persons(tx: Transaction, named: Sequence[NamedPerson], area: str) -> None:
    """Records every pseudonym with its hashed identifiers, and links it to whoever has the same identifiers."""
    digests: dict[str, set[HashedIdentifier]] = {}
    for person in named:
        digests.setdefault(person.ref, set()).update(hashed_identifiers(tx.session, person))
    refuse_shared_identifier(list(digests.values()))
    # One turn for each identifier: two agencies that give it at the same time must see each other's row.
    repository.take_turns(tx.session, [digest.hex() for given in digests.values() for digest, _ in given])
    agency = tx.caller.agency
    # Sorted, so that two referrals about the same people insert in one order and do not deadlock.
    rows = [
        {"id": new_id("per"), "ref": ref, "first_named_at": tx.now, "area": area, "areas": [area], "agencies": [agency]}
        for ref in sorted(digests)
    ]
    repository.record_persons(tx.session, rows, agency, area)
    for ref, given in digests.items():
        new = _record_identifiers(tx, ref, given, area)
        if new:
            link_same_identifiers(tx, NewIdentifiers(ref, new, agency, area))


def hashed_identifiers(session: Session, person: NamedPerson) -> set[HashedIdentifier]:
    """Returns the keyed hashes of a person's identifiers, each with its kind."""
    if not person.identifiers:
        return set()
    key = identifier_key(session)
    return {(digest_of(key, one), str(one.kind)) for one in person.identifiers}


def refuse_shared_identifier(given: Sequence[Collection[HashedIdentifier]]) -> None:
    """Raises `Invalid` when two of these persons are given the same identifier."""
    if sum(len(one) for one in given) > len({digest for one in given for digest in one}):
        raise Invalid("the same identifier is given for the victim and for the perpetrator; correct one of them")


def _record_identifiers(tx: Transaction, ref: str, given: Collection[HashedIdentifier], area: str) -> frozenset[bytes]:
    """Stores the identifiers of a pseudonym; the hashes of those that were not stored for it before."""
    if not given:
        return frozenset()
    rows = [
        {
            "id": new_id("pid"),
            "ref": ref,
            "kind": kind,
            "digest": digest,
            "recorded_by": tx.by,
            "recorded_at": tx.now,
            "area": area,
            "areas": [area],
            "agencies": [tx.caller.agency],
        }
        for digest, kind in sorted(given)
    ]
    return frozenset(digest for _, digest in repository.record_identifiers(tx.session, rows, tx.caller.agency, area))


def refs_of_same_person(session: Session, ref: str, at: datetime | None = None) -> frozenset[str]:
    """Returns every pseudonym of this person by the links that stand, or that stood at an instant.

    At least the one given.
    """
    return identity_graph.same_person(ref, linked_pairs(session, [ref], at))


def refs_of_same_persons(session: Session, refs: Collection[str], at: datetime | None = None) -> frozenset[str]:
    """Returns every pseudonym of any of these persons."""
    links = linked_pairs(session, refs, at)
    return frozenset().union(*(identity_graph.same_person(ref, links) for ref in refs))


def take_over_persons(session: Session, refs: Collection[str], agency: str, area: str) -> None:
    """Notes that an area has taken these people over: it finds them by their identifiers and is asked about links."""
    repository.note_area_of_persons(session, refs_of_same_persons(session, refs), agency, area)
    read_anew(session)


def canonical_refs(
    session: Session, refs: Iterable[str], preferred: Collection[str], at: datetime | None = None
) -> dict[str, str]:
    """Maps each pseudonym to the one that stands for its person: a preferred one when it is the same person."""
    asked = {*refs}
    return identity_graph.canonical_by_links(asked, preferred, linked_pairs(session, asked, at))


def first_ref_of(session: Session, ref: str) -> str:
    """Returns the pseudonym under which this person was first named. New cases and needs are stored under it."""
    named = repository.persons_by_ref(session, refs_of_same_person(session, ref))
    return named[0].ref if named else ref
