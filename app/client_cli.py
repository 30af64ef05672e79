"""The commands for the systems that call: add and list them, and add, rotate, suspend and resume what proves them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.access.key_format import word_of
from app.access.models import Client
from app.access.service import DAYS_OF_A_KEY, refuse_unknown_place, refuse_unknown_role
from app.access.service import add_client as store_client
from app.access.vocabulary import ClientKeyKind
from app.clients import repository, service
from app.clients.oauth.signing_keys import rotate_signing_key
from app.clients.presenters import clients_out
from app.clients.schemas import (
    USUAL_OVERLAP_HOURS,
    ClientKeyOut,
    ClientKeyRequest,
    ClientName,
    ClientOut,
    ClientReasonRequest,
    KeyRotationRequest,
    PublicKeyRequest,
)
from app.clients.vocabulary import ClientChangeKind, KeyState
from app.command_transaction import command_use_case, read_words
from app.foundation.clock import instant_text
from app.foundation.errors import Invalid, NotFound
from app.foundation.settings import Settings
from app.foundation.storage.transaction import Transaction

client = typer.Typer(help="The systems that call, and the keys that prove them.", no_args_is_help=True)
MOST_CLIENTS = 10_000

Reason = Annotated[str, typer.Option(help="Why, in a sentence; it stays on record")]
DaysToEnd = Annotated[int, typer.Option("--days", help="After how many days the key ends")]


@client.command("add")
def add_client(
    name: str,
    agency: str,
    role: str,
    areas: list[str],
    speaks_for_people: Annotated[  # noqa: FBT002
        bool, typer.Option("--speaks-for-people", help="It may name the account that acts, in X-On-Behalf-Of")
    ] = False,
    days: DaysToEnd = DAYS_OF_A_KEY,
    reason: Reason = "Added by whoever runs the service",
) -> None:
    """Add a client that calls for an agency, in a role, in these areas. Its key is shown once, here."""
    with command_use_case() as tx:
        named = read_words(ClientName, name=name)
        refuse_unknown_role(role)
        refuse_unknown_place(tx.session, agency, areas)
        sent = read_words(ClientKeyRequest, kind=ClientKeyKind.API_KEY, expires_in_days=days, reason=reason)
        made, key = store_client(
            tx.session,
            name=named.name,
            agency=agency,
            role=role,
            areas=areas,
            now=tx.now,
            kind=_word(),
            speaks_for_people=speaks_for_people,
            days=sent.expires_in_days,
        )
        service.record_change(tx, made, ClientChangeKind.CLIENT_ADDED, sent.reason)
        typer.echo(f"{made.id}\n{key}")


@client.command("list")
def list_clients(
    agency: str,
    ending: Annotated[bool, typer.Option("--ending", help="Only keys that end within 30 days")] = False,  # noqa: FBT002
) -> None:
    """List the agency's clients, one key a line: client, name, role, key, kind, how it begins, end, last use, state."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, [])
        found = repository.list_clients(tx.session, agency, "", MOST_CLIENTS)
        for one in clients_out(tx.session, found, tx.now):
            for key in one.keys:
                if not ending or key.state is KeyState.ENDS_SOON:
                    typer.echo("\t".join(_line(one, key)))


@client.command("add-key")
def add_key(
    client_id: str,
    reason: Reason,
    kind: Annotated[ClientKeyKind, typer.Option()] = ClientKeyKind.API_KEY,
    days: DaysToEnd = DAYS_OF_A_KEY,
) -> None:
    """Give the client a further API key or client secret, which is shown once, here."""
    with _changed(client_id) as (tx, found):
        sent = read_words(ClientKeyRequest, kind=kind, expires_in_days=days, reason=reason)
        key, shown = service.add_key(tx, found, sent, _word())
        typer.echo(f"{key.id}\n{shown}")


