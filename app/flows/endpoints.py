"""What was released over HTTP: to read it, to say that it was received, or that it is another agency's."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Reading, Writing
from app.audit.service import Category, record_act
from app.flows import receiving, repository
from app.flows.people_releasing import release_by_person
from app.flows.presenters import release_out
from app.flows.schemas import MisdirectionRequest, ReleaseOut, ReleaseRequest, ReleasesMadeOut
from app.foundation.clock import instant_text
from app.foundation.web.idempotency import OperationResult
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.intake.case_access import refuse_unless_named_in_case
from app.referrals.lookup import find_case

router = APIRouter(prefix="/v1", tags=["releases"])


@router.get("/releases", operation_id="listReleases", summary="What was released to your agency, the newest first")
def list_releases(
    call: Reading,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Page[ReleaseOut]:
    """Lists what is known elsewhere about perpetrators whom your agency manages, or whose victims it works with."""
    shown = min(limit, MOST_ITEMS)
    key = call.cursor_key("releases")
    after = key.read_instant(cursor) if cursor else None
    kept_from = receiving.kept_from(call.caller.role)
    rows = repository.releases_to(call.session, call.caller.agency, kept_from, after, shown + 1)
    record_act(call.tx, Category.CONSULTATION, "release", "list")
    page = page_of(rows, shown, key, lambda one: [instant_text(one.released_at), one.id], "/v1/releases?")
    return Page(items=[release_out(call, one) for one in page.items], page=page.page, links=page.links)


@router.get("/releases/{release_id}", operation_id="getRelease", summary="What was released, and who received it")
def get_release(release_id: str, call: Reading) -> ReleaseOut:
    release = receiving.find_release(call.tx, release_id)
    record_act(call.tx, Category.CONSULTATION, "release", release.id)
    return release_out(call, release)


@router.post(
    "/releases/{release_id}/receipts",
    operation_id="receiveRelease",
    status_code=201,
    response_model=ReleaseOut,
    summary="Say as a named person that you have received it",
)
def receive_release(release_id: str, call: Writing) -> Response:
    """Ends its reminders. That a system took the call is no receipt: a person says so."""

    def act() -> OperationResult:
        receiving.find_release(call.tx, release_id)
        release = repository.release_for_change(call.session, release_id)
        assert release is not None  # noqa: S101 - found among the caller's own rows
        receiving.receive(call.tx, release)
        record_act(call.tx, Category.ALTERATION, "release", release.id)
        return _result(release_out(call, release))

    return call.once(None, act)


@router.post(
    "/releases/{release_id}/misdirections",
    operation_id="misdirectRelease",
    status_code=201,
    response_model=ReleaseOut,
    summary="Say that it is not your agency's, and why",
)
def misdirect_release(release_id: str, sent: MisdirectionRequest, call: Writing) -> Response:
    """It is released to the next receiver and, where nobody else is known, to the hub that is to find out who it is."""

    def act() -> OperationResult:
        receiving.find_release(call.tx, release_id)
        with call.as_system() as session:  # who is told next follows from cases that the caller may not read
            release = repository.release_for_change(session, release_id)
            assert release is not None  # noqa: S101 - found among the caller's own rows
            receiving.misdirect(call.tx, release, sent.reason)
        record_act(call.tx, Category.ALTERATION, "release", release.id)
        return _result(release_out(call, release))

    return call.once(sent, act)


@router.post(
    "/cases/{case_id}/releases",
    operation_id="makeRelease",
    status_code=201,
    response_model=ReleasesMadeOut,
    summary="As a person of the flow's post, release a fact to whoever is to be told of it",
)
def make_release(case_id: str, sent: ReleaseRequest, call: Writing) -> Response:
    """Tells everybody who manages the perpetrator, or the post that the flow names, what its form has a field for."""

    def act() -> OperationResult:
        refuse_unless_named_in_case(call.session, case_id)
        with call.as_system() as session:  # who manages the perpetrator is read from cases that the caller may not see
            case = find_case(session, case_id)
            made = release_by_person(call.tx, case, sent)
        record_act(call.tx, Category.DISCLOSURE, "case", case.id)
        shown = ReleasesMadeOut(items=[release_out(call, one) for one in made])
        headers = {"Location": f"/v1/cases/{case.id}"}
        return OperationResult(status=201, body=shown.model_dump(mode="json"), headers=headers)

    return call.once(sent, act)


def _result(shown: ReleaseOut) -> OperationResult:
    headers = {"Location": f"/v1/releases/{shown.id}"}
    return OperationResult(status=201, body=shown.model_dump(mode="json"), headers=headers)
