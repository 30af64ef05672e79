"""Looking for a person: for a stated purpose, at most ten, and on record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.foundation.caller import Caller
from app.foundation.identifiers import new_id
from app.people import repository
from app.people.identifier_digests import digest_of, key_of
from app.people.identity_graph import same_person
from app.people.matching import pairs_around
from app.people.models import PersonSearch
from app.people.schemas import PersonSearchRequest

MOST_FOUND = 10


def digests_sought(session: Session, sent: PersonSearchRequest) -> list[bytes]:
    """The hashes of the identifiers that are looked for, in a fixed order."""
    if not sent.identifiers:
        return []
    key = key_of(session)
    return sorted({digest_of(key, one.identifier()) for one in sent.identifiers})


def find_persons(session: Session, refs: Sequence[str], digests: Sequence[bytes]) -> list[frozenset[str]]:
    """The pseudonyms of each person who holds one of these identifiers or is named so, the first named first.

    One more than may be shown, so that "more" can be said.
    """
    held = [row.ref for row in repository.holders(session, digests)] if digests else []
    wanted = repository.persons(session, [*held, *refs])
    links = pairs_around(session, [row.ref for row in wanted]) if wanted else []
    found = list(dict.fromkeys(same_person(row.ref, links) for row in wanted))
    return found[: MOST_FOUND + 1]


def record_search(
    session: Session, caller: Caller, sent: PersonSearchRequest, found: int, now: datetime
) -> PersonSearch:
    """The search is on record: who, when, why, by which kinds of identifier; never by which value."""
    search = PersonSearch(
        id=new_id("srch"),
        purpose=sent.purpose,
        kinds=sorted({str(one.kind) for one in sent.identifiers} or {"ref"}),
        found=found,
        searched_by=caller.answerable,
        searched_at=now,
    )
    session.add(search)
    session.flush()
    return search
