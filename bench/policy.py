"""Measures a full decision record, as a ratio to plain Python predicates of the same policy in the same run.

Both decide the same situations with everything known. The predicates give the answers, both leads, who
helps, the duties, and the sentence of each rule that held; the record adds what was compared with what,
near misses, why-nots, who is asked next, the check for what is not known, sources, and its fingerprint.
The predicates leave out what an author in a hurry would leave out: they check no fact and store nothing.
Each side prepares its policy once, before the clock, and keeps nothing of a case. Alternating blocks
of processor time, median of the rounds. Then stored decisions are replayed in growing numbers.

    python -m bench.policy
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.routing.engine.decide import decide
from app.routing.engine.replay import Same, replay
from app.routing.examples.example_files import examples_of
from app.routing.loading.catalogue import BASELINE, SHIPPED, policy_file
from app.routing.loading.loader import load_policy
from app.routing.policy.columns import column_values
from app.routing.policy.outcomes import QUESTIONS
from app.routing.policy.types import Condition, Fact, Policy
from app.routing.record.codec import to_dict
from app.routing.record.short_form import stored_form
from bench.alternation import Goal

GOAL_RATIO, GOAL_LINEAR, GOAL_LOADED = 0.20, 1.25, 0.5
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Found:
    """A rule, row, support, duty or warning that held, with its sentence."""

    id: str
    answer: str
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """One part as one would write it by hand: a function of the facts, what it answers, and its sentence."""

    id: str
    holds: Callable[[Facts], bool]
    answer: str
    says: str
    source: str
    excludes: bool = False

    def found(self, facts: Facts) -> Found:
        """What is reported when it holds."""
        return Found(self.id, self.answer, self.says.format_map(facts), self.source)


@dataclass(frozen=True, slots=True)
class Plain:
    """The policy as plain Python: predicates in lists, tried one after another."""

    figures: Facts
    rules: Mapping[str, tuple[str, list[Predicate]]]
    leads: Mapping[str, list[Predicate]]
    others: Mapping[str, list[Predicate]]

    def decide(self, given: Facts) -> dict[str, list[Found]]:
        """What held of everything, the leads included."""
        facts: dict[str, Any] = {**self.figures, **given}
        found: dict[str, list[Found]] = {"rules": []}
        for question, (usual, rules) in self.rules.items():
            held = [rule for rule in rules if rule.holds(facts)]
            found["rules"] += [rule.found(facts) for rule in held]
            excluded = any(rule.excludes for rule in held)
            facts[question] = held[-1].answer if held and not excluded else usual
        facts.update(column_values(facts, facts))
        for table, rows in self.leads.items():
            row = next(row for row in rows if row.holds(facts))
            facts[table] = row.answer
            found[table] = [row.found(facts)]
        for section, parts in self.others.items():
            found[section] = [part.found(facts) for part in parts if part.holds(facts)]
        return found


def as_python(policy: Policy) -> Plain:
    """The policy written out as one Python function for each part."""
    rules = {
        question.name: (
            question.values[0],
            [
                _predicate(rule, [rule.when], rule.value, excludes=rule.exclusion)
                for rule in policy.rules
                if rule.outcome == question.name
            ],
        )
        for question in QUESTIONS
    }
    leads = {"victim_lead": policy.victim_rows, "perpetrator_lead": policy.perpetrator_rows}
    others = {
        "supports": [_predicate(each, [each.when], each.role) for each in policy.supports],
        # The hub's review is an enquiry and no duty of the decision.
        "duties": [_predicate(each, each.when_any, each.owner) for each in policy.duties if not each.screens],
        "warnings": [_predicate(each, [each.when], "") for each in policy.warnings],
    }
    return Plain(
        {name: parameter.value for name, parameter in policy.parameters.items()},
        rules,
        {table: [_predicate(row, [row.when], row.lead) for row in rows] for table, rows in leads.items()},
        others,
    )


def _predicate(
    part: Any,  # noqa: ANN401 - any part of a policy
    groups: Sequence[Sequence[Condition]],
    answer: str,
    *,
    excludes: bool = False,
) -> Predicate:
    written = " or ".join(" and ".join(_typed(each) for each in group) or "True" for group in groups)
    holds = eval(f"lambda f: {written}")  # noqa: S307 - our own policy, written out as Python
    return Predicate(part.id, holds, str(answer), part.says, part.source, excludes)


def _typed(condition: Condition) -> str:
    """The condition as one would type it."""
    if condition.operator == "in":
        return f"f[{condition.left!r}] in {condition.right!r}"
    return f"f[{condition.left!r}] {condition.operator} {condition.right[0]!r}"


def situations(policy: Policy, number: int) -> list[dict[str, Fact]]:
    """Known situations near those of the examples: some facts exchanged for others that an example has."""
    chance = random.Random(1)
    known = [dict(example.given) for example in examples_of(policy.id) if None not in example.given.values()]
    made = []
    for _ in range(number):
        one, other = chance.choice(known), chance.choice(known)
        mixed = chance.sample(sorted(one), 12)
        made.append({**one, **{name: other[name] for name in mixed}})
    return made


def processor_seconds(act: Callable[[Facts], object], over: Sequence[Facts]) -> float:
    """How long the processor took for all of them, whoever else used it meanwhile."""
    began = time.process_time()
    for each in over:
        act(each)
    return time.process_time() - began


def measure(number: int, rounds: int) -> dict[str, Any]:
    """Decisions a second of both, by turns, and the ratio."""
    policy = load_policy(policy_file(BASELINE))
    plain, over = as_python(policy).decide, situations(policy, number)
    _refuse_difference(policy, plain, over[:200])
    blocks = [
        (processor_seconds(plain, over), processor_seconds(lambda f: decide(policy, f), over)) for _ in range(rounds)
    ]
    by_hand, record = (statistics.median(block[side] for block in blocks) for side in (0, 1))
    ratios = sorted(block[0] / block[1] for block in blocks)
    size = len(json.dumps(to_dict(decide(policy, over[0])), separators=(",", ":")))
    return {
        "decisions": number,
        "plain_predicates_per_second": round(number / by_hand),
        "full_records_per_second": round(number / record),
        "full_record_microseconds": round(1e6 * record / number),
        "ratio_to_plain_predicates": round(statistics.median(ratios), 3),
        "ratio_lowest_and_highest": [round(ratios[0], 3), round(ratios[-1], 3)],
        "record_bytes": size,
    }


def _refuse_difference(policy: Policy, plain: Callable[[Facts], dict[str, list[Found]]], over: Sequence[Facts]) -> None:
    """Both sides decide alike, or the ratio means nothing."""
    for facts in over:
        ours, theirs = decide(policy, facts), plain(facts)
        assert [each.rule for each in ours.findings] == [each.id for each in theirs["rules"]]
        assert [ours.victim.row, ours.perpetrator.row] == [
            theirs[table][0].id for table in ("victim_lead", "perpetrator_lead")
        ]
        assert [each.id for each in ours.duties] == [each.id for each in theirs["duties"]]
        assert [each.because for each in ours.duties] == [each.because for each in theirs["duties"]]


def replays(most: int) -> dict[str, Any]:
    """Stored decisions replayed in growing numbers: seconds for each, and how far from a straight line."""
    policy = load_policy(policy_file(BASELINE))
    stored = [stored_form(decide(policy, facts)) for facts in situations(policy, 500)]
    taken = {}
    for number in (most // 10, most // 2, most):
        began = time.process_time()
        same = sum(isinstance(replay(stored[place % len(stored)], (policy,)), Same) for place in range(number))
        taken[number] = time.process_time() - began
        assert same == number
    each = [seconds / number for number, seconds in taken.items()]
    return {
        "replayed": most,
        "seconds": {str(number): round(seconds, 2) for number, seconds in taken.items()},
        "replays_per_second": round(most / taken[most]),
        "slowest_by_quickest_replay": round(max(each) / min(each), 3),
    }


def loading(rounds: int) -> dict[str, float]:
    """How many seconds of processor each shipped policy takes to be read, proved and made ready: the median."""
    base = policy_file(BASELINE)
    found = {}
    for name in SHIPPED:
        taken = []
        for _ in range(rounds):
            began = time.process_time()
            load_policy(policy_file(name), None if name == BASELINE else base)
            taken.append(time.process_time() - began)
        found[name] = round(statistics.median(taken), 3)
    return found


def main() -> None:
    """Prints one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--decisions", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--replays", type=int, default=10_000, help="100000 for the figure of the goal")
    given = asked.parse_args()
    decisions, replayed = measure(given.decisions, given.rounds), replays(given.replays)
    ratio, spread = decisions["ratio_to_plain_predicates"], replayed["slowest_by_quickest_replay"]
    loaded = loading(given.rounds)
    goals = [
        Goal("full decision record / plain predicates", ratio, ">=", GOAL_RATIO),
        Goal("slowest / quickest replay in growing numbers", spread, "<=", GOAL_LINEAR),
        Goal("seconds to load and prove a policy", max(loaded.values()), "<=", GOAL_LOADED, is_ratio=False),
    ]
    result = {"decisions": decisions, "replays": replayed, "loaded": loaded, "goals": [goal.shown() for goal in goals]}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
