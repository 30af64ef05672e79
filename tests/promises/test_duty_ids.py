"""A duty of the policy that code names by its id cannot be dropped by a local policy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.duty_ids import DISCLOSURE_SCHEME
from app.ownership.duty_ids import propose_again
from app.routing.policy.duty_ids import NAMED_IN_CODE

APP = Path(__file__).resolve().parents[2] / "app"
DUTY_ID = re.compile(r"[DEI]\d{1,2}([a-z.:]|$)")


def duty_ids_written_out() -> Iterator[str]:
    """Every string of the application that begins with the id of a duty or an invariant, with file and line."""
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and DUTY_ID.match(node.value):
                yield f"{path.relative_to(APP)}:{node.lineno} {node.value}"


def test_duty_ids_are_written_in_one_module() -> None:
    elsewhere = [one for one in duty_ids_written_out() if not one.startswith("routing/policy/duty_ids.py:")]

    assert elsewhere == []


def test_every_id_of_that_module_is_required_of_a_policy() -> None:
    written = {one.split(" ", 1)[1] for one in duty_ids_written_out()}

    assert written == NAMED_IN_CODE


@pytest.mark.parametrize("duty", [*DISCLOSURE_SCHEME, propose_again("LEAD", "MATAC")])
def test_duty_of_a_room_begins_with_a_required_id(duty: str) -> None:
    assert duty.split(":", maxsplit=1)[0] in NAMED_IN_CODE
