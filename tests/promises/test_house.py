"""The house keeps its shape: small folders, every module in a contract, one name for one thing."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
CODE = ("app", "assets", "bench", "migrations", "tests")
MOST_MODULES = 16
MANY_PARAMETERS = 6
MANY_FOR_A_REASON = {
    "app/access/service.py:add_client": "each is a column of the client; all are named in the call",
    "app/account_cli.py:add_account": "each is an option of the command",
    "app/account_cli.py:move_account": "each is an option of the command",
    "app/client_cli.py:add_client": "each is an option of the command",
    "app/foundation/web/idempotency.py:answer_once": (
        "each is a part of the request that the stored row keeps or compares"
    ),
    "app/webhooks/api/delivery_log_endpoints.py:list_webhook_deliveries": "each is a filter in the address",
}
"""Functions with six parameters or more, each with the reason why a record of them would not be clearer."""
OTHER_ROOMS_SCHEMAS_FOR_A_REASON = {
    "account_cli": "a command reads what it is given as the API reads it",
    "client_cli": "a command reads what it is given as the API reads it",
    "flows.reading": "what agencies stated is read in the shape in which they sent it",
    "intake.enquiries.answers": "one act takes the answers as they were sent and decides the case anew",
    "intake.previews": "a preview takes a referral as it would be sent",
    "intake.service": "it is the one use case of a whole referral",
    "intake.timeline.wording": "it reads which parts of a request are of contact, and gives them one name",
    "meetings.casework.plan_actions": "an action of the plan is recorded as any other action is",
    "pages.views.statistics": "the page shows what the API answers",
    "referrals.named_persons": "a referral carries the identifiers of its people",
}
"""Modules, or whole rooms, that read the schemas of another room though they make no answer, each with the reason."""
QUERIES_FOR_A_REASON = {
    "foundation/storage/asked_rows.py": "it ends the queries of all repositories that read what is asked of a post",
    "foundation/storage/database.py": "it reads the database's clock, which is no row of a room",
    "foundation/storage/locks.py": "an advisory lock is no row",
    "foundation/storage/read_only.py": "it sets the transaction, and reads nothing",
    "foundation/web/idempotency.py": "the stored answer is claimed, read and written in one place",
    "outbox/service.py": "recording an event is this room's one statement",
    "webhooks/delivery/outcome_statements.py": "its statements are all there is in the module",
    "webhooks/delivery/queue.py": "the order of its locks is what the module is about",
}
"""Modules that run statements in a session and are no repository, each with the reason."""
SAME_NAME_FOR_A_REASON: dict[str, str] = {}
"""Class names that stand for two things, each with the reason why no other name is better."""


def folders() -> Iterator[Path]:
    """Every folder of the application that holds modules, directly or further down, the root included."""
    yield from folders_with_modules(APP)


def folders_with_modules(root: Path) -> Iterator[Path]:
    """Each folder from this one down in which a module lies, directly or further down."""
    holding = {folder for path in root.rglob("*.py") for folder in path.parents if folder.is_relative_to(root)}
    yield from sorted(folder for folder in holding if "node_modules" not in folder.parts)


def modules_in(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__")


def children_of(folder: Path) -> set[str]:
    packages = {path.name for path in folders_with_modules(folder) if path.parent == folder}
    return packages | set(modules_in(folder))


def dotted(folder: Path) -> str:
    return ".".join(folder.relative_to(ROOT).parts)


def layers_by_container() -> dict[str, set[str]]:
    """The children that the exhaustive layer contracts name, by package."""
    read = tomllib.loads((ROOT / ".importlinter.toml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for contract in read["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract.get("exhaustive"):
            named = {name.strip() for layer in contract["layers"] for name in layer.replace(":", "|").split("|")}
            found |= dict.fromkeys(contract["containers"], named)
    return found


def classes_in(text: str) -> list[str]:
    """The names of the classes of a module, those inside classes and functions included."""
    return [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]


def classes() -> list[tuple[str, str]]:
    return [
        (name, str(path.relative_to(ROOT)))
        for path in APP.rglob("*.py")
        for name in classes_in(path.read_text(encoding="utf-8"))
    ]


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    taken = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return sum(each.arg not in {"self", "cls"} for each in taken)


def test_every_folder_with_modules_is_a_package() -> None:
    assert [dotted(folder) for folder in folders() if not (folder / "__init__.py").is_file()] == []


def test_folder_that_is_no_package_is_walked(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a" / "b" / "module.py").touch()

    assert list(folders_with_modules(tmp_path)) == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]


def test_no_folder_holds_more_modules_than_a_reader_can_survey() -> None:
    everywhere = [folder for place in CODE for folder in folders_with_modules(ROOT / place)]
    crowded = {dotted(folder): len(modules_in(folder)) for folder in everywhere}

    assert {name: count for name, count in crowded.items() if count > MOST_MODULES} == {}


def test_every_module_stands_on_a_stair_that_a_contract_names() -> None:
    contracts = layers_by_container()

    missing = {dotted(folder): children_of(folder) - contracts.get(dotted(folder), set()) for folder in folders()}
    assert {name: left for name, left in missing.items() if left} == {}


def test_no_contract_names_a_module_that_is_not_there() -> None:
    there = {dotted(folder): children_of(folder) for folder in folders()}

    stale = {name: layers - there.get(name, set()) for name, layers in layers_by_container().items()}
    assert {name: left for name, left in stale.items() if left} == {}


def test_no_class_name_stands_for_two_things() -> None:
    counted = Counter(name for name, _ in classes())

    twice = {name: [path for each, path in classes() if each == name] for name, n in counted.items() if n > 1}
    assert {name: paths for name, paths in twice.items() if name not in SAME_NAME_FOR_A_REASON} == {}


def test_planted_class_inside_another_or_in_a_function_is_counted() -> None:
    planted = "class A:\n    class B: ...\n\n\ndef act():\n    class B: ...\n"

    assert sorted(classes_in(planted)) == ["A", "B", "B"]


def test_function_takes_six_parameters_or_more_only_for_a_reason() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and parameters_of(node) >= MANY_PARAMETERS
    }

    assert long == set(MANY_FOR_A_REASON)


def schema_imports() -> Iterator[tuple[str, str]]:
    """Each module of the application below the edge that imports a module of schemas, with that module."""
    for path in sorted(APP.rglob("*.py")):
        if path.stem.endswith(("endpoints", "presenters", "presenter", "schemas")) or path.parent.name == "schemas":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and _is_of_schemas(node.module or ""):
                yield ".".join(path.relative_to(APP).with_suffix("").parts), str(node.module)


def _is_of_schemas(module: str) -> bool:
    return any(part.endswith("schemas") for part in module.split(".")[-2:])


def test_no_query_takes_a_request_as_it_came() -> None:
    assert [pair for pair in schema_imports() if "repository" in pair[0]] == []


def test_schemas_of_another_room_are_read_only_for_a_reason() -> None:
    strangers = {module for module, schemas in schema_imports() if module.split(".")[0] != schemas.split(".")[1]}
    used = {
        named
        for named in OTHER_ROOMS_SCHEMAS_FOR_A_REASON
        for module in strangers
        if f"{module}.".startswith(f"{named}.")
    }
    without = {module for module in strangers if not any(f"{module}.".startswith(f"{named}.") for named in used)}
    presented = {module for module in without if ".presenters." in f".{module}."}

    assert without - presented == set()
    assert used == set(OTHER_ROOMS_SCHEMAS_FOR_A_REASON), "an exception that nobody needs"


def runs_statements(text: str) -> bool:
    """Whether a module executes a statement with a session."""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "get", "scalar", "scalars", "stream_scalars"}
        and re.search(r"(^|\.|_)session$", ast.unparse(node.func.value))
        for node in ast.walk(ast.parse(text))
    )


def test_statements_run_in_repositories_and_elsewhere_only_for_a_reason() -> None:
    running = {
        str(path.relative_to(APP))
        for path in APP.rglob("*.py")
        if "repositor" not in str(path.relative_to(APP)) and runs_statements(path.read_text(encoding="utf-8"))
    }

    assert running == set(QUERIES_FOR_A_REASON)


@pytest.mark.parametrize(
    "planted",
    [
        "session.scalar(select(Case))",
        "tx.session.execute(statement)",
        "call.session.scalars(q).all()",
        "session.get(A, 1)",
    ],
)
def test_planted_statement_is_found(planted: str) -> None:
    assert runs_statements(f"def act():\n    return {planted}")


@pytest.mark.parametrize("planted", ["session.add(row)", "connection.execute(q)", "sessions.get(1)"])
def test_what_runs_no_statement_in_a_session_is_not_found(planted: str) -> None:
    assert not runs_statements(planted)


def imports_between_endpoints(path: Path, text: str) -> Iterator[str]:
    """Each name other than `router` that an endpoint module takes from another one: imported, or by its attribute."""
    modules: set[str] = set()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if (node.module or "").rpartition(".")[2].endswith("endpoints"):
                yield from (f"{path}: {each.name}" for each in node.names if each.name != "router")
            modules |= {each.asname or each.name for each in node.names if each.name.endswith("endpoints")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield from [f"{path}: {node.value.id}.{node.attr}"] if node.attr != "router" else ()


def test_no_endpoint_module_takes_more_than_the_router_of_another() -> None:
    found = [
        taken
        for path in sorted(APP.rglob("*endpoints.py"))
        for taken in imports_between_endpoints(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_planted_import_between_endpoint_modules_is_found() -> None:
    planted = "from a.b_endpoints import router, act\nfrom a import c_endpoints\nc_endpoints.router\nc_endpoints.act()"

    assert list(imports_between_endpoints(Path("x"), planted)) == ["x: act", "x: c_endpoints.act"]


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        dotted(folder)
        for folder in folders()
        if not (folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    ]

    assert silent == []
