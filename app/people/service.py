"""What other rooms ask of people: to introduce a pseudonym, and to say which pseudonyms are one person."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.errors import Invalid
from app.foundation.identifiers import new_id
from app.people import identity_graph, repository
from app.people.identifier_digests import digest_of, key_of
from app.people.identifiers import Identifier
from app.people.matching import NewIdentifiers, link_same_identifiers, pairs_around


@dataclass(frozen=True, slots=True)
class Sighting:
    """A pseudonym as an agency names it, with the identifiers it gives for that person."""

    ref: str
    identifiers: tuple[Identifier, ...] = ()


def introduce(
    session: Session, caller: Caller, sightings: Sequence[Sighting], area: str, now: datetime
) -> None:
    """Every pseudonym is on record with its hashed identifiers, and is linked to whoever has the same ones."""
    digests: dict[str, set[tuple[bytes, str]]] = {}
    for sighting in sightings:
        digests.setdefault(sighting.ref, set()).update(digests_of(session, sighting))
    refuse_one_identifier_for_two(list(digests.values()))
    repository.take_turns(session, [digest.hex() for given in digests.values() for digest, _ in given])
    rows = [
        {"id": new_id("per"), "ref": ref, "first_named_at": now, "area": area, "agencies": [caller.agency]}
        for ref in sorted(digests)
    ]
    repository.name_persons(session, rows, caller.agency)
    for ref, given in digests.items():
        new = _record(session, caller, ref, given, area, now)
        if new:
            link_same_identifiers(session, NewIdentifiers(ref, new, caller.agency, area), now)


def digests_of(session: Session, sighting: Sighting) -> set[tuple[bytes, str]]:
    """The hashed identifiers of a sighting, each with its kind."""
    if not sighting.identifiers:
        return set()
    key = key_of(session)
    return {(digest_of(key, one), str(one.kind)) for one in sighting.identifiers}


def refuse_one_identifier_for_two(given: Sequence[Collection[tuple[bytes, str]]]) -> None:
    """Two people were given no hashed identifier in common, or `Invalid`."""
    if sum(len(one) for one in given) > len({digest for one in given for digest in one}):
        raise Invalid(
            "the same identifier is given for the victim and for the perpetrator; correct one of them"
        )


def _record(
    session: Session,
    caller: Caller,
    ref: str,
    given: Collection[tuple[bytes, str]],
    area: str,
    now: datetime,
) -> frozenset[bytes]:
    if not given:
        return frozenset()
    rows = [
        {
            "id": new_id("pid"),
            "ref": ref,
            "kind": kind,
            "digest": digest,
            "recorded_by": caller.answerable,
            "recorded_at": now,
            "area": area,
            "agencies": [caller.agency],
        }
        for digest, kind in sorted(given)
    ]
    return frozenset(digest for _, digest in repository.record_identifiers(session, rows))


def refs_of_same_person(session: Session, ref: str, at: datetime | None = None) -> frozenset[str]:
    """Every pseudonym of this person by the links that stand, or that stood at an instant; never fewer than one."""
    return identity_graph.same_person(ref, pairs_around(session, [ref], at))


def refs_of_same_persons(
    session: Session, refs: Collection[str], at: datetime | None = None
) -> frozenset[str]:
    """Every pseudonym of any of these persons."""
    links = pairs_around(session, refs, at)
    return frozenset().union(*(identity_graph.same_person(ref, links) for ref in refs))


def known_as(
    session: Session, refs: Iterable[str], preferred: Collection[str], at: datetime | None = None
) -> dict[str, str]:
    """For each pseudonym the one that stands for its person: a preferred one when it is the same person."""
    asked = {*refs}
    return identity_graph.known_as(asked, preferred, pairs_around(session, asked, at))


def first_ref_of(session: Session, ref: str) -> str:
    """The pseudonym under which this person was first named: new cases and needs are kept under it."""
    named = repository.persons(session, refs_of_same_person(session, ref))
    return named[0].ref if named else ref
