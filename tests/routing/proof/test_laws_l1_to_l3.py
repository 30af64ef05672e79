"""L1 to L3, proved at load over every three-valued situation, and worked out again here: by a solver and by trying.

L1: every open outcome has somebody who is asked, a clock and an end. L2: when MARAC's clock ends, its answer protects
at least as well as any way in which the asked facts turn out. L3: no forum is asked on silence before that, and two
cases that differ in a met ground differ in their findings.
"""

from itertools import product

import hypothesis.strategies as st
import pytest
import z3
from hypothesis import HealthCheck, given, settings

from app.routing.engine.decide import decide
from app.routing.examples.policy_examples import read_examples
from app.routing.loading.loader import load_policy
from app.routing.policy.faults import PolicyErrors
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.types import ClockEnd, Fact, Policy, Silence
from tests.routing.engine.second_implementation import ANSWERS, Line, Raw, Second, raw_policy
from tests.routing.engine.test_laws_of_every_decision import FORUMS, UNKNOWABLE, any_facts, met
from tests.routing.given import SETTINGS, altered, every_policy, facts

NAMES = sorted(every_policy())
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ASKED = (*FORUMS, "iom", "dapp", "pdp", "custody", "youth", "child_victim")
AT_THE_END: dict[str, Fact] = {"marac_unanswered": True, "unanswered_questions": 3, "abuse_reported": True}


def second(name: str) -> Second:
    text = (SETTINGS / "other-settings.toml").read_text(encoding="utf-8") if name == "other-settings" else None
    return Second(raw_policy(name, text))


def deciding_facts(policy: Policy, outcome: str) -> set[str]:
    """The facts that may be unknown and that a rule for the outcome reads."""
    read = {c.left for rule in policy.rules if rule.outcome == outcome for c in rule.when}
    return {name for name in read if name in policy.facts and policy.facts[name].may_be_unknown}


# ---------------------------------------------------------------- L1


@pytest.mark.parametrize("name", NAMES)
def test_law_l1_every_outcome_that_may_be_open_has_a_role_a_clock_and_an_end(name: str) -> None:
    policy = every_policy()[name]

    for question in QUESTIONS:
        outcome = policy.outcomes[question.name]
        given_open = (outcome.open_role, outcome.open_clock, outcome.clock_end)
        assert (None not in given_open) == question.may_be_open, question.name
        for fact in deciding_facts(policy, question.name):
            assert policy.facts[fact].find_out is not None
            assert policy.facts[fact].ask
    assert policy.outcomes["marac"].clock_end is ClockEnd.ASKED
    assert {policy.outcomes[each].clock_end for each in ("matac", "mappa")} == {ClockEnd.ESCALATED}


@pytest.mark.parametrize("name", NAMES)
def test_law_l1_every_fact_says_how_its_silence_is_read_and_why(name: str) -> None:
    for fact in every_policy()[name].facts.values():
        assert fact.because, fact.name
        assert (fact.silence is Silence.ASK) <= (fact.find_out is not None), fact.name


@QUICK
@given(any_facts(), st.sampled_from(NAMES))
def test_law_l1_every_open_outcome_of_a_decision_is_asked_of_a_post_within_its_clock(
    known: dict[str, Fact], name: str
) -> None:
    """Where nobody is identified, somebody is sent to find out who it is."""
    policy = every_policy()[name]

    decision = decide(policy, known)

    for each in decision.open:
        asked = {
            enquiry.role: enquiry
            for enquiry in decision.enquiries
            if any(each.outcome in item.decides for item in enquiry.items)
        }
        identity_first = known["perpetrator_known"] is False and all(
            policy.facts[fact].needs_identity for fact in each.decided_by
        )
        assert policy.outcomes[each.outcome].open_role in asked or identity_first
        assert not identity_first or "E02" in {duty.id for duty in decision.duties}


def test_law_l1_outcome_left_open_without_anybody_asked_is_refused_at_its_line() -> None:
    held = ', open = { owner = "PVP_HUB", within = "24 hours", end = "ASKED" }'
    broken = altered((held, ""))

    with pytest.raises(PolicyErrors, match="may be open and says not who is asked, until when, and what ends it") as no:
        load_policy(broken)

    (fault,) = [each for each in no.value.faults if "may be open" in each.message]
    assert broken.text.splitlines()[int(fault.place.split(":")[1]) - 1].startswith("marac = {")


# ---------------------------------------------------------------- L2


