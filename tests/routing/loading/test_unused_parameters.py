"""A parameter that nothing reads is refused, so that no board changes one without effect."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.routing.handbook.document import to_markdown
from app.routing.handbook.handbook import handbook
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.loading.unused_parameters import COUNTED_WITH, READ_BY_PEOPLE
from app.routing.policy.faults import PolicyErrors
from tests.routing.given import altered, baseline, examples_of, local

A_FIGURE = "repeat_months = { value = 12,"
IDLE = 'days_to_nothing = { value = 5, min = 1, max = 9, label = "days to nothing", source = "DESIGN", tag = "I" }\n'
ITSELF = "unused_parameters.py"


def texts_in_code() -> Iterator[str]:
    """Every text that code compares or looks up by, outside the list of parameters itself."""
    for path in Path(app.__path__[0]).rglob("*.py"):
        if path.name != ITSELF:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from (
                each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def refusal(file: PolicyFile, base: PolicyFile | None = None) -> str:
    with pytest.raises(PolicyErrors) as refused:
        load_policy(file, base)
    return str(refused.value)


def test_parameter_that_no_rule_duty_sentence_or_code_reads_is_refused_with_its_line() -> None:
    file = altered((A_FIGURE, IDLE + A_FIGURE))

    message = refusal(file)

    line = next(n for n, text in enumerate(file.text.splitlines(), 1) if text.startswith("days_to_nothing"))
    assert message.startswith(f"altered.toml:{line}: nothing reads parameter days_to_nothing")


@pytest.mark.parametrize(
    "read",
    [
        ('within = "3 working days"', 'within = "days_to_nothing working days"'),
        ('says = "', 'says = "{days_to_nothing} '),
    ],
    ids=["a due time", "a sentence"],
)
def test_same_parameter_is_taken_once_something_in_the_policy_names_it(read: tuple[str, str]) -> None:
    file = altered((A_FIGURE, IDLE + A_FIGURE), read)

    assert load_policy(file).parameters["days_to_nothing"].value == 5


def test_local_policy_that_moves_a_parameter_its_own_departures_made_idle_is_refused() -> None:
    body = """
[param]
screening_working_days = { value = 3, reason = "x", source = "DESIGN" }
"""
    text = policy_file(BASELINE).text.replace("screening_working_days working days", "2 working days")

    message = refusal(local(body), PolicyFile("base.toml", text))

    assert "nothing reads parameter screening_working_days" in message


def test_parameters_said_to_be_counted_with_in_code_are_looked_up_there_by_name() -> None:
    assert COUNTED_WITH - set(texts_in_code()) == set()


def test_parameters_said_to_be_read_by_people_alone_are_read_by_nothing_else() -> None:
    in_code = READ_BY_PEOPLE.keys() & set(texts_in_code())

    idle = {name for name in READ_BY_PEOPLE if policy_file(BASELINE).text.count(name) == 1}
    assert (in_code, idle) == (set(), READ_BY_PEOPLE.keys() & baseline().parameters.keys())


def test_handbook_says_of_each_parameter_that_computes_nothing_who_reads_it() -> None:
    told = to_markdown(handbook(baseline(), examples_of(BASELINE)))

    rows = [row for row in told.splitlines() if row.startswith("| ") and "; for " in row.split(" | ")[1]]
    assert {row.split(" | ")[0].removeprefix("| ") for row in rows} == set(READ_BY_PEOPLE)
