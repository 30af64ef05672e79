"""Searches for a person: for a stated purpose, with at most ten results, and with a record of the search."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.people import repository
from app.people.identifier_digests import digest_of, identifier_key
from app.people.identity_graph import same_person
from app.people.models import PersonLink, PersonSearch
from app.people.schemas import PersonSearchRequest

# Few: a search looks for a person, and must not serve to list people.
MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person by the pseudonyms and links that the caller sees; the id is that of the first of them."""

    id: str
    refs: list[str]
    links: list[PersonLink]


def searched_digests(session: Session, sent: PersonSearchRequest) -> list[bytes]:
    """Returns the hashes of the identifiers in the request, in a fixed order."""
    if not sent.identifiers:
        return []
    key = identifier_key(session)
    return sorted({digest_of(key, one.identifier()) for one in sent.identifiers})


def find_persons(session: Session, refs: Sequence[str], digests: Sequence[bytes]) -> list[FoundPerson]:
    """Returns each person who has one of these identifiers or pseudonyms, as the row scope shows them.

    The first named comes first. It costs the same whoever else knows the person, and returns at most one more than may
    be shown, so that the response can say that there are more.
    """
    held = [row.ref for row in repository.identifier_holders(session, digests)]
    links = repository.standing_links_from(session, [*held, *refs])
    pairs = [(link.one_ref, link.other_ref) for link in links]
    reached = {*held, *refs, *(ref for pair in pairs for ref in pair)}
    seen = repository.persons_by_ref(session, reached)
    wanted = frozenset().union(*(same_person(ref, pairs) for ref in (*held, *refs)))
    found: dict[frozenset[str], FoundPerson] = {}
    for row in seen:
        person = same_person(row.ref, pairs)
        if row.ref in wanted and person not in found:
            refs_seen = [one.ref for one in seen if one.ref in person]
            found[person] = FoundPerson(row.id, refs_seen, [one for one in links if one.one_ref in person])
    return list(found.values())[: MOST_FOUND + 1]


def record_search(tx: Transaction, sent: PersonSearchRequest, digests: list[bytes], found: int) -> PersonSearch:
    """Records who searched, when, why, by what and how many were found; of identifiers the keyed hashes alone."""
    search = PersonSearch(
        id=new_id("srch"),
        purpose=sent.purpose,
        kinds=sorted({str(one.kind) for one in sent.identifiers} or {"ref"}),
        digests=digests,
        ref=sent.ref,
        found=found,
        agency=tx.caller.agency,
        areas=sorted(tx.caller.areas),
        searched_by=tx.by,
        searched_at=tx.now,
    )
    tx.session.add(search)
    tx.session.flush()
    return search