@pytest.mark.parametrize("name", NAMES)
def test_law_l2_solver_finds_no_facts_with_which_marac_is_not_met_at_the_end_of_its_clock(name: str) -> None:
    world = ThreeValued(second(name))
    ended = [world.value[fact] == world.place(fact, value) for fact, value in AT_THE_END.items() if fact in world.value]
    old_enough = world.value["victim_oldest"] >= world.second.parameters["min_age_victim"]

    for completed in (True, False):
        assert world.impossible(*ended, old_enough, z3.Not(world.some_rule("marac", completed=completed)))
    assert not world.impossible(old_enough, z3.Not(world.some_rule("marac", completed=False)))


@pytest.mark.parametrize("name", NAMES)
def test_law_l2_every_way_in_which_the_asked_facts_turn_out_meets_marac_at_the_end(name: str) -> None:
    other = second(name)
    asked = sorted(deciding_facts(every_policy()[name], "marac"))

    ways = product(
        *(
            [None, *other.tried[fact]] if len(other.tried[fact]) < 6 else [None, *other.tried[fact][::3]]
            for fact in asked
        )
    )
    for way in ways:
        case = other.case(facts(**AT_THE_END, **dict(zip(asked, way, strict=True))))
        held = [rule for rule in other.rules["marac"] if other.all_hold(other.lines[id(rule)], case)]
        assert "MARAC-09" in {rule["id"] for rule in held}
        assert not any(rule["then"].startswith("not ") for rule in held)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), max_size=12), st.sampled_from(NAMES))
def test_law_l2_at_the_end_of_its_clock_marac_protects_as_well_as_any_truth(
    truth: dict[str, Fact], hidden: set[str], name: str
) -> None:
    policy = every_policy()[name]

    ended = decide(policy, {**truth, **AT_THE_END, **dict.fromkeys(hidden)})
    knowing = decide(policy, truth)

    assert met(ended, "marac") or not met(knowing, "marac")
    assert ended.outcomes["marac"] != "open"


def test_law_l2_clock_that_no_rule_reads_is_refused() -> None:
    deaf = altered(
        (
            'when = ["marac_unanswered == true", "abuse_reported == true"]',
            'when = ["judged_high == true", "refusals >= 9"]',
        )
    )

    with pytest.raises(PolicyErrors, match="no rule asks marac when its clock ends"):
        load_policy(deaf)


def test_law_l2_clock_that_asks_only_sometimes_is_refused_with_the_situation() -> None:
    deaf = altered(
        (
            '"marac_unanswered == true", "abuse_reported == true"]',
            '"marac_unanswered == true", "abuse_reported == true", "help_sought == true"]',
        )
    )

    with pytest.raises(PolicyErrors, match="marac is not asked although its clock has ended") as refused:
        load_policy(deaf)

    assert "marac_unanswered = true" in next(each.situation for each in refused.value.faults if each.situation)


# ---------------------------------------------------------------- L3


@pytest.mark.parametrize("outcome", ASKED)
@pytest.mark.parametrize("name", NAMES)
def test_law_l3_solver_finds_no_met_forum_that_an_answer_would_not_meet(outcome: str, name: str) -> None:
    """A rule fires while facts are not known; then, however they turn out, some rule for the forum fires.

    What stands meanwhile for a fact (an adult, at liberty) is a value that the policy states, and no silence.
    """
    world = ThreeValued(second(name))

    fires = world.some_rule(outcome, completed=False)
    lost = z3.Not(world.some_rule(outcome, completed=True))

    assert world.impossible(fires, lost)
    # An area may switch a panel off; the three forums are asked somewhere in every area.
    assert outcome not in FORUMS or not world.impossible(fires)


@QUICK
@given(any_facts(unknown=False), st.sets(st.sampled_from(UNKNOWABLE), min_size=1, max_size=12), st.sampled_from(NAMES))
def test_law_l3_forum_that_is_asked_while_facts_are_not_known_is_asked_however_they_turn_out(
    truth: dict[str, Fact], hidden: set[str], name: str
) -> None:
    guessing = decide(every_policy()[name], {**truth, **dict.fromkeys(hidden)})
    knowing = decide(every_policy()[name], truth)

    for outcome in FORUMS:
        assert met(knowing, outcome) or not met(guessing, outcome)


@QUICK
@given(any_facts(), st.sampled_from(NAMES))
def test_law_l3_every_met_forum_names_the_rule_that_met_it_and_no_other_forum_has_one(
    known: dict[str, Fact], name: str
) -> None:
    """So two cases that differ in a met ground differ in their findings."""
    decision = decide(every_policy()[name], known)

    including = {finding.outcome for finding in decision.findings if finding.effect != "excluded"}
    excluded = {finding.outcome for finding in decision.findings if finding.effect == "excluded"}
    for outcome in FORUMS:
        assert met(decision, outcome) == (outcome in including - excluded)


