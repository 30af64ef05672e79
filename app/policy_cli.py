"""The commands for policies: check one, compare two, explain a decision, try a draft, write the handbook."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.routing.comparison.case_difference import compare_decision, facts_for
from app.routing.comparison.compare import compare
from app.routing.comparison.difference_wording import condition_labels, difference_lines
from app.routing.engine.decide import decide
from app.routing.examples.example_files import examples_of
from app.routing.examples.policy_examples import run_examples
from app.routing.handbook.dmn import TABLES, dmn
from app.routing.handbook.explain import Audience, explain
from app.routing.handbook.handbook import handbook, to_html, to_markdown
from app.routing.handbook.transparency import transparency_record
from app.routing.loading.catalogue import BASELINE, SHIPPED, policy_file
from app.routing.loading.drafts import load_draft, named_base, refuse_whole
from app.routing.loading.loader import PolicyFile
from app.routing.policy.faults import FactErrors, PolicyErrors
from app.routing.policy.types import Policy
from app.routing.proof.prove import prove
from app.routing.record.decision import RoutingDecision

policy = typer.Typer(help="Check, compare and explain routing policies.", no_args_is_help=True)
Named = Annotated[str, typer.Argument(help="A shipped policy's id, or a TOML file")]
Base = Annotated[
    Path | None, typer.Option("--base", help="The file that it extends, when that is not a shipped policy")
]


@policy.command("validate")
def validate(
    which: Annotated[
        str | None, typer.Argument(help="An id or a file; without it every shipped policy is checked")
    ] = None,
) -> None:
    """Proves a policy, or refuses it with every fault, its place and the situation that breaks it."""
    for one in SHIPPED if which is None else (which,):
        loaded = _load(one, None, whole=False)
        situations = sum(each.situations for each in prove(loaded).proved)
        examples = run_examples(loaded, examples_of(loaded.id))
        typer.echo(
            f"{loaded.id} {loaded.version}: proved over {situations:,} situations; {len(loaded.rules)} rules, "
            f"{len(loaded.duties)} duties; {examples.ran - len(examples.failed)} of {examples.ran} examples hold; "
            f"{loaded.sha256[:12]}"
        )
        for name, differs in examples.failed:
            typer.echo(f"  {name}: {'; '.join(differs)}", err=True)
        if examples.failed:
            raise typer.Exit(1)


@policy.command("diff")
def diff(old: Named, new: Named, base: Base = None) -> None:
    """Prints everything that differs: parameters, parts, and the exact situations, in words."""
    was, now = _load(old, base), _load(new, base)
    typer.echo("\n".join(difference_lines(compare(was, now), condition_labels(was, now))))


@policy.command("explain")
def explain_decision(
    which: Named,
    case: Annotated[str | None, typer.Option(help="The name of an example beside the policy, or part of it")] = None,
    facts: Annotated[
        Path | None, typer.Option(help="A JSON file of facts; a fact that is left out is not known")
    ] = None,
    audience: Annotated[Audience, typer.Option("--for", help="Who reads it")] = Audience.PRACTITIONER,
) -> None:
    """Explains the decision on one example or on given facts, for one of three readers."""
    loaded = _load(which, None)
    given = _facts(loaded, facts.read_text(encoding="utf-8")) if facts else _example_facts(loaded, case or "")
    try:
        decision = decide(loaded, facts_for(loaded, given, {}))
    except FactErrors as wrong:
        _fail(str(wrong))
    typer.echo(explain(decision, audience).text)


@policy.command("what-if")
def what_if(
    draft: Named,
    against: Annotated[str, typer.Option(help="The policy it would follow")] = BASELINE,
    facts: Annotated[Path | None, typer.Option(help="Facts of real cases, one JSON object on each line")] = None,
    base: Base = None,
) -> None:
    """Prints what a draft would change: over all situations, then on the examples or on a file of facts."""
    was, now = _load(against, base), _load(draft, base)
    typer.echo("\n".join(difference_lines(compare(was, now), condition_labels(was, now))))
    tried = changed = more = fewer = 0
    for name, before in _decisions(was, facts):
        difference = compare_decision(before, now, facts_for(now, before.facts, {}))
        tried += 1
        more, fewer = more + (difference.hearings > 0), fewer + (difference.hearings < 0)
        if difference.changes:
            changed += 1
            changes = "; ".join(f"{each.what} {each.was} -> {each.now}" for each in difference.changes)
            typer.echo(f"{name}: {changes}")
    typer.echo(f"{changed} of {tried} come out differently; MARAC hearings: {more} more, {fewer} fewer.")


def _decisions(was: Policy, facts: Path | None) -> Iterator[tuple[str, RoutingDecision]]:
    """Yields each example or line of facts with the decision on it."""
    if facts is None:
        yield from ((one.name, decide(was, facts_for(was, one.given, {}))) for one in examples_of(was.id))
        return
    for number, line in enumerate(facts.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield f"line {number}", decide(was, facts_for(was, _facts(was, line), {}))


@policy.command("handbook")
def write_handbook(
    to: Annotated[Path, typer.Option(help="The folder to write to")] = Path("docs"),
) -> None:
    """Writes the handbook of every shipped policy (Markdown, HTML), lead tables (DMN) and the transparency record."""
    folder = to / "handbook"
    folder.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        loaded = _load(name, None)
        book = handbook(loaded, examples_of(name))
        texts = {"md": to_markdown(book), "html": to_html(book)}
        texts |= {f"{table}.dmn": dmn(loaded, [table]) for table in TABLES}
        for suffix, text in texts.items():
            (folder / f"{name}.{suffix}").write_text(text, encoding="utf-8")
    record = transparency_record(_load(BASELINE, None), [_load(name, None) for name in SHIPPED])
    (to / "transparency.md").write_text(to_markdown(record), encoding="utf-8")
    typer.echo(f"{len(SHIPPED)} handbooks in {folder}, and {to / 'transparency.md'}")


def _load(which: str, base: Path | None, *, whole: bool = True) -> Policy:
    """Returns the proved policy of a file or of a shipped id; without `whole`, a file must extend a shipped policy.

    Prints every fault and exits with code 1 when there is one.
    """
    if which not in SHIPPED and not Path(which).is_file():
        _fail(f"'{which}' is neither a file nor one of {', '.join(SHIPPED)}")
    file = policy_file(which) if which in SHIPPED else PolicyFile(which, Path(which).read_text(encoding="utf-8"))
    under = PolicyFile(base.name, base.read_text(encoding="utf-8")) if base else policy_file(BASELINE)
    try:
        if which not in SHIPPED and not whole:
            refuse_whole(file)
        return load_draft(file, under if named_base(file.text) else None)
    except PolicyErrors as refused:
        _fail(str(refused))


def _facts(loaded: Policy, text: str) -> dict[str, bool | int | str | None]:
    """Returns the facts of the JSON text.

    A name that the policy does not have is refused: it could be a misspelt risk.
    """
    given: dict[str, bool | int | str | None] = json.loads(text)
    if unknown_names := sorted(given.keys() - loaded.facts.keys()):
        _fail(f"{', '.join(unknown_names)}: no such fact in {loaded.id} {loaded.version}")
    return given


def _example_facts(loaded: Policy, name: str) -> dict[str, bool | int | str | None]:
    examples = (*examples_of(loaded.id), *examples_of(BASELINE))
    found = next((each for each in examples if name.lower() in each.name.lower()), None)
    if found is None:
        _fail(f"no example beside {loaded.id} has '{name}' in its name")
    return dict(found.given)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
