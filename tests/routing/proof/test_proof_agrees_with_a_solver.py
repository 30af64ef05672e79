"""A theorem prover that shares no code with the proof agrees with its claims, for every whole number."""

from collections.abc import Iterable

import pytest
import z3

from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.conditions import UNKNOWN
from app.routing.policy.outcomes import QUESTIONS_BY_NAME
from app.routing.policy.parameters import setting_values
from app.routing.policy.types import Condition, LeadRow, Policy, Rule, Value
from app.vocabulary import Forum
from tests.routing.given import baseline, every_policy


class World:
    """Facts, settings, answers and columns as whole numbers: a word is its place in its list."""

    def __init__(self, policy: Policy, suffix: str = "") -> None:
        self.policy = policy
        self.suffix = suffix
        self.limits: list[z3.BoolRef] = []
        self._known: dict[str, tuple[z3.ArithRef, tuple[str, ...]]] = {}

    def _words(self, name: str) -> tuple[str, ...]:
        if name in PERPETRATOR_COLUMNS or name in VICTIM_COLUMNS:
            return {**VICTIM_COLUMNS, **PERPETRATOR_COLUMNS}[name]
        if name in QUESTIONS_BY_NAME:
            return QUESTIONS_BY_NAME[name].answers
        held = self.policy.facts.get(name) or self.policy.parameters[name]
        return tuple(held.values)

    def number(self, name: str) -> z3.ArithRef:
        if name not in self._known:
            variable, words = z3.Int(name + self.suffix), self._words(name)
            low, high = self._range(name, words)
            self.limits += [variable >= low, variable <= high]
            self._known[name] = (variable, words)
        return self._known[name][0]

    def _range(self, name: str, words: tuple[str, ...]) -> tuple[int, int]:
        if words:
            return 0, len(words) - 1
        if name in self.policy.facts and self.policy.facts[name].kind == "number":
            return self.policy.facts[name].low, self.policy.facts[name].high
        if name in self.policy.parameters:
            values = setting_values(self.policy.parameters[name])
            return int(min(values)), int(max(values))
        return 0, 1

    def place(self, name: str, value: Value) -> int:
        words = self._words(name)
        return words.index(value) if words else int(value)

    def holds(self, condition: Condition) -> z3.BoolRef:
        unknown = self.unknown(condition.left)
        return unknown if condition.operator == UNKNOWN else z3.And(z3.Not(unknown), self._compared(condition))

    def unknown(self, name: str) -> z3.BoolRef:
        """Whether nobody knows the fact; never, for what is always known or has a value meanwhile."""
        fact = self.policy.facts.get(name)
        may_be = fact is not None and fact.may_be_unknown
        return z3.Bool(f"{name} unknown{self.suffix}") if may_be else z3.BoolVal(val=False)

    def _compared(self, condition: Condition) -> z3.BoolRef:
        left = self.number(condition.left)
        right = [self.place(condition.left, value) for value in condition.right]
        compare = {
            "==": lambda: left == right[0],
            "!=": lambda: left != right[0],
            ">=": lambda: left >= right[0],
            "<=": lambda: left <= right[0],
            ">": lambda: left > right[0],
            "<": lambda: left < right[0],
            "in": lambda: z3.Or(*(left == value for value in right)),
        }
        return compare[condition.operator]()

    def all_hold(self, conditions: Iterable[Condition]) -> z3.BoolRef:
        return z3.And(*(self.holds(condition) for condition in conditions))

    def gives(self, outcome: str, value: str) -> z3.BoolRef:
        rules = [rule for rule in self.policy.rules if rule.outcome == outcome]
        including = [self.all_hold(r.when) for r in rules if r.value == value and not r.exclusion]
        excluding = [self.all_hold(r.when) for r in rules if r.exclusion]
        return z3.And(z3.Or(*including), z3.Not(z3.Or(*excluding)))


def is_impossible(world: World, *claims: z3.BoolRef) -> bool:
    solver = z3.Solver()
    solver.add(*claims, *world.limits)
    return solver.check() == z3.unsat