def test_law_l3_rule_that_asks_a_forum_on_silence_is_refused_with_the_situation() -> None:
    """Statute puts somebody in MAPPA while nobody knows the level; "not managed" must then be a ground as well."""
    silent = altered(
        (
            'when = ["mappa_level == not_managed", "mappa_automatic == true"]',
            'when = ["mappa_level == not_managed", "mappa_automatic == true", "rosh_high == true"]',
        )
    )

    with pytest.raises(PolicyErrors, match="mappa is asked before mappa_level is known") as refused:
        load_policy(silent)

    situation = next(each.situation for each in refused.value.faults if "before mappa_level is known" in each.message)
    (example,) = read_examples(situation)
    assert example.given["mappa_level"] == "not_managed"


def test_law_l3_exclusion_by_anything_but_the_age_of_a_child_is_refused() -> None:
    silent = altered(
        (
            'then = "not marac"\nwhen = ["victim_oldest < min_age_victim"]',
            'then = "not marac"\nwhen = ["seen_alone == false"]',
        )
    )

    with pytest.raises(PolicyErrors, match="excludes by seen_alone: only the age of a child keeps a case out"):
        load_policy(silent)


class ThreeValued:
    """Every fact as a number that may be unknown; a rule holds on what is known, or once everything is."""

    def __init__(self, other: Second) -> None:
        self.second = other
        self.value: dict[str, z3.ArithRef] = {}
        self.unknown: dict[str, z3.BoolRef] = {}
        self.words: dict[str, list[object]] = {}
        self.said: dict[str, z3.ArithRef] = {}
        self.limits: list[z3.BoolRef] = []
        for name, fact in other.raw["fact"].items():
            words = list(fact.get("values", [])) or ([False, True] if fact["type"] == "flag" else [])
            low, high = (0, len(words) - 1) if words else (fact.get("min", 0), fact["max"])
            self._add(name, words, low, high, may_be_unknown=fact["silence"] == "ask" and "meanwhile" not in fact)
        for question, values in ANSWERS.items():
            words = [values[0], "open", *values[1:]] if question in FORUMS else list(values)
            self._add(question, words, 0, len(words) - 1, may_be_unknown=False)
            self.said[question] = self._said(question)

    def _add(self, name: str, words: list[object], low: int, high: int, *, may_be_unknown: bool) -> None:
        self.words[name], self.value[name] = words, z3.Int(name)
        self.unknown[name] = z3.Bool(f"{name} unknown") if may_be_unknown else z3.BoolVal(False)
        self.limits += [self.value[name] >= low, self.value[name] <= high]

    def _said(self, question: str) -> z3.ArithRef:
        """The answer while facts are not known: open, a no where nobody looks anything up, or what it turns out to be.

        MARAC's no is never one of silence.
        """
        said = z3.Int(f"{question} said")
        silent = [] if question not in FORUMS else [said == 1] if question == "marac" else [said == 0, said == 1]
        self.limits.append(z3.Or(said == self.value[question], *silent))
        return said

    def place(self, name: str, word: object) -> int:
        return self.words[name].index(word) if self.words[name] else int(str(word))

    def some_rule(self, outcome: str, *, completed: bool) -> z3.BoolRef:
        """Whether the rules meet the outcome, on what is known or once everything is."""
        rules = self.second.rules[outcome]
        holds = [self._all(rule, completed=completed) for rule in rules if not rule["then"].startswith("not ")]
        excludes = [self._all(rule, completed=completed) for rule in rules if rule["then"].startswith("not ")]
        return z3.And(z3.Or(holds), z3.Not(z3.Or(excludes)))

    def _all(self, rule: Raw, *, completed: bool) -> z3.BoolRef:
        return z3.And([self._holds(line, completed=completed) for line in self.second.lines[id(rule)]])

    def _holds(self, line: Line, *, completed: bool) -> z3.BoolRef:
        if line.name in self.second.parameters:
            return z3.BoolVal(line.holds(self.second.parameters[line.name]))
        unknown = z3.BoolVal(False) if completed else self.unknown[line.name]
        if line.operator == "is":
            return unknown
        right = [self.place(line.name, word) for word in line.words]
        value = self.value[line.name] if completed else self.said.get(line.name, self.value[line.name])
        return z3.And(z3.Not(unknown), self._compare(line.operator, value, right))

    @staticmethod
    def _compare(operator: str, left: z3.ArithRef, right: list[int]) -> z3.BoolRef:
        return {
            "==": lambda: left == right[0],
            "!=": lambda: left != right[0],
            ">=": lambda: left >= right[0],
            "<=": lambda: left <= right[0],
            ">": lambda: left > right[0],
            "<": lambda: left < right[0],
            "in": lambda: z3.Or([left == each for each in right]),
        }[operator]()

    def impossible(self, *claims: z3.BoolRef) -> bool:
        solver = z3.Solver()
        solver.add(*claims, *self.limits)
        return solver.check() == z3.unsat
