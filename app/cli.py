"""The command line: run, serve, work, migrate, add areas, people and clients, and write the generated documents."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from app import startup
from app.access.models import Agency, Area, Post
from app.access.service import add_to_directory, refuse_unknown_place
from app.account_cli import account
from app.client_cli import client
from app.command_transaction import command_session, command_use_case, service_engine
from app.database_checks import faults, refuse_unknown_revision
from app.demo.review_coverage import coverage_page, read_coverage
from app.flows.page import flows_page, read_proofs
from app.foundation.logs import log_as_json_lines
from app.foundation.settings import Settings
from app.foundation.storage.addresses import owner_url
from app.foundation.storage.database import make_engine
from app.foundation.storage.dumping import dump_database
from app.foundation.storage.logins import logins_sql
from app.foundation.storage.migrate import current_revision, head_revision
from app.openapi import openapi_yaml
from app.ownership.filled_posts import give_work_to_filled_posts
from app.policies.lookup import refuse_unknown_policy
from app.policy_cli import policy
from app.reminders.mailboxes import mail_to_post, stop_mail_to_post
from app.vocabulary import AgencyKind, Nation, Role
from app.webhooks.subscriptions import allowances

cli = typer.Typer(help="Referral routing.", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
directory = typer.Typer(help="Areas, agencies and posts.", no_args_is_help=True)
cli.add_typer(policy, name="policy")
cli.add_typer(directory, name="directory")
cli.add_typer(account, name="account")
cli.add_typer(client, name="client")

Written = Annotated[Path, typer.Option(help="The file to write; - for standard output")]


@cli.command()
def run() -> None:
    """Run everything in one process on an embedded PostgreSQL, with a small demonstration."""
    log_as_json_lines(logging.WARNING)
    startup.run_everything(startup.with_secret_key(Settings()))


@cli.command()
def serve(workers: int = 1) -> None:
    """Run web processes. Any number may run, on any number of machines."""
    log_as_json_lines()
    startup.serve_web(startup.with_secret_key(Settings()), workers)


@cli.command()
def worker() -> None:
    """Run one worker: reminders, deliveries, expiries. Any number may run side by side."""
    log_as_json_lines()
    startup.work_forever(startup.with_secret_key(Settings()))


@cli.command("migrate")
def migrate_database(
    check: Annotated[bool, typer.Option("--check", help="Only say whether a migration is due")] = False,  # noqa: FBT002
) -> None:
    """Migrate the database to the newest schema. With --check only compare; the exit code is 1 when it is behind."""
    url = owner_url(Settings())
    engine = make_engine(url, pool_size=1)
    refuse_unknown_revision(engine)
    if not check:
        startup.migrate_as_owner(url, startup.with_secret_key(Settings()).secret_key)
    behind = current_revision(engine) != head_revision()
    print("the schema is behind: run `python -m app.cli migrate`" if behind else "the schema is current")
    engine.dispose()
    raise typer.Exit(1 if behind else 0)


@cli.command()
def logins() -> None:
    """Print what a database administrator runs once, before the first migration: the owner's and service's logins."""
    print(logins_sql(), end="")


@cli.command()
def doctor() -> None:
    """Say whether the login, the server and the schema are as the service needs them; the exit code is 1 otherwise."""
    engine = service_engine()
    found = list(faults(engine))
    print("\n".join(found) or "the login, the server and the schema are as the service needs them")
    engine.dispose()
    raise typer.Exit(1 if found else 0)


@cli.command()
def dump(write: Written = Path("routing.dump")) -> None:
    """Write the whole database as SQL, for a move to another server."""
    _write("".join(dump_database(owner_url(Settings()))), write)


@cli.command()
def demo(write: Written = Path("-")) -> None:
    """Replay the Jean review day by day: what the service decides, who owns what, which reminders are sent."""
    log_as_json_lines(logging.ERROR)
    _write(startup.replay_jean_review(), write)


@cli.command()
def review(write: Written = Path("docs/review.md")) -> None:
    """Write what the review asks for, row by row, with the tests that show it, from docs/review.toml."""
    _write(coverage_page(read_coverage(Path("docs/review.toml").read_text(encoding="utf-8"))), write)


@cli.command()
def flows(write: Written = Path("docs/flows.md")) -> None:
    """Write who is told what, with the tests that it arrives and nothing else does, from app/flows/flows.toml."""
    _write(flows_page(read_proofs(Path("docs/flows.toml").read_text(encoding="utf-8"))), write)


@cli.command()
def openapi(write: Written = Path("openapi/openapi.yaml")) -> None:
    """Write the API reference as OpenAPI 3.1, generated from the code."""
    _write(openapi_yaml(), write)


def _write(text: str, write: Path) -> None:
    if str(write) == "-":
        print(text, end="")
    else:
        write.write_text(text, encoding="utf-8")


@directory.command("add-area")
def add_area(
    code: str, name: str, nation: Annotated[Nation, typer.Option()], policy_profile: str = "national-baseline"
) -> None:
    """Add a MARAC area. Its nation sets its bank holidays; its referrals begin under this policy."""
    with command_use_case() as tx:
        refuse_unknown_policy(tx.session, policy_profile)
        add_to_directory(tx.session, Area(code=code, name=name, nation=nation, policy_profile=policy_profile))


@directory.command("add-agency")
def add_agency(code: str, name: str, kind: Annotated[AgencyKind | None, typer.Option()] = None) -> None:
    """Add an agency. Its kind says under which source its referrals are counted."""
    with command_session() as session:
        add_to_directory(session, Agency(code=code, name=name, kind=kind))


@directory.command("fill-post")
def fill_post(area: str, role: Role, agency: str) -> None:
    """Let the agency fill this role in the area from now on, and give it what waits for the post."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, [area])
        tx.session.merge(Post(area=area, role=role, agency=agency))
        tx.session.flush()
        give_work_to_filled_posts(tx.session, tx.now)


@directory.command("mail-post")
def mail_post(area: str, role: Role, agency: str, address: str) -> None:
    """Send the post its reminders and new work by e-mail, as long as no system of its agency receives them."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, [area])
        mail_to_post(tx, area, role, agency, address)


@directory.command("stop-mail")
def stop_mail(area: str, role: Role, agency: str) -> None:
    """End the e-mail to this agency's post."""
    with command_use_case() as tx:
        stop_mail_to_post(tx, area, role, agency)


@directory.command("allow-host")
def allow_host(agency: str, host: str) -> None:
    """Let the agency register webhook endpoints at this host; with a leading dot, at any host below it."""
    with command_use_case() as tx:
        refuse_unknown_place(tx.session, agency, [])
        allowances.allow_host(tx, agency, host)


@directory.command("withdraw-host")
def withdraw_host(agency: str, host: str) -> None:
    """End calls to the agency's endpoints at this host. Their events are kept."""
    with command_use_case() as tx:
        allowances.withdraw_host(tx, agency, host)


@directory.command("allow-network")
def allow_network(endpoint_id: str, network: str) -> None:
    """Let one endpoint be called in a network that is not public, written as 10.20.0.0/16."""
    with command_use_case() as tx:
        allowances.allow_network(tx, endpoint_id, network)


if __name__ == "__main__":
    cli()
