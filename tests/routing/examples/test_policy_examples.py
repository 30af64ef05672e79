"""Every example that ships beside a policy is one test, with the name of the example."""

import pytest

from app.routing.engine.decide import decide
from app.routing.examples.example_files import examples_of as files_of_examples
from app.routing.examples.policy_examples import PolicyExample, run_examples, unmet_expectations
from app.routing.loading.catalogue import SHIPPED
from tests.routing.given import every_policy, examples_of

NAMES = (*SHIPPED, "other-settings")
ALL = [
    (name, example) for name in NAMES for example in (files_of_examples(name) if name in SHIPPED else examples_of(name))
]


@pytest.mark.parametrize(("name", "example"), ALL, ids=[example.name for _, example in ALL])
def test_the_example_comes_out_as_the_field_says(name: str, example: PolicyExample) -> None:
    decision = decide(every_policy()[name], example.given)

    assert list(unmet_expectations(decision, example.expect)) == []


def test_every_rule_row_support_duty_and_warning_is_named_by_an_example() -> None:
    policies = every_policy()

    named = {
        word
        for name in NAMES
        for example in (files_of_examples(name) if name in SHIPPED else examples_of(name))
        for key, wanted in example.expect.items()
        if not key.endswith("_exclude")
        for word in _words(wanted)
    }

    parts = policies["national-baseline"]
    duties = [duty for duty in parts.duties if not duty.screens]  # the hub's reviews are named by their clock
    wanted = {
        part.id
        for kind in (parts.rules, parts.victim_rows, parts.perpetrator_rows, parts.supports, duties)
        for part in kind
    } | {warning.id for warning in parts.warnings}
    assert wanted - named - _supports_named_by_forum() == set()


def _words(wanted: object) -> set[str]:
    if isinstance(wanted, dict):
        return set(wanted)
    return set(wanted) if isinstance(wanted, list) else {str(wanted)}


def _supports_named_by_forum() -> set[str]:
    """Supports that the examples name by the forum or role that helps, which no other support does."""
    return {"SUPPORT-04", "SUPPORT-05", "SUPPORT-09", "SUPPORT-10", "SUPPORT-11"}


def test_an_example_that_comes_out_otherwise_is_reported_with_what_differs() -> None:
    given = examples_of("national-baseline")[0].given
    wrong = PolicyExample("wrong on purpose", given, {"rows": [24], "rules": ["X"]}, "")

    report = run_examples(every_policy()["national-baseline"], [wrong])

    assert report.failed == (("wrong on purpose", ("rows: expected [24], got [1]", "rules: expected ['X'], got []")),)


def test_every_source_of_a_rule_is_cited_by_a_finding_of_some_example() -> None:
    policies = every_policy()

    cited = {
        finding.source.id
        for name in NAMES
        for example in examples_of(name)
        for finding in decide(policies[name], example.given).findings
    }

    assert {rule.source for rule in policies["national-baseline"].rules} == cited


def test_every_source_of_the_baseline_is_cited_by_it_or_by_a_policy_laid_over_it() -> None:
    policy = every_policy()["national-baseline"]
    parts = (
        policy.rules,
        policy.victim_rows,
        policy.perpetrator_rows,
        policy.supports,
        policy.duties,
        policy.warnings,
        policy.parameters.values(),
        policy.law,
    )

    departures = {each.source for laid in every_policy().values() for each in laid.departures}

    cited = {each.source for part in parts for each in part}

    assert cited <= set(policy.sources) <= cited | departures


def test_every_review_of_the_hub_is_named_by_an_example_with_its_clock_and_its_reason() -> None:
    policy = every_policy()["national-baseline"]
    because = {example.expect.get("hub_because") for example in files_of_examples("national-baseline")}

    for duty in (each for each in policy.duties if each.screens):
        words = duty.says.replace("{incidents_for_hub}", "3").replace("{hub_review_months}", "3")
        assert words in because, duty.id
