"""A mistake anywhere in the policy is noticed: refused at load, or by an example, or by a promise."""

from dataclasses import replace

import pytest

from app.routing.examples.policy_examples import run_examples
from app.routing.loading.catalogue import BASELINE
from app.routing.policy.types import Condition
from tests.routing.examples.part_promises import broken_promises, ids_of_promised_parts, promises_of, read_promises
from tests.routing.given import baseline
from tests.routing.mutation.equivalence import says_the_same
from tests.routing.mutation.mutants import mutants
from tests.routing.mutation.mutation import Fate, MutationReport, Suite, mutate
from tests.routing.mutation.suites import suites

NAMES = [suite.policy.id for suite in suites()]
EVERY = 40


def told(report: MutationReport) -> str:
    counts = ", ".join(f"{report.count(fate)} {fate}" for fate in Fate)
    return f"policy mutants: {len(report.verdicts)} made: {counts}; {len(report.survivors)} survive outside cover"


@pytest.mark.parametrize("name", NAMES)
def test_every_example_and_promise_of_a_policy_holds(name: str) -> None:
    suite = next(each for each in suites() if each.policy.id == name)

    report = run_examples(suite.policy, suite.examples)

    assert report.failed == ()
    assert [lapse for promise in suite.promises for lapse in broken_promises(suite.policy, promise)] == []


def test_every_part_that_somebody_answers_for_is_promised() -> None:
    assert {promise.of for promise in promises_of(BASELINE)} == set(ids_of_promised_parts(baseline()))


def test_one_mutant_in_forty_is_noticed_in_the_short_run() -> None:
    some = list(mutants(baseline()))[::EVERY]

    report = mutate(suites(), some)

    assert len(report.verdicts) >= 60
    assert report.survivors == ()


@pytest.mark.proof
def test_every_mutant_outside_marked_cover_is_noticed() -> None:
    report = mutate(suites())

    print(told(report))
    assert report.survivors == ()


def test_mutant_that_nothing_notices_is_reported_as_alive() -> None:
    marac_01 = [each for each in mutants(baseline()) if each.part == "MARAC-01" and each.mistake == "ticks: 14 is 15"]

    report = mutate([Suite(baseline(), ())], marac_01)

    assert [(each.part, each.mistake) for each in report.survivors] == [("MARAC-01", "ticks: 14 is 15")]


def test_mutant_in_a_part_marked_as_cover_is_counted_and_not_blamed() -> None:
    covered = replace(baseline(), rules=tuple(replace(rule, cover=True) for rule in baseline().rules))
    some = [each for each in mutants(covered) if each.part == "MARAC-01"]

    report = mutate([Suite(covered, ())], some)

    assert report.count(Fate.ALIVE) > 0
    assert report.survivors == ()


def test_condition_that_another_already_implies_is_the_same_policy_in_other_words() -> None:
    d14 = next(duty for duty in baseline().duties if duty.id == "D14")
    (group,) = d14.when_any
    with_matac = ((*group, Condition("matac", "==", ("yes",))),)
    without_path = (tuple(condition for condition in group if condition.left != "matac_path"),)

    assert says_the_same(baseline(), d14.when_any, with_matac)
    assert not says_the_same(baseline(), d14.when_any, without_path)


def test_promise_that_is_not_kept_names_what_was_promised_and_what_is() -> None:
    (promise,) = read_promises('[[promise]]\nof = "D02"\nowner = "IDVA"\ndue = "the same day"')

    lapses = list(broken_promises(baseline(), promise))

    assert "D02.owner: promised IDVA, is ATTENDING_SUPERVISOR" in lapses
    assert "D02.life_safety: promised nothing, is True" in lapses
    assert not any("due" in lapse for lapse in lapses)


def test_part_that_is_promised_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'D02' is promised twice"):
        read_promises('[[promise]]\nof = "D02"', '[[promise]]\nof = "D02"')
