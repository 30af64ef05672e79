"""The commands for the accounts of an agency's people: add, move, make a linking code, suspend, resume, list."""

from dataclasses import replace
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.access.models import Account
from app.access.service import refuse_unknown_place
from app.accounts import linking, repository, service
from app.accounts.schemas import AccountMoveRequest, AccountReasonRequest, AccountRequest
from app.command_transaction import command_use_case, read_words
from app.foundation.caller import normal_form
from app.foundation.errors import NotFound
from app.foundation.storage.transaction import Transaction
from app.vocabulary import Role

account = typer.Typer(help="The people of an agency: who may act, and where.", no_args_is_help=True)

Team = Annotated[str, typer.Option(help="The team within the agency")]
Post = Annotated[Role, typer.Option(help="The post, as in the directory of the areas")]
Reason = Annotated[str, typer.Option(help="Why, in a sentence; it stays on record")]


@account.command("add")
def add_account(
    agency: str,
    name: str,
    areas: list[str],
    full_name: Annotated[str, typer.Option()],
    team: Team,
    post: Post,
    reason: Reason,
) -> None:
    """Add a person of the agency in these areas. NAME is what acts bear, such as ann.lee; nobody else ever gets it."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, areas)
        sent = {"name": name, "full_name": full_name, "team": team, "post": post, "areas": areas, "reason": reason}
        made = service.add_account(_in_areas(tx, areas), agency, read_words(AccountRequest, **sent))
        typer.echo(made.id)


@account.command("move")
def move_account(agency: str, name: str, areas: list[str], team: Team, post: Post, reason: Reason) -> None:
    """Give the person another team, post or areas. They stay the same person."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, areas)
        sent = {"team": team, "post": post, "areas": areas, "reason": reason}
        found = _account(tx.session, agency, name)
        service.move_account(_in_areas(tx, areas), found.id, read_words(AccountMoveRequest, **sent))


@account.command("linking-code")
def make_linking_code(agency: str, name: str, reason: Reason) -> None:
    """Print a code with which the person links their account: they enter it at their first sign-in, within the hour."""
    with command_use_case() as tx:
        sent = read_words(AccountReasonRequest, reason=reason)
        _, code = linking.make_linking_code(tx, _account(tx.session, agency, name).id, sent.reason)
        typer.echo(code)


@account.command("suspend")
def suspend_account(agency: str, name: str, reason: Reason) -> None:
    """End what the person may do, from the next request on."""
    with command_use_case() as tx:
        sent = read_words(AccountReasonRequest, reason=reason)
        service.suspend_account(tx, _account(tx.session, agency, name).id, sent.reason)


@account.command("resume")
def resume_account(agency: str, name: str, reason: Reason) -> None:
    """Let a suspended person act again, as the person they were."""
    with command_use_case() as tx:
        sent = read_words(AccountReasonRequest, reason=reason)
        service.resume_account(tx, _account(tx.session, agency, name).id, sent.reason)


@account.command("list")
def list_accounts(agency: str) -> None:
    """List the agency's people, one a line: name, post, team, areas, and whether suspended."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, [])
        for one in repository.list_accounts(tx.session, agency, "", limit=10_000):
            state = "suspended" if one.suspended_at else "active"
            typer.echo("\t".join((one.name, one.post, one.team, ",".join(one.areas), state)))


def _in_areas(tx: Transaction, areas: list[str]) -> Transaction:
    """Returns the transaction of a caller who answers for these areas: whoever runs commands answers for all."""
    return replace(tx, caller=replace(tx.caller, areas=frozenset(areas)))


def _account(session: Session, agency: str, name: str) -> Account:
    found = repository.account_by_name(session, agency, normal_form(name))
    if found is None:
        raise NotFound("that agency has no account of this name; `account list` shows them")
    return found
