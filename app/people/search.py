"""Searches for a person: for a stated purpose, with at most ten results, and with a record of the search."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.people import repository
from app.people.identifier_digests import digest_of, identifier_key
from app.people.identity_graph import same_person
from app.people.matching import linked_pairs
from app.people.models import PersonSearch
from app.people.schemas import PersonSearchRequest

# Few: a search looks for a person, and must not serve to list people.
MOST_FOUND = 10


def searched_digests(session: Session, sent: PersonSearchRequest) -> list[bytes]:
    """Returns the hashes of the identifiers in the request, in a fixed order."""
    if not sent.identifiers:
        return []
    key = identifier_key(session)
    return sorted({digest_of(key, one.identifier()) for one in sent.identifiers})


def find_persons(session: Session, refs: Sequence[str], digests: Sequence[bytes]) -> list[frozenset[str]]:
    """Returns the pseudonyms of each person who has one of these identifiers or pseudonyms.

    The first named comes first.

    It returns at most one person more than may be shown, so that the response can say that there are more.
    """
    held = [row.ref for row in repository.identifier_holders(session, digests)] if digests else []
    wanted = repository.persons_by_ref(session, [*held, *refs])
    links = linked_pairs(session, [row.ref for row in wanted]) if wanted else []
    found = list(dict.fromkeys(same_person(row.ref, links) for row in wanted))
    return found[: MOST_FOUND + 1]


def record_search(tx: Transaction, sent: PersonSearchRequest, found: int) -> PersonSearch:
    """Records who searched, when, why, by which kinds of identifier and how many were found; never the values."""
    search = PersonSearch(
        id=new_id("srch"),
        purpose=sent.purpose,
        kinds=sorted({str(one.kind) for one in sent.identifiers} or {"ref"}),
        found=found,
        searched_by=tx.by,
        searched_at=tx.now,
    )
    tx.session.add(search)
    tx.session.flush()
    return search
