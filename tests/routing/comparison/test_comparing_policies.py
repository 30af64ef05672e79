"""The difference of two policies is exact: it leaves nothing out, and the old policy with it gives the new one."""

import random
from itertools import product

import pytest

from app.routing.comparison.compare import (
    PolicyDiff,
    TooManySituationsError,
    compare,
    situation_space,
    situations_by_answer,
)
from app.routing.comparison.difference_wording import condition_labels, difference_lines, set_in_words
from app.routing.comparison.part_changes import BEFORE_RULES, IN_RULES
from app.routing.comparison.situation_sets import situation_sets
from app.routing.comparison.statements import Statement, statements_of
from app.routing.loading.loader import load_policy, read_policy
from app.routing.policy.grammar import NUMBER
from app.routing.policy.situation_space import Space
from app.routing.policy.types import Fact, FactType, Policy
from tests.routing.given import altered, baseline, every_policy, local, shipped

NAMES = sorted(every_policy())
REPLACED_DUTY = (
    'do = "Tell the victim\'s practitioner who supervises the perpetrator, and of this report"\nowner = "PVP_HUB"',
    'do = "Tell the victim\'s practitioner who supervises the perpetrator, and of this report"\nowner = "IDVA"',
)


@pytest.mark.parametrize("name", NAMES)
def test_policy_compared_with_itself_has_no_difference(name: str) -> None:
    diff = compare(every_policy()[name], every_policy()[name])

    assert diff.is_empty
    assert difference_lines(diff, condition_labels(every_policy()[name])) == ("The two policies say the same.",)


def some_values(statement: Statement, facts: dict[str, FactType], chance: random.Random) -> dict[str, Fact]:
    """Any values of the names that the statement reads: any number, not only those that a rule names."""
    space = situation_space([condition for clause in statement.clauses for condition in clause.when], facts)
    return {
        name: chance.randint(facts[name].low, min(facts[name].high, 40))
        if name in facts and facts[name].kind == NUMBER
        else chance.choice(values)
        for name, values in space.axes.items()
    }


def answer_on(statement: Statement, values: dict[str, Fact]) -> str:
    """The statement's answer on one situation, worked out without bit sets."""
    space = Space({name: (value,) for name, value in values.items()})  # type: ignore[misc]
    return next(answer for answer, bits in situations_by_answer(statement, space).items() if bits)


def answer_after(diff: PolicyDiff, before: Statement, values: dict[str, Fact]) -> str:
    """The answer of the new policy, by the old one's answer and what the difference says of the situation."""
    was = answer_on(before, values)
    changes = (each for each in diff.answer_changes if (each.kind, each.subject) == (before.kind, before.subject))
    moved = (each.now for each in changes if each.was == was and any(one.holds(values) for one in each.where))
    return next(moved, was)


@pytest.mark.parametrize(("old", "new"), [pair for pair in product(NAMES, NAMES) if pair[0] < pair[1]])
def test_difference_applied_to_the_old_policy_gives_the_new_on_random_situations(old: str, new: str) -> None:
    was, now = every_policy()[old], every_policy()[new]
    chance = random.Random(old + new)  # noqa: S311 - situations, not secrets
    diff = compare(was, now)
    facts = dict(was.facts)
    says = {(each.kind, each.subject): each for each in statements_of(now)}

    for before in statements_of(was):
        after = says[before.kind, before.subject]
        if before == after:
            continue
        both = Statement("", "", "", "", (*before.clauses, *after.clauses))
        for _ in range(120):
            values = some_values(both, facts, chance)
            applied = answer_after(diff, before, values)
            assert applied == answer_on(after, values), (before.subject, values)


def test_lost_and_gained_situations_are_counted_and_named_in_words() -> None:
    lower = load_policy(altered(("dash24_ticks = { value = 14", "dash24_ticks = { value = 12")))

    changes = compare(baseline(), lower).answer_changes

    assert {(change.subject, change.was, change.now) for change in changes} == {
        ("marac", "no", "yes"),
        ("marac", "open", "yes"),
        ("marac", "no", "open"),
        ("WARN-64", "shown", "no"),  # a claim of high risk that the lower threshold bears out
    }
    (change,) = (each for each in changes if (each.was, each.now) == ("no", "yes"))
    words, _ = (set_in_words(where, condition_labels(baseline())) for where in change.where)
    assert "DASH ticks: 12 to 13" in words
    assert "assessment used: DASH24" in words
    assert "oldest age that the victim can have: 16 or more" in words


