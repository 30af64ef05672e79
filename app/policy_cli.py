"""The command line of policies: check one, explain a referral by it."""

from pathlib import Path
from typing import Annotated

import typer

from app.routing.catalogue import BASELINE, policy_file, shipped_policies
from app.routing.faults import PolicyErrors
from app.routing.loader import PolicyFile, load_policy

policy = typer.Typer(help="Check, compare and explain routing policies.", no_args_is_help=True)


@policy.command("validate")
def validate(
    file: Annotated[Path | None, typer.Argument(help="A policy; none checks those shipped")] = None,
) -> None:
    """A policy is proved whole, or refused with every fault, its place and the situation that breaks it."""
    try:
        policies = shipped_policies() if file is None else (_load(file),)
    except PolicyErrors as faults:
        typer.echo(str(faults), err=True)
        raise typer.Exit(1) from None
    for one in policies:
        typer.echo(
            f"{one.id} {one.version}: proved; {len(one.rules)} rules, {len(one.duties)} duties, {one.sha256[:12]}"
        )


def _load(file: Path):  # noqa: ANN202
    text = file.read_text(encoding="utf-8")
    return load_policy(PolicyFile(file.name, text), policy_file(BASELINE) if "extends" in text else None)
