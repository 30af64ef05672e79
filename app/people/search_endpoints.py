"""The search for a person over HTTP."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.people import repository
from app.people.presenters import person_out
from app.people.schemas import PersonSearchOut, PersonSearchRequest
from app.people.search import MOST_FOUND, find_persons, record_search, searched_digests
from app.people.vocabulary import Purpose

router = APIRouter(prefix="/v1", tags=["people"])


class _SearchFingerprint(BaseModel):
    """What two equal searches have in common: the stored idempotency record holds no identifier."""

    purpose: Purpose
    digests: list[str]
    ref: str | None


@router.post(
    "/person-searches",
    operation_id="searchPersons",
    status_code=201,
    response_model=PersonSearchOut,
    summary="Search for a person by identifiers or pseudonym, for a stated purpose",
)
def search_persons(sent: PersonSearchRequest, call: Writing) -> Response:
    """Finds people. It is a POST so that no identifier is in a URL or a log. Every search is recorded."""
    # Recorded outside `once`: a replayed search shows personal data again, so it is a consultation again.
    record_act(call.tx, Category.CONSULTATION, "person-search", sent.purpose)
    digests = searched_digests(call.session, sent)
    fingerprint = _SearchFingerprint(purpose=sent.purpose, digests=[one.hex() for one in digests], ref=sent.ref)
    return call.once(fingerprint, lambda: _search(call, sent, digests))


def _search(call: Call, sent: PersonSearchRequest, digests: list[bytes]) -> OperationResult:
    refs = [row.ref for row in repository.persons_by_ref(call.session, [sent.ref])] if sent.ref else []
    with call.as_system() as session:
        found = find_persons(session, refs, digests)
        ids = [repository.persons_by_ref(session, person)[0].id for person in found[:MOST_FOUND]]
    search = record_search(call.tx, sent, len(ids))
    for person_id in ids:
        record_act(call.tx, Category.CONSULTATION, "person", person_id)
    # Built in the caller's row scope again: pseudonyms of another force must not appear.
    persons = [person_out(call.session, person, person_id) for person, person_id in zip(found, ids, strict=False)]
    body = PersonSearchOut(id=search.id, persons=persons, more=len(found) > MOST_FOUND)
    return OperationResult(status=201, body=body.model_dump(mode="json"))
