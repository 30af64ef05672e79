"""Writes `docs/walk.md`: the way of a referral, hop by hop, read from the code itself.

The list below names the functions in order. Everything else is read: the file, the first sentence of the docstring or
of the comment above the SQL function, that each function names the next one, and that no import on the way goes up the
staircase, among rooms and inside a room.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "walk.md"
MOST_HOPS = 15

IN_THE_REQUEST = (
    "app.intake.api.endpoints:submit_referral",
    "app.intake.service:receive_referral",
    "app.intake.service:route",
    "app.intake.service:_record_routing_event",
    "app.outbox.service:record_event",
)
IN_THE_DATABASE = ("app/webhooks/delivery/fan_out.sql", "fan_out_event")
TRIGGER = "CREATE TRIGGER event_fans_out AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION fan_out_event();"
CHANNEL = re.compile(r"pg_notify\('(\w+)'")
LISTENER = "app.worker:Worker._listen"
IN_THE_WORKER = (
    "app.worker:Worker._run",
    "app.webhooks.delivery.worker:DeliveryWorker.run_round",
    "app.webhooks.delivery.worker:DeliveryWorker._call",
    "app.webhooks.delivery.client_pool:EndpointClient.send",
    "app.webhooks.delivery.client_pool:call_for",
    "app.webhooks.delivery.signing:signed_headers",
)
# `send` makes the signed call with the hops above, and then it sends it.
THE_CALL = ("app.webhooks.delivery.client_pool:EndpointClient.send", "app.webhooks.delivery.sending:post")


class BrokenWalkError(Exception):
    """The list of hops no longer follows the code; the message names the hop."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One function on the way: where it is, what it says of itself, every name that it uses and text that it writes."""

    module: str
    function: str
    says: str
    uses: frozenset[str]
    writes: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        return self.module.replace(".", "/") + ".py"

    @property
    def name(self) -> str:
        return self.function.rpartition(".")[2]


def hop(place: str) -> Hop:
    """The function at `module:function` or `module:Class.function`, as the code has it now."""
    module, _, function = place.partition(":")
    scope: ast.AST = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    for part in function.split("."):
        found = [
            node
            for node in ast.iter_child_nodes(scope)
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == part
        ]
        if not found:
            raise BrokenWalkError(f"{place} is not there any more")
        scope = found[0]
    assert isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
    said = (ast.get_docstring(scope) or "").split("\n")[0]
    if not said:
        raise BrokenWalkError(f"{place} says nothing of itself")
    written = {node.value for node in ast.walk(scope) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {node.id for node in ast.walk(scope) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(scope) if isinstance(node, ast.Attribute)}
    return Hop(module, function, said, frozenset(names | attributes), frozenset(written))


def sql_says(file: str, function: str) -> str:
    """The first line of the comment above the SQL function. Raises `BrokenWalkError` when there is none."""
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.search(rf"((?:^-- .*\n)+)CREATE FUNCTION {function}\(", text, re.MULTILINE)
    if found is None:
        raise BrokenWalkError(f"{file} has no {function} with a comment above it")
    return found[1].split("\n")[0].removeprefix("-- ")


def refuse_broken_seam(sql: str, run: Hop, listener: Hop) -> None:
    """Raises `BrokenWalkError` unless an event fires the trigger, and its notice wakes the worker that runs."""
    if TRIGGER not in sql:
        raise BrokenWalkError(f"no trigger calls {IN_THE_DATABASE[1]} after each insert of an event")
    channels = {f"LISTEN {channel}" for channel in CHANNEL.findall(sql)}
    if not channels or not channels <= listener.writes:
        raise BrokenWalkError(f"{LISTENER} does not hear {sorted(channels)}")
    if listener.name not in run.uses or "wake" not in listener.uses:
        raise BrokenWalkError(f"{run.function} does not run {listener.function}, or it wakes nobody")


def staircases() -> dict[str, dict[str, int]]:
    """How high each child of each package stands, by package."""
    read = tomllib.loads((ROOT / ".importlinter.toml").read_text(encoding="utf-8"))
    contracts = read["tool"]["importlinter"]["contracts"]
    return {
        each["containers"][0]: {
            child.strip(): len(each["layers"]) - place
            for place, layer in enumerate(each["layers"])
            for child in layer.split("|")
        }
        for each in contracts
        if each["type"] == "layers"
    }


def goes_up(here: str, following: str, heights: dict[str, dict[str, int]]) -> bool:
    """Whether the second module stands above the first in the innermost package that holds both."""
    at, to = here.split("."), following.split(".")
    if at == to:
        return False
    shared = next(place for place, (one, other) in enumerate(zip(at, to, strict=False)) if one != other)
    height = heights[".".join(at[:shared])]
    return height[at[shared]] < height[to[shared]]


def hops(places: tuple[str, ...]) -> list[Hop]:
    """The hops in order. Raises `BrokenWalkError` as `refuse_detours` does."""
    found = [hop(place) for place in places]
    refuse_detours(found)
    return found


def refuse_detours(found: list[Hop]) -> None:
    """Raises `BrokenWalkError` where a hop does not name the next one, or the way goes up the staircase."""
    heights = staircases()
    for here, following in pairwise(found):
        if following.name not in here.uses:
            raise BrokenWalkError(f"{here.module}:{here.function} does not name {following.name}")
        if goes_up(here.module, following.module, heights):
            raise BrokenWalkError(f"the way goes up from {here.module} to {following.module}")


def page() -> str:
    """The text of `docs/walk.md`."""
    request, worker = hops(IN_THE_REQUEST), hops(IN_THE_WORKER)
    refuse_broken_seam((ROOT / IN_THE_DATABASE[0]).read_text(encoding="utf-8"), worker[0], hop(LISTENER))
    rows = [f"| {n} | `{h.file}` | `{h.function}` | {h.says} |" for n, h in enumerate(request, 1)]
    seam = len(rows) + 1
    rows.append(f"| {seam} | `{IN_THE_DATABASE[0]}` | `{IN_THE_DATABASE[1]}` | {sql_says(*IN_THE_DATABASE)} |")
    rows += [f"| {n} | `{h.file}` | `{h.function}` | {h.says} |" for n, h in enumerate(worker, seam + 1)]
    caller, called = hops(THE_CALL)
    # The row before is what signs; the function that calls this one stands above it.
    calling = next(n for n, h in enumerate(worker, seam + 1) if h == caller)
    rows.append(f"| {len(rows) + 1} | `{called.file}` | `{called.function}` | Called by hop {calling}. {called.says} |")
    if len(rows) > MOST_HOPS:
        raise BrokenWalkError(f"{len(rows)} hops; {MOST_HOPS} are allowed")
    return "\n".join(
        [
            "# The way of a referral",
            "",
            (
                "From `POST /v1/referrals` to the signed call, function by function. "
                "Generated from the code by `make walk`;"
            ),
            (
                "a test fails when it is not current, when a function no longer names the next one, "
                "or when the way goes up"
            ),
            "the staircase.",
            "",
            (
                f"Hops 1 to {len(request)} are one request and one transaction. "
                f"Hop {seam} is a trigger of that transaction."
            ),
            (
                f"The last {len(worker) + 1} are the worker, which reads what the trigger wrote. "
                "Each hop is called by the one before it,"
            ),
            "except where it names another.",
            "",
            "| Hop | File | Function | What it does |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
