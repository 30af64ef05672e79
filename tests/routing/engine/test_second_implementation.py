"""Two implementations that share no code make the same decision on every random situation."""

import ast
import random
from pathlib import Path

import pytest

from app.routing.engine.decide import decide
from app.routing.policy.types import Fact
from app.routing.record.decision import RoutingDecision
from tests.routing.engine import second_implementation
from tests.routing.engine.second_implementation import Asked, Outcome, Second, raw_policy
from tests.routing.given import SETTINGS, every_policy, facts

MOST_UNKNOWN = 6
NAMES = sorted(every_policy())


def second(name: str) -> Second:
    text = (SETTINGS / "other-settings.toml").read_text(encoding="utf-8") if name == "other-settings" else None
    return Second(raw_policy(name, text))


def a_situation(chance: random.Random, other: Second) -> dict[str, Fact]:
    """A quiet referral with a few facts changed or a great many, and up to six of them not known."""
    situation = facts()
    types = other.raw["fact"]
    for name in chance.sample(sorted(types), chance.choice((3, 8, 20, len(types)))):
        tried = other.tried[name]
        situation[name] = chance.choice(tried)
    may_be_unknown = sorted(name for name, fact in types.items() if fact["silence"] != "ours")
    situation |= dict.fromkeys(chance.sample(may_be_unknown, chance.randint(0, MOST_UNKNOWN)))
    return situation


def asked(ours: RoutingDecision) -> dict[str, Asked]:
    """The enquiries of the decision, by post. The first item counts where it must be the judgement of the risk."""
    return {
        each.role: Asked(
            {item.fact: (frozenset(item.decides), (item.due.unit, item.due.amount)) for item in each.items},
            "judged_high" if each.items and each.items[0].fact == "judged_high" else "",
            (each.clock.unit, each.clock.amount),
            each.reviews,
        )
        for each in ours.enquiries
    }


def differences(ours: RoutingDecision, theirs: Outcome) -> dict[str, tuple[object, object]]:
    """Everything in which the two differ."""
    pairs: dict[str, tuple[object, object]] = {
        "outcomes": (dict(ours.outcomes), theirs.outcomes),
        "rules": ([each.rule for each in ours.findings], theirs.fired),
        "victim": ([lead.row for lead in ours.victim_candidates], theirs.victims),
        "perpetrator": ([lead.row for lead in ours.perpetrator_candidates], theirs.perpetrators),
        "held by": (ours.held_by, theirs.held_by),
        "supports": ({each.rule for each in ours.supports}, theirs.supports),
        "duties": ({each.id for each in ours.duties}, theirs.duties),
        "dangers": ({each.id for each in ours.duties if each.life_safety}, theirs.dangers),
        "warnings": ({each.id for each in ours.warnings}, theirs.warnings),
        "open": ({each.outcome: set(each.decided_by) for each in ours.open}, theirs.open),
        "enquiries": (asked(ours), theirs.enquiries),
        "not looked up": (set(ours.not_looked_up), theirs.not_looked_up),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def differing_situations(seed: int, times: int) -> list[tuple[str, dict[str, Fact], object]]:
    """Every situation of so many random ones, over every policy in turn, on which the two differ."""
    chance = random.Random(seed)  # noqa: S311 - situations, not secrets
    policies, others = every_policy(), {name: second(name) for name in NAMES}
    found: list[tuple[str, dict[str, Fact], object]] = []
    for number in range(times):
        name = NAMES[number % len(NAMES)]
        situation = a_situation(chance, others[name])
        wrong = differences(decide(policies[name], situation), others[name].decide(situation))
        if wrong:
            found.append((name, situation, wrong))
    return found


def test_second_implementation_decides_two_thousand_situations_alike() -> None:
    assert differing_situations(20261124, 2_000) == []


@pytest.mark.proof
def test_second_implementation_decides_a_hundred_thousand_situations_alike() -> None:
    found = differing_situations(1, 100_000)

    print(f"second implementation: {len(found)} differences on 100,000 random situations")
    assert found == []


def test_second_implementation_shares_no_code_with_the_engine() -> None:
    tree = ast.parse(Path(str(second_implementation.__file__)).read_text(encoding="utf-8"))

    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    assert [name for name in imported if name.startswith("app")] == []


def test_comparison_would_show_a_difference_in_any_part_of_the_decision() -> None:
    other = second("national-baseline")
    quiet, high = (
        facts(section_42=None),
        facts(judged_high=True, victims_in_window=3, cross_area=True, mappa_level=None, grade="MEDIUM"),
    )

    shown = differences(decide(every_policy()["national-baseline"], high), other.decide(quiet))

    assert shown.keys() == {
        "outcomes", "rules", "victim", "perpetrator", "supports", "duties", "dangers", "warnings", "open", "enquiries",
        "not looked up",
    }  # fmt: skip
