"""The search for a person over HTTP."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.access.calls import Call, Writing
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import OperationResult
from app.people.presenters import links_out
from app.people.schemas import PersonOut, PersonSearchOut, PersonSearchRequest
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
    """Finds people whom you know. It is a POST so that no identifier is in a URL or a log. Every search is recorded.

    The answer is the same whether or not anybody else knows the person. Whoever holds a case of this person in another
    area is told that you searched.
    """
    digests = searched_digests(call.session, sent)
    fingerprint = _SearchFingerprint(purpose=sent.purpose, digests=[one.hex() for one in digests], ref=sent.ref)
    return call.once(fingerprint, lambda: _search(call, sent, digests))


def _search(call: Call, sent: PersonSearchRequest, digests: list[bytes]) -> OperationResult:
    # A search that is sent again shows personal data again, and is recorded again with the acts of the first.
    record_act(call.tx, Category.CONSULTATION, "person-search", sent.purpose)
    # In the caller's own row scope throughout: what others hold is told to them and not to who asks.
    found = find_persons(call.session, [sent.ref] if sent.ref else [], digests)
    shown = found[:MOST_FOUND]
    search = record_search(call.tx, sent, digests, len(shown))
    for one in shown:
        record_act(call.tx, Category.CONSULTATION, "person", one.id)
    links = {link.id: link for link in links_out(call.session, [link for one in shown for link in one.links])}
    persons = [PersonOut(id=one.id, refs=one.refs, links=[links[link.id] for link in one.links]) for one in shown]
    body = PersonSearchOut(id=search.id, persons=persons, more=len(found) > MOST_FOUND)
    return OperationResult(status=201, body=body.model_dump(mode="json"))