def test_lead_cells_that_change_hands_are_shown_with_who_holds_meanwhile() -> None:
    order = 'lead = "MATAC"\nrole = "MATAC_COORDINATOR"\nholder = "HUB"'
    other = load_policy(altered((order, order.replace('"MATAC"', '"HUB"').replace("MATAC_COORDINATOR", "PVP_HUB"))))

    change = next(each for each in compare(baseline(), other).answer_changes if each.kind == "perpetrator_lead")

    assert change.was.startswith("MATAC by its MATAC_COORDINATOR")
    assert change.now.startswith("HUB by its PVP_HUB")
    assert "; HUB holds" in change.now
    assert change.situations == 1_080
    assert len(change.where) == 1


def test_duty_that_changes_its_owner_is_shown_in_every_situation_in_which_it_arises() -> None:
    diff = compare(baseline(), load_policy(altered(REPLACED_DUTY)))

    (change,) = diff.answer_changes
    assert (change.kind, change.subject, change.situations, change.out_of) == ("duty", "D24.victim", 1, 9)
    assert [(part.id, field.name) for part in diff.parts for field in part.fields] == [("D24.victim", "owner")]


def test_word_of_a_sentence_is_a_difference_even_where_no_situation_changes() -> None:
    reworded = load_policy(altered(("a professional judges the risk to be high", "a professional is worried")))

    diff = compare(baseline(), reworded)

    assert not diff.is_empty
    assert diff.answer_changes == ()
    assert any("a professional is worried" in line for line in difference_lines(diff, condition_labels(baseline())))


def test_parameter_that_only_counts_is_listed_and_said_to_change_no_situation_by_itself() -> None:
    diff = compare(baseline(), shipped("cleveland-2018"))

    read_by = {parameter.name: parameter.read_by for parameter in diff.parameters}
    assert read_by["matac_serial_months"] == BEFORE_RULES
    assert read_by["escalation_counts"] == IN_RULES


def test_added_and_dropped_rules_are_named_with_the_situations_they_move() -> None:
    body = """
[[drop]]
id = "MARAC-07"
reason = "the neighbouring area sends its own"
source = "DESIGN"
[[rule]]
id = "LOCAL-01"
then = "marac"
when = ["red_flag == true", "grade in MEDIUM HIGH"]
says = "a red flag with a grade of MEDIUM or more is heard here"
reason = "the board asked for it"
source = "DESIGN"
"""

    diff = compare(baseline(), load_policy(local(body), altered()))

    assert {(part.id, part.what) for part in diff.parts} == {("MARAC-07", "dropped"), ("LOCAL-01", "added")}
    assert {(change.was, change.now) for change in diff.answer_changes} == {
        ("yes", "no"),
        ("no", "yes"),
        ("yes", "open"),
        ("open", "yes"),
    }


def test_sets_together_are_exactly_the_set_of_situations_they_stand_for() -> None:
    chance = random.Random(4)  # noqa: S311 - situations, not secrets
    space = Space({"colour": ("red", "green", "blue"), "number": (0, 3, 4, 9), "flag": (False, True)})

    for _ in range(300):
        bits = chance.getrandbits(space.size)
        found = situation_sets(space, bits, {"number": 20})
        for index in range(space.size):
            situation = space.situation(1 << index)
            assert any(one.holds(situation) for one in found) == bool(bits >> index & 1)


def test_policy_with_more_situations_than_can_be_examined_is_refused_and_not_guessed() -> None:
    flags = [name for name, fact in baseline().facts.items() if fact.kind == "flag"][:24]
    when = ", ".join(f'"{name} == true"' for name in flags)
    wide: Policy = read_policy(altered(('when = ["cross_area == true"]', f"when = [{when}]")))

    with pytest.raises(TooManySituationsError, match="situations of"):
        compare(baseline(), wide)
