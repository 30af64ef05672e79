"""The search for a person over HTTP."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.access.dependencies import AuthorisedCaller, DatabaseSession, TheClock, rows_of
from app.access.service import as_system
from app.audit.service import Category, record_act
from app.foundation.web.idempotency import IdempotencyKey, OperationResult, once
from app.people import repository
from app.people.presenters import show_person
from app.people.schemas import PersonSearchOut, PersonSearchRequest, Purpose
from app.people.search import MOST_FOUND, digests_sought, find_persons, record_search

router = APIRouter(prefix="/v1", tags=["people"])


class _Sought(BaseModel):
    """What a search is known by when it is sent again: never the identifiers themselves."""

    purpose: Purpose
    digests: list[str]
    ref: str | None


@router.post(
    "/person-searches",
    operation_id="searchPersons",
    status_code=201,
    response_model=PersonSearchOut,
    summary="Look for a person by identifiers or pseudonym, for a stated purpose",
)
def search_persons(
    sent: PersonSearchRequest,
    request: Request,
    caller: AuthorisedCaller,
    session: DatabaseSession,
    clock: TheClock,
    key: IdempotencyKey = None,
) -> Response:
    """A POST, so that no identifier stands in an address or a log. On record each time, a repeated one too."""
    record_act(session, caller, Category.CONSULTATION, "person-search", sent.purpose, clock.now())
    digests = digests_sought(session, sent)

    def act() -> OperationResult:
        refs = [row.ref for row in repository.persons(session, [sent.ref])] if sent.ref else []
        with as_system(session, caller, rows_of(request)):
            found = find_persons(session, refs, digests)
            ids = [repository.persons(session, person)[0].id for person in found[:MOST_FOUND]]
        search = record_search(session, caller, sent, len(ids), clock.now())
        for person_id in ids:
            record_act(session, caller, Category.CONSULTATION, "person", person_id, clock.now())
        shown = [show_person(session, person, its_id) for person, its_id in zip(found, ids, strict=False)]
        answer = PersonSearchOut(id=search.id, persons=shown, more=len(found) > MOST_FOUND)
        return OperationResult(status=201, body=answer.model_dump(mode="json"))

    sought = _Sought(purpose=sent.purpose, digests=[one.hex() for one in digests], ref=sent.ref)
    return once(session, request, caller.client_id, key, sought, clock.now(), act)
