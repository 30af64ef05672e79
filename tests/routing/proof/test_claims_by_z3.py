"""A theorem prover proves the main claims for every whole number, in one formula from the facts to the lead.

The formula is written from the TOML and from the second implementation, so it shares no code with the
engine, its loader or its proof.
"""

from collections.abc import Callable, Mapping
from functools import cache

import pytest
import z3

from app.routing.engine.decide import decide
from app.vocabulary import Forum
from tests.routing.engine.second_implementation import ANSWERS, PANELS, Line, Raw, Second, columns, raw_policy
from tests.routing.given import SETTINGS, every_policy, facts

NAMES = sorted(every_policy())
REFUSERS = [forum for forum in Forum if forum not in {"HUB", "REFERRING_AGENCY", "MAPPA_L3"}]
TABLES = ("victim_lead", "perpetrator_lead")


OPEN = ("marac", "matac", "mappa")


class World:
    """Every fact as a number (a word is its place in its list), and the answers and columns as formulas of them.

    A fact that may not be known is unknown or not by a variable of its own.
    """

    def __init__(self, second: Second, suffix: str = "") -> None:
        self.second = second
        self.words: dict[str, list[object]] = {}
        self.of: dict[str, z3.ArithRef] = {}
        self.unknown: dict[str, z3.BoolRef] = {}
        self.limits: list[z3.BoolRef] = []
        for name, fact in second.raw["fact"].items():
            if fact["silence"] == "ask" and "meanwhile" not in fact:
                self.unknown[name] = z3.Bool(f"{name} unknown{suffix}")
            words = list(fact.get("values", [])) or ([False, True] if fact["type"] == "flag" else [])
            low, high = (0, len(words) - 1) if words else (fact.get("min", 0), fact["max"])
            self.words[name], self.of[name] = words, z3.Int(name + suffix)
            self.limits += [self.of[name] >= low, self.of[name] <= high]
        for question, values in ANSWERS.items():
            self.words[question] = [values[0], "open", *values[1:]] if question in OPEN else list(values)
            self.of[question] = self._answer(question)
        for column, formula in self._columns().items():
            self.of[column] = formula

    def holds(self, line: Line) -> z3.BoolRef:
        """The condition as a formula; a setting is known and becomes true or false."""
        if line.name in self.second.parameters:
            return z3.BoolVal(line.holds(self.second.parameters[line.name]))
        unknown = self.unknown.get(line.name, z3.BoolVal(val=False))
        return unknown if line.operator == "is" else z3.And(z3.Not(unknown), self._compared(line))

    def may_hold(self, part: Raw) -> z3.BoolRef:
        """Whether no line fails: each holds, or nobody knows what it reads."""
        return z3.And([z3.Or(self.holds(line), self._undecided(line)) for line in self.second.lines[id(part)]])

    def _undecided(self, line: Line) -> z3.BoolRef:
        return self.unknown.get(line.name, z3.BoolVal(val=False)) if line.operator != "is" else z3.BoolVal(val=False)

    def _compared(self, line: Line) -> z3.BoolRef:
        left = self.of[line.name]
        right = [self.place(line.name, word) for word in line.words]
        compare: Mapping[str, Callable[[], z3.BoolRef]] = {
            "==": lambda: left == right[0],
            "!=": lambda: left != right[0],
            ">=": lambda: left >= right[0],
            "<=": lambda: left <= right[0],
            ">": lambda: left > right[0],
            "<": lambda: left < right[0],
            "in": lambda: z3.Or([left == each for each in right]),
        }
        return compare[line.operator]()

    def place(self, name: str, word: object) -> int:
        return self.words[name].index(word) if self.words[name] else int(str(word))

    def all_hold(self, part: Raw) -> z3.BoolRef:
        return z3.And([self.holds(line) for line in self.second.lines[id(part)]])

    def given(self, question: str) -> list[tuple[int, z3.BoolRef]]:
        """Each including rule's value, as its place, with when it holds."""
        rules = [rule for rule in self.second.rules[question] if not rule["then"].startswith("not ")]
        return [(self.place(question, [*rule["then"].split(), "yes"][1]), self.all_hold(rule)) for rule in rules]

    def _answer(self, question: str) -> z3.ArithRef:
        excluding = [rule for rule in self.second.rules[question] if rule["then"].startswith("not ")]
        including = [rule for rule in self.second.rules[question] if rule not in excluding]
        could = z3.Or([self.may_hold(rule) for rule in including])
        answer = z3.If(could, z3.IntVal(self.place(question, "open")), 0) if question in OPEN else z3.IntVal(0)
        for value, held in sorted(self.given(question), key=lambda pair: pair[0]):
            answer = z3.If(held, z3.IntVal(value), answer)
        return z3.If(z3.Or([self.all_hold(rule) for rule in excluding]), z3.IntVal(0), answer)

    def _columns(self) -> dict[str, z3.ArithRef]:
        """Each column from its own answers and refusals, by trying every one of their values."""
        inputs = {column: (question, refusal) for column, (question, refusal, _) in PANELS.items()}
        inputs |= {
            "matac_path": ("matac", "matac_barred", "declined_matac"),
            "marac_path": ("marac", "declined_marac", "marac_stage"),
            "youth_path": ("youth", "declined_youth_justice", "declined_childrens_social_care"),
            "mappa_path": (
                "mappa",
                "declined_mappa_l2",
                "declined_mappa_l1_lead_agency",
                "supervised",
                "declined_supervising_service",
            ),
        }
        return {column: self._column(column, names) for column, names in inputs.items()}

    def _column(self, column: str, names: tuple[str, ...]) -> z3.ArithRef:
        usual = {**{q: values[0] for q, values in ANSWERS.items()}, **facts()}
        self.words[column] = []
        formula = z3.IntVal(-1)
        ways: list[dict[str, object]] = [{}]
        for name in names:
            ways = [{**way, name: word} for way in ways for word in self.words[name]]
        for way in ways:
            value = columns({**usual, **way}, {**usual, **way})[column]
            if value not in self.words[column]:
                self.words[column].append(value)
            here = z3.And([self._given(name, word) for name, word in way.items()])
            formula = z3.If(here, z3.IntVal(self.words[column].index(value)), formula)
        return formula

    def _given(self, name: str, word: object) -> z3.BoolRef:
        """Whether the name has the word. A flag that nobody knows is not true."""
        known_true = z3.And(z3.Not(self.unknown[name]), self.of[name] == 1) if name in self.unknown else None
        return self.is_(name, word) if known_true is None else known_true if word else z3.Not(known_true)

    def rows(self, table: str) -> list[tuple[Raw, z3.BoolRef]]:
        return [(row, self._row(row)) for row in self.second.raw[table]]

    def _row(self, row: Raw) -> z3.BoolRef:
        kept = [
            z3.Or([self.of[line.name] == i for i, word in enumerate(self.words[line.name]) if line.holds(word)])
            for line in self.second.lines[id(row)]
        ]
        return z3.And(kept)

    def is_(self, name: str, word: object) -> z3.BoolRef:
        return self.of[name] == self.place(name, word)


