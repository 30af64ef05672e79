"""docs/flows.md is current; each flow names tests that exist, or admits what is missing."""

import ast
from pathlib import Path

import pytest

from app.flows.catalogue import flows
from app.flows.page import flows_page, read_proofs

ROOT = Path(__file__).resolve().parents[2]
PROOFS = read_proofs((ROOT / "docs" / "flows.toml").read_text(encoding="utf-8"))


def test_page_is_current() -> None:
    assert (ROOT / "docs" / "flows.md").read_text(encoding="utf-8") == flows_page(PROOFS)


def test_every_flow_has_its_proof_and_no_other_has() -> None:
    assert list(PROOFS) == list(flows())


@pytest.mark.parametrize("name", list(flows()))
def test_flow_names_tests_that_exist_or_says_what_is_missing(name: str) -> None:
    proof = PROOFS[name]

    assert proof.missing or (proof.arrives and proof.nothing_else)
    for test in (proof.arrives, proof.nothing_else):
        if test:
            path, _, function = test.partition("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
