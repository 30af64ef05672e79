"""A decision is stored as facts and ids, and its policy prints the whole record again."""

import json
from dataclasses import replace

import pytest

from app.routing.engine.decide import decide
from app.routing.policy.types import Policy
from app.routing.record.codec import fingerprint, to_dict
from app.routing.record.decision import RoutingDecision
from app.routing.record.short_form import StoredDecision, stored_form
from app.routing.stored.printing import PrintedDecision, Printing, print_again
from app.routing.stored.rebuilding import rebuilt
from tests.routing.given import baseline, every_policy, examples_of, facts


def stored(decision: RoutingDecision) -> StoredDecision:
    """The decision as it comes back from the database."""
    form = stored_form(decision)
    return replace(form, short=json.loads(json.dumps(form.short)))


def made_by_an_earlier_engine(decision: RoutingDecision) -> RoutingDecision:
    named = replace(decision, engine_version="0", sha256="")
    return replace(named, sha256=fingerprint(to_dict(named)))


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_every_golden_decision_of_a_policy_is_printed_whole_from_what_is_stored(name: str) -> None:
    policy = every_policy()[name]
    made = [decide(policy, example.given) for example in examples_of(name)]

    assert [print_again(policy, stored(each)) for each in made] == [
        PrintedDecision(each, Printing.AS_MADE) for each in made
    ]


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_ids_alone_print_the_same_without_deciding_again(name: str) -> None:
    """So a later engine, which may decide otherwise, still shows what was decided."""
    policy = every_policy()[name]
    made = [decide(policy, example.given) for example in examples_of(name)]

    assert [rebuilt(policy, stored(each), by_a_later_engine(policy, each)) for each in made] == made


def by_a_later_engine(policy: Policy, was: RoutingDecision) -> RoutingDecision:
    """A decision that asks the same and says everything else otherwise."""
    otherwise = decide(policy, facts())
    return replace(otherwise, enquiries=was.enquiries, not_looked_up=was.not_looked_up)


def test_no_sentence_of_the_policy_is_stored() -> None:
    policy = baseline()

    kept = [json.dumps(stored(decide(policy, example.given)).short) for example in examples_of("national-baseline")]

    assert not [sentence for sentence in _sentences(policy) if any(sentence in each for each in kept)]


def _sentences(policy: Policy) -> set[str]:
    parts = (*policy.rules, *policy.victim_rows, *policy.perpetrator_rows, *policy.supports, *policy.warnings)
    said = {part.says.split("{")[0] for part in (*parts, *policy.duties)} | {duty.do for duty in policy.duties}
    return {sentence for sentence in said if " " in sentence.strip()}


def test_decision_of_an_earlier_engine_that_decides_the_same_is_printed_as_it_was_made() -> None:
    made = made_by_an_earlier_engine(decide(baseline(), facts(ticks=14)))

    assert print_again(baseline(), stored(made)) == PrintedDecision(made, Printing.AS_MADE)


def test_decision_that_this_engine_makes_otherwise_is_printed_by_its_ids_and_the_reader_is_told() -> None:
    made = decide(baseline(), facts(ticks=14))
    with_less = made_by_an_earlier_engine(replace(made, warnings=(), near_misses=()))

    printed = print_again(baseline(), replace(stored(with_less), sha256="0" * 64))

    assert printed.printing is Printing.BY_IDS
    assert printed.decision == replace(with_less, sha256="0" * 64)


def test_row_that_was_changed_is_printed_and_the_reader_is_told() -> None:
    kept = stored(decide(baseline(), facts(judged_high=True)))
    changed = {**kept.short, "findings": {**kept.short["findings"], "marac": ["MARAC-01"]}}

    printed = print_again(baseline(), replace(kept, short=changed))

    assert printed.printing is Printing.ALTERED


def test_row_that_names_a_part_the_policy_never_had_is_still_shown_as_altered() -> None:
    kept = stored(decide(baseline(), facts(judged_high=True)))

    printed = print_again(baseline(), replace(kept, short={**kept.short, "warnings": ["NO-SUCH-WARNING"]}))

    assert printed.printing is Printing.ALTERED
    assert "NO-SUCH-WARNING" not in {warning.id for warning in printed.decision.warnings}
