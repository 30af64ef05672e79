"""The docstring of a function begins with what the function does: a verb in the third person."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
VERB = re.compile(r"[A-Z][a-z-]*s")
# These end as verbs do: nouns in the plural that a docstring has begun with, and small words.
NO_VERBS = {
    "As", "Asynchronous", "Cases", "Days", "Decisions", "Duties", "Events", "Facts", "Has", "Is", "Its", "Pairs",
    "Reminders", "Rows", "Rules", "Situations", "Subjects", "This", "Timers",
}  # fmt: skip
BY_KIND = re.compile(r"(^|\.)(property|cached_property|setter)$|(^|\.)(command|callback|get|post|put|patch|delete)\(")
"""Decorators of what is read as a value (properties), as an answer (endpoints) or as a command's help."""


def first_words(text: str) -> Iterator[tuple[str, str]]:
    """Each function with a docstring and the first word of it, except where the kind of function exempts it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            exempt = any(BY_KIND.search(ast.unparse(each)) for each in node.decorator_list)
            said = ast.get_docstring(node)
            if said and not exempt:
                yield node.name, said.split()[0].rstrip(".,:;")


def without_a_verb(text: str) -> list[str]:
    """The functions whose docstring does not begin with a verb in the third person."""
    return [name for name, word in first_words(text) if not VERB.fullmatch(word) or word in NO_VERBS]


def test_docstring_of_a_function_begins_with_a_verb_in_the_third_person() -> None:
    found = {
        (str(path.relative_to(APP)), name)
        for path in APP.rglob("*.py")
        for name in without_a_verb(path.read_text(encoding="utf-8"))
    }

    assert found == set()


def test_planted_docstring_without_a_verb_is_found() -> None:
    planted = '''
def returns():
    """Returns it."""
def noun():
    """Rules that hold."""
def sentence():
    """This does it."""
class A:
    def return_it(self):
        """Return it."""
    @property
    def value(self):
        """The value."""
@router.get("/x")
def endpoint():
    """A page of it."""
'''

    assert without_a_verb(planted) == ["noun", "sentence", "return_it"]
