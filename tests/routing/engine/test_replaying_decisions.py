"""A stored decision can be made again years later, to the byte; a changed record is detected."""

import json
from dataclasses import replace

import pytest

from app.routing.engine.decide import decide
from app.routing.engine.replay import Different, Same, UnknownPolicyError, replay
from app.routing.policy.types import Fact, Policy
from app.routing.record.short_form import StoredDecision, stored_form
from tests.routing.given import baseline, every_policy, examples_of, facts

POLICIES = tuple(every_policy().values())


def stored_under(policy: Policy, **known: Fact) -> StoredDecision:
    return as_stored(policy, facts(**known))


def as_stored(policy: Policy, known: dict[str, Fact]) -> StoredDecision:
    """The decision as it comes back from the database."""
    stored = stored_form(decide(policy, known))
    return replace(stored, short=json.loads(json.dumps(stored.short)))


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_every_golden_decision_of_a_policy_comes_out_again_to_the_byte(name: str) -> None:
    policy = every_policy()[name]
    stored = [as_stored(policy, dict(example.given)) for example in examples_of(name)]

    replayed = [replay(each, POLICIES) for each in stored]

    assert replayed == [Same(each.sha256) for each in stored]


def test_record_whose_facts_were_changed_is_different_where_they_mattered() -> None:
    stored = stored_under(baseline(), judged_high=True)
    changed = {**stored.short, "facts": {**stored.short["facts"], "judged_high": False}}

    found = replay(replace(stored, short=changed), POLICIES)

    assert isinstance(found, Different)
    fields = {path: (was, now) for path, was, now in found.fields}
    assert fields["outcomes.marac"] == ("yes", "no")
    assert fields["victim.forum"] == ("MARAC", "REFERRING_AGENCY")
    assert fields["findings.marac"] == (["MARAC-03"], None)
    assert "sha256" in fields


def test_record_with_one_id_rewritten_names_that_very_place() -> None:
    stored = stored_under(baseline(), judged_high=True)
    findings = {**stored.short["findings"], "marac": ["MARAC-01"]}

    found = replay(replace(stored, short={**stored.short, "findings": findings}), POLICIES)

    assert found == Different((("findings.marac[0]", "MARAC-01", "MARAC-03"),))


def test_record_with_another_fingerprint_is_different_there() -> None:
    stored = stored_under(baseline(), judged_high=True)

    found = replay(replace(stored, sha256="0" * 64), POLICIES)

    assert found == Different((("sha256", "0" * 64, stored.sha256),))


def test_decision_of_a_policy_that_is_not_at_hand_is_not_replayed_by_another() -> None:
    stored = stored_under(every_policy()["northumbria"])

    with pytest.raises(UnknownPolicyError, match=stored.policy_sha256):
        replay(stored, [baseline()])