@client.command("register-public-key")
def register_public_key(client_id: str, file: Path, reason: Reason, days: DaysToEnd = DAYS_OF_A_KEY) -> None:
    """Register the public key in this file, a JWK, with which the client asks for tokens. Print its id and kid."""
    with _changed(client_id) as (tx, found):
        try:
            jwk = json.loads(file.read_text(encoding="utf-8"))
        # A file of brackets within brackets ends in a RecursionError.
        except (OSError, ValueError, RecursionError):
            raise Invalid("the file cannot be read as a JWK, which is JSON") from None
        sent = read_words(PublicKeyRequest, jwk=jwk, expires_in_days=days, reason=reason)
        key = service.register_public_key(tx, found, sent)
        typer.echo(f"{key.id}\n{key.shown}")


@client.command("rotate-signing-key")
def replace_signing_key(
    at_once: Annotated[  # noqa: FBT002
        bool, typer.Option("--at-once", help="For a key that was lost: no token of the others holds any longer")
    ] = False,
) -> None:
    """Make the next key that the service signs tokens with. It signs an hour later. The worker does this in time."""
    with command_use_case() as tx:
        typer.echo(rotate_signing_key(tx.session, tx.now, at_once=at_once))


@client.command("rotate-key")
def rotate_key(
    client_id: str,
    key_id: str,
    reason: Reason,
    overlap_hours: Annotated[int, typer.Option(help="How long the old key still holds")] = USUAL_OVERLAP_HOURS,
    days: DaysToEnd = DAYS_OF_A_KEY,
) -> None:
    """Put a new key in the place of this one, and show it once, here. The old one holds on until the overlap ends."""
    with _changed(client_id) as (tx, found):
        sent = read_words(KeyRotationRequest, overlap_hours=overlap_hours, expires_in_days=days, reason=reason)
        key, shown = service.rotate_key(tx, found, key_id, sent, _word())
        typer.echo(f"{key.id}\n{shown}")


@client.command("suspend-key")
def suspend_key(client_id: str, key_id: str, reason: Reason) -> None:
    """Refuse the key, and every token that was gained with it, from the next call on."""
    with _changed(client_id) as (tx, found):
        service.suspend_key(tx, found, key_id, read_words(ClientReasonRequest, reason=reason).reason)


@client.command("resume-key")
def resume_key(client_id: str, key_id: str, reason: Reason) -> None:
    """Let a suspended key prove its client again, until the end that it had."""
    with _changed(client_id) as (tx, found):
        service.resume_key(tx, found, key_id, read_words(ClientReasonRequest, reason=reason).reason)


@client.command("suspend")
def suspend_client(client_id: str, reason: Reason) -> None:
    """Refuse the client with all its keys and tokens, from the next call on."""
    with _changed(client_id) as (tx, found):
        service.suspend_client(tx, found, read_words(ClientReasonRequest, reason=reason).reason)


@client.command("resume")
def resume_client(client_id: str, reason: Reason) -> None:
    """Let a suspended client call again."""
    with _changed(client_id) as (tx, found):
        service.resume_client(tx, found, read_words(ClientReasonRequest, reason=reason).reason)


@contextmanager
def _changed(client_id: str) -> Iterator[tuple[Transaction, Client]]:
    """Opens the transaction of a command that changes this client, and locks the client."""
    with command_use_case() as tx:
        agency = repository.agency_of_client(tx.session, client_id)
        if agency is None:
            raise NotFound("there is no such client; `client list` shows those of an agency")
        yield tx, service.client_to_change(tx, agency, client_id)


def _line(one: ClientOut, key: ClientKeyOut) -> tuple[str, ...]:
    used = instant_text(key.last_used_at) if key.last_used_at else "never used"
    state = "CLIENT_SUSPENDED" if one.suspended_at else key.state
    return (one.id, one.name, one.role, key.id, key.kind, key.shown, instant_text(key.expires_at), used, state)


def _word() -> str:
    return word_of(Settings().environment)