@cache
def world(name: str, suffix: str = "") -> World:
    text = (SETTINGS / "other-settings.toml").read_text(encoding="utf-8") if name == "other-settings" else None
    return World(Second(raw_policy(name, text)), suffix)


def witness(limits: list[z3.BoolRef], *claim: z3.BoolRef) -> z3.ModelRef | None:
    """A situation in which everything claimed holds, or None: the solver says that there is none."""
    solver = z3.Solver()
    solver.set("timeout", 60_000)
    solver.add(*limits, *claim)
    answer = solver.check()
    assert answer != z3.unknown
    return solver.model() if answer == z3.sat else None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("table", TABLES)
def test_every_situation_has_one_row_and_no_situation_has_two(table: str, name: str) -> None:
    this = world(name)
    rows = [held for _, held in this.rows(table)]

    nobody = witness(this.limits, z3.Not(z3.Or(rows)))
    both = witness(this.limits, z3.Not(z3.AtMost(*rows, 1)))

    assert (nobody, both) == (None, None)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_who_has_declined_is_asked_to_lead_or_to_hold(name: str) -> None:
    this = world(name)
    statutory = z3.Or(this.is_("mappa", "l2"), this.is_("mappa", "l3"))

    for forum in REFUSERS:
        asked = [held for table in TABLES for row, held in this.rows(table) if forum in {row["lead"], row["holder"]}]
        declined = this.is_(f"declined_{forum.lower()}", word=True)
        free = z3.Not(statutory) if forum == "MAPPA_L2" else z3.BoolVal(val=True)
        assert witness(this.limits, declined, free, z3.Or(asked)) is None, forum


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", ["2", "3"])
def test_person_at_a_statutory_level_is_led_by_mappa_whatever_anybody_declined(level: str, name: str) -> None:
    this = world(name)
    others = [held for row, held in this.rows("perpetrator_lead") if row["lead"] != f"MAPPA_L{level}"]

    at_level = z3.And(z3.Not(this.unknown["mappa_level"]), this.is_("mappa_level", level))
    identified = this.is_("perpetrator_known", True)
    assert witness(this.limits, at_level, identified, z3.Or(others)) is None


