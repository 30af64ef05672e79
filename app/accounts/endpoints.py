"""The accounts of an agency's people over HTTP, for the agency's administrator."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.access.calls import Call, Reading, Writing
from app.access.models import Account
from app.accounts import linking, repository, service
from app.accounts.presenters import accounts_out
from app.accounts.schemas import (
    AccountMoveRequest,
    AccountOut,
    AccountReasonRequest,
    AccountRequest,
    LinkingCodeOut,
)
from app.audit.service import Category, record_act
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult, with_secret
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of

router = APIRouter(prefix="/v1", tags=["accounts"])
ACCOUNTS, ONE_ACCOUNT = "/accounts", "/accounts/{account_id}"


@router.post(
    ACCOUNTS,
    operation_id="addAccount",
    status_code=201,
    response_model=AccountOut,
    summary="Add a person of your agency",
)
def add_account(sent: AccountRequest, call: Writing) -> Response:
    """Adds the account. From then on your agency's systems may name it in `X-On-Behalf-Of`."""
    return _changed(call, sent, lambda: service.add_account(call.tx, call.caller.agency, sent))


@router.get(ACCOUNTS, operation_id="listAccounts", summary="The people of your agency, suspended ones too")
def list_accounts(
    call: Reading,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Page[AccountOut]:
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key("accounts")
    rows = repository.list_accounts(call.session, call.caller.agency, key.read(cursor)[0] if cursor else "", limit + 1)
    record_act(call.tx, Category.CONSULTATION, "account", "list")
    page = page_of(rows, limit, key, lambda row: (row.id,), f"/v1{ACCOUNTS}?limit={limit}&")
    return Page(items=accounts_out(call.session, page.items), page=page.page, links=page.links)


@router.get(ONE_ACCOUNT, operation_id="getAccount", summary="One person of your agency, with all that changed")
def get_account(account_id: str, call: Reading) -> AccountOut:
    account = repository.account_by_id(call.session, account_id)
    if account is None:
        raise NotFound("there is no such account, or it is not yours to see")
    record_act(call.tx, Category.CONSULTATION, "account", account.id)
    return accounts_out(call.session, [account])[0]


@router.post(
    ONE_ACCOUNT + "/placements",
    operation_id="moveAccount",
    status_code=201,
    response_model=AccountOut,
    summary="Give a person another team, post or areas",
)
def move_account(account_id: str, sent: AccountMoveRequest, call: Writing) -> Response:
    """Moves the account within your agency. It stays the same person wherever a second person is asked for."""
    return _changed(call, sent, lambda: service.move_account(call.tx, account_id, sent))


@router.post(
    ONE_ACCOUNT + "/suspensions",
    operation_id="suspendAccount",
    status_code=201,
    response_model=AccountOut,
    summary="End what a person may do, at once",
)
def suspend_account(account_id: str, sent: AccountReasonRequest, call: Writing) -> Response:
    """Suspends the account. Its acts stay on record under its name, which nobody else gets."""
    return _changed(call, sent, lambda: service.suspend_account(call.tx, account_id, sent.reason))


@router.post(
    ONE_ACCOUNT + "/resumptions",
    operation_id="resumeAccount",
    status_code=201,
    response_model=AccountOut,
    summary="Let a suspended person act again",
)
def resume_account(account_id: str, sent: AccountReasonRequest, call: Writing) -> Response:
    """Ends the suspension. The person is the same as before it."""
    return _changed(call, sent, lambda: service.resume_account(call.tx, account_id, sent.reason))


@router.post(
    ONE_ACCOUNT + "/linking-codes",
    operation_id="makeLinkingCode",
    status_code=201,
    response_model=LinkingCodeOut,
    summary="Make a code with which a person links their account to their sign-in",
)
def make_linking_code(account_id: str, sent: AccountReasonRequest, call: Writing) -> Response:
    """The person signs in at the identity provider and enters it there, within the hour and once.

    Give it to that person alone. A further code takes its place.
    """
    shown: list[str] = []

    def act() -> OperationResult:
        made, code = linking.make_linking_code(call.tx, account_id, sent.reason)
        shown.append(code)
        body = LinkingCodeOut(account_id=made.account_id, expires_at=made.expires_at)
        return OperationResult(status=201, body=body.model_dump(mode="json"))

    return with_secret(call.once(sent, act), shown, "code")


def _changed(call: Call, sent: BaseModel, change: Callable[[], Account]) -> Response:
    def act() -> OperationResult:
        body = accounts_out(call.session, [change()])[0].model_dump(mode="json")
        return OperationResult(status=201, body=body)

    return call.once(sent, act)