@pytest.mark.parametrize("name", sorted(every_policy()))
@pytest.mark.parametrize("table", ["victim_rows", "perpetrator_rows"])
def test_one_and_only_one_row_applies_to_every_combination_of_columns(name: str, table: str) -> None:
    world = World(every_policy()[name])
    rows: tuple[LeadRow, ...] = getattr(every_policy()[name], table)
    applies = [world.all_hold(row.when) for row in rows]

    assert is_impossible(world, z3.Not(z3.Or(*applies)))
    assert is_impossible(world, z3.Not(z3.AtMost(*applies, 1)))


@pytest.mark.parametrize("risk", ["ticks", "incidents_in_window", "judged_high", "grade", "repeat"])
def test_raising_a_risk_by_any_amount_never_loses_marac(risk: str) -> None:
    before, after = World(baseline()), World(baseline(), "_after")
    gave, gives = before.gives("marac", "yes"), after.gives("marac", "yes")
    same = [before.number(n) == after.number(n) for n in before._known if n != risk]
    same += [before.unknown(n) == after.unknown(n) for n in before._known]

    raised = after.number(risk) >= before.number(risk)

    assert is_impossible(before, gave, z3.Not(gives), raised, *same, *after.limits)


def test_more_victims_never_lose_matac() -> None:
    before, after = World(baseline()), World(baseline(), "_after")
    gave, gives = before.gives("matac", "yes"), after.gives("matac", "yes")
    risk = "victims_in_window"
    same = [before.number(n) == after.number(n) for n in before._known if n != risk]
    same += [before.unknown(n) == after.unknown(n) for n in before._known]

    assert is_impossible(before, gave, z3.Not(gives), after.number(risk) >= before.number(risk), *same, *after.limits)


def test_nobody_is_in_two_mappa_states_at_once() -> None:
    states = ("referable", "l1", "l1_escalating", "l2", "l3")
    world = World(baseline())

    given = [world.gives("mappa", state) for state in states]

    assert is_impossible(world, z3.Not(z3.AtMost(*given, 1)))


@pytest.mark.parametrize("level", ["2", "3"])
def test_a_person_at_level_two_or_three_is_led_by_mappa_whatever_else_holds(level: str) -> None:
    world = World(baseline())
    known = z3.Not(world.unknown("mappa_level"))
    at_level = z3.And(known, world.number("mappa_level") == world.place("mappa_level", level))
    identified = world.number("identified") == world.place("identified", "yes")
    path = z3.And(identified, world.number("mappa_path") == world.place("mappa_path", f"l{level}"))
    others = [
        world.all_hold(row.when) for row in baseline().perpetrator_rows if row.lead is not Forum(f"MAPPA_L{level}")
    ]

    assert is_impossible(world, at_level, z3.Not(world.gives("mappa", f"l{level}")))
    assert is_impossible(world, path, z3.Or(*others))


def test_a_forum_whose_column_says_declined_never_leads_or_holds() -> None:
    world = World(baseline())
    columns = {
        Forum.MATAC: "matac_path",
        Forum.IOM: "iom_path",
        Forum.DAPP: "dapp_path",
        Forum.PDP: "pdp_path",
        Forum.PRISON_OMU: "custody_path",
        Forum.YOUTH_JUSTICE: "youth_path",
    }

    for forum, column in columns.items():
        declined = world.number(column) == world.place(column, "declined")
        serving = [world.all_hold(row.when) for row in baseline().perpetrator_rows if forum in {row.lead, row.holder}]
        assert is_impossible(world, declined, z3.Or(*serving))


@pytest.mark.parametrize("rule", [r for r in baseline().rules if not r.cover], ids=lambda rule: rule.id)
def test_every_rule_decides_some_situation_that_no_other_rule_decides(rule: Rule) -> None:
    world = World(baseline())
    others = [
        world.all_hold(r.when)
        for r in baseline().rules
        if r.outcome == rule.outcome and r.id != rule.id and r.value == rule.value
    ]

    assert not is_impossible(world, world.all_hold(rule.when), z3.Not(z3.Or(*others)))


def test_lowering_a_threshold_changes_something_and_the_solver_finds_where() -> None:
    world = World(baseline())
    twelve = z3.And(world.number("ticks") >= 12, world.number("assessment_tool") == 0)

    assert not is_impossible(world, twelve, z3.Not(world.gives("marac", "yes")))
