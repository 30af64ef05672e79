"""The systems of an agency and their keys over HTTP, for the agency's administrator."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.access.calls import Call, Reading, Writing
from app.access.key_format import word_of
from app.access.key_models import ClientKey
from app.access.models import Client
from app.audit.service import Category, record_act
from app.clients import repository, service
from app.clients.presenters import clients_out, key_out
from app.clients.schemas import (
    ClientKeyOut,
    ClientKeyRequest,
    ClientKeyShownOnceOut,
    ClientOut,
    ClientReasonRequest,
    KeyRotationRequest,
    PublicKeyRequest,
)
from app.foundation.errors import NotFound
from app.foundation.web.idempotency import OperationResult, with_secret
from app.foundation.web.pagination import DEFAULT_LIMIT, MOST_ITEMS, Page, page_of
from app.foundation.web.schema import Strict

router = APIRouter(prefix="/v1", tags=["clients"])
CLIENTS, ONE_CLIENT = "/clients", "/clients/{client_id}"
KEYS, ONE_KEY = ONE_CLIENT + "/keys", ONE_CLIENT + "/keys/{key_id}"


@router.get(CLIENTS, operation_id="listClients", summary="Your agency's systems and their keys, never a key itself")
def list_clients(
    call: Reading,
    limit: Annotated[int, Query(ge=1)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Page[ClientOut]:
    limit = min(limit, MOST_ITEMS)
    key = call.cursor_key("clients")
    rows = repository.list_clients(call.session, call.caller.agency, key.read(cursor)[0] if cursor else "", limit + 1)
    record_act(call.tx, Category.CONSULTATION, "client", "list")
    page = page_of(rows, limit, key, lambda row: (row.id,), f"/v1{CLIENTS}?limit={limit}&")
    return Page(items=clients_out(call.session, page.items, call.now), page=page.page, links=page.links)


@router.get(ONE_CLIENT, operation_id="getClient", summary="One system of your agency, with all that changed")
def get_client(client_id: str, call: Reading) -> ClientOut:
    client = repository.client_of_agency(call.session, call.caller.agency, client_id)
    if client is None:
        raise NotFound("there is no such client, or it is not yours to see")
    record_act(call.tx, Category.CONSULTATION, "client", client.id)
    return clients_out(call.session, [client], call.now)[0]


@router.post(
    ONE_CLIENT + "/suspensions",
    operation_id="suspendClient",
    status_code=201,
    response_model=ClientOut,
    summary="Refuse a system of your agency, at once",
)
def suspend_client(client_id: str, sent: ClientReasonRequest, call: Writing) -> Response:
    """Refuses every key and token of the client from the next call on. The command line resumes a client too."""
    return _client_changed(call, client_id, sent, lambda one: service.suspend_client(call.tx, one, sent.reason))


@router.post(
    ONE_CLIENT + "/resumptions",
    operation_id="resumeClient",
    status_code=201,
    response_model=ClientOut,
    summary="Let a suspended system call again",
)
def resume_client(client_id: str, sent: ClientReasonRequest, call: Writing) -> Response:
    """Ends the suspension. Keys that are suspended themselves stay so."""
    return _client_changed(call, client_id, sent, lambda one: service.resume_client(call.tx, one, sent.reason))


@router.post(
    KEYS,
    operation_id="addClientKey",
    status_code=201,
    response_model=ClientKeyShownOnceOut,
    summary="Give a system of your agency a further key or secret",
)
def add_client_key(client_id: str, sent: ClientKeyRequest, call: Writing) -> Response:
    """Adds the key and shows it this once. It holds beside the others until it ends or is suspended."""
    return _new_key(call, client_id, sent, lambda client, word: service.add_key(call.tx, client, sent, word))


@router.post(
    ONE_CLIENT + "/public-keys",
    operation_id="registerPublicKey",
    status_code=201,
    response_model=ClientKeyOut,
    summary="Register a public key with which a system of your agency asks for tokens",
)
def register_public_key(client_id: str, sent: PublicKeyRequest, call: Writing) -> Response:
    """Registers the key. The system signs with the private half, which nobody else ever has."""
    return _key_changed(call, client_id, sent, lambda one: service.register_public_key(call.tx, one, sent))


@router.post(
    ONE_KEY + "/rotations",
    operation_id="rotateClientKey",
    status_code=201,
    response_model=ClientKeyShownOnceOut,
    summary="Put a new key in the place of one, which holds on for a day",
)
def rotate_client_key(client_id: str, key_id: str, sent: KeyRotationRequest, call: Writing) -> Response:
    """Shows the new key this once. Both hold until the overlap ends, so that no call of the system is refused."""
    return _new_key(call, client_id, sent, lambda one, word: service.rotate_key(call.tx, one, key_id, sent, word))


@router.post(
    ONE_KEY + "/suspensions",
    operation_id="suspendClientKey",
    status_code=201,
    response_model=ClientKeyOut,
    summary="Refuse a key, at once",
)
def suspend_client_key(client_id: str, key_id: str, sent: ClientReasonRequest, call: Writing) -> Response:
    """Refuses the key, and every token that was gained with it, from the next call on."""
    return _key_changed(call, client_id, sent, lambda one: service.suspend_key(call.tx, one, key_id, sent.reason))


@router.post(
    ONE_KEY + "/resumptions",
    operation_id="resumeClientKey",
    status_code=201,
    response_model=ClientKeyOut,
    summary="Let a suspended key prove its system again",
)
def resume_client_key(client_id: str, key_id: str, sent: ClientReasonRequest, call: Writing) -> Response:
    """Ends the suspension; the key ends when it would have ended. Add a new key instead of one that was lost."""
    return _key_changed(call, client_id, sent, lambda one: service.resume_key(call.tx, one, key_id, sent.reason))


def _client_changed(call: Call, client_id: str, sent: Strict, change: Callable[[Client], Client]) -> Response:
    def act() -> OperationResult:
        changed = change(service.client_to_change(call.tx, call.caller.agency, client_id))
        return OperationResult(
            status=201, body=clients_out(call.session, [changed], call.now)[0].model_dump(mode="json")
        )

    return call.once(sent, act)


def _key_changed(call: Call, client_id: str, sent: Strict, change: Callable[[Client], ClientKey]) -> Response:
    def act() -> OperationResult:
        key = change(service.client_to_change(call.tx, call.caller.agency, client_id))
        return _key_answer(call, key)

    return call.once(sent, act)


def _new_key(
    call: Call, client_id: str, sent: Strict, make: Callable[[Client, str], tuple[ClientKey, str]]
) -> Response:
    shown = list[str]()

    def act() -> OperationResult:
        client = service.client_to_change(call.tx, call.caller.agency, client_id)
        key, secret = make(client, word_of(call.request.app.state.settings.environment))
        shown.append(secret)
        return _key_answer(call, key)

    return with_secret(call.once(sent, act), shown, "key")


def _key_answer(call: Call, key: ClientKey) -> OperationResult:
    used = {one.id: use.last_used_at for one, use in repository.keys_of(call.session, [key.client_id])}
    return OperationResult(status=201, body=key_out(key, used[key.id], call.now).model_dump(mode="json"))