@pytest.mark.parametrize("name", NAMES)
def test_somebody_whom_nobody_has_identified_is_led_by_nobody_but_the_hub(name: str) -> None:
    this = world(name)
    others = [held for row, held in this.rows("perpetrator_lead") if row["lead"] != "HUB"]

    assert witness(this.limits, z3.Not(this.is_("perpetrator_known", True)), z3.Or(others)) is None


@pytest.mark.parametrize("name", NAMES)
def test_no_two_rules_put_one_person_into_two_mappa_states(name: str) -> None:
    this = world(name)
    given = this.given("mappa")

    for index, (value, held) in enumerate(given):
        others = [other for other_value, other in given[index + 1 :] if other_value != value]
        assert witness(this.limits, held, z3.Or(others)) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("risk", ["incidents_in_window", "ticks", "victims_in_window"])
def test_more_of_a_counted_risk_never_loses_marac_or_matac(risk: str, name: str) -> None:
    before, after = world(name), world(name, "_later")
    same = [before.of[fact] == after.of[fact] for fact in before.second.raw["fact"] if fact != risk]
    same += [before.unknown[fact] == after.unknown[fact] for fact in before.unknown]
    more = z3.And(after.of[risk] > before.of[risk], z3.Not(before.unknown[risk]))

    for forum in ("marac", "matac"):
        lost = z3.And(before.is_(forum, "yes"), z3.Not(after.is_(forum, "yes")))
        assert witness([*before.limits, *after.limits, *same], more, lost) is None


@pytest.mark.parametrize("name", NAMES)
def test_marac_is_never_asked_to_lead_or_hold_the_perpetrator(name: str) -> None:
    this = world(name)
    asked = [held for row, held in this.rows("perpetrator_lead") if "MARAC" in {row["lead"], row["holder"]}]

    assert witness(this.limits, z3.Or(asked)) is None


def test_false_claim_is_refuted_by_a_situation_in_which_the_engine_agrees() -> None:
    this = world("national-baseline")
    matac_leads = z3.Or([held for row, held in this.rows("perpetrator_lead") if row["lead"] == "MATAC"])

    found = witness(this.limits, this.is_("matac", "yes"), this.is_("declined_matac", word=False), z3.Not(matac_leads))

    assert found is not None
    situation = facts(**{name: _read(this, found, name) for name in this.second.raw["fact"]})
    decision = decide(every_policy()["national-baseline"], situation)
    assert decision.outcomes["matac"] == "yes"
    assert decision.perpetrator.forum != "MATAC"


def _read(this: World, found: z3.ModelRef, name: str) -> object:
    if name in this.unknown and z3.is_true(found.eval(this.unknown[name], model_completion=True)):
        return None
    number = found.eval(this.of[name], model_completion=True).as_long()
    return this.words[name][number] if this.words[name] else number
