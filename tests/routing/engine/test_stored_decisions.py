"""A stored decision reads back whole, and its fingerprint covers every byte of it."""

import json
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from app.routing.engine.decide import ENGINE_VERSION, decide
from app.routing.examples.policy_examples import PolicyExample
from app.routing.record.codec import canonical_json, fingerprint, from_dict, to_dict
from tests.routing.given import baseline, examples_of, facts


@pytest.mark.parametrize("example", examples_of("national-baseline"), ids=lambda example: example.name)
def test_a_decision_read_back_from_json_is_the_same_decision(example: PolicyExample) -> None:
    decision = decide(baseline(), example.given)

    stored = json.loads(canonical_json(to_dict(decision)))

    assert from_dict(stored) == decision
    assert canonical_json(to_dict(from_dict(stored))) == canonical_json(stored)


def test_a_decision_read_back_has_words_of_the_vocabulary_and_not_mere_texts() -> None:
    decision = decide(baseline(), facts(ticks=14))

    assert repr(from_dict(to_dict(decision))) == repr(decision)


def test_a_word_outside_the_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="COURT"):
        from_dict({**to_dict(decide(baseline(), facts(ticks=14))), "held_by": "COURT"})


def test_a_decision_names_the_policy_the_engine_and_the_facts_it_was_made_with() -> None:
    known = facts(ticks=14)

    decision = decide(baseline(), known)

    assert (decision.policy_id, decision.policy_version) == ("national-baseline", "2.0.0")
    assert decision.policy_sha256 == baseline().sha256
    assert decision.engine_version == ENGINE_VERSION
    assert decision.facts_sha256 == fingerprint(known)
    assert decision.sha256 == fingerprint(to_dict(replace(decision, sha256="")))


def test_the_same_facts_replayed_give_the_same_fingerprint() -> None:
    first, again = decide(baseline(), facts(ticks=14)), decide(baseline(), facts(ticks=14))

    assert first.sha256 == again.sha256


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["because", "policy_sha256", "held_by"]))
def test_any_change_to_a_decision_changes_its_fingerprint(part: str) -> None:
    decision = decide(baseline(), facts(ticks=14))

    changed = {
        "because": replace(decision, victim=replace(decision.victim, because="otherwise")),
        "policy_sha256": replace(decision, policy_sha256="0" * 64),
        "held_by": replace(decision, held_by=decision.victim.forum),
    }[part]

    assert fingerprint(to_dict(changed)) != fingerprint(to_dict(decision))


def test_plain_data_is_only_texts_numbers_lists_and_tables() -> None:
    plain = to_dict(decide(baseline(), facts(ticks=None)))

    def kinds(value: object) -> set[type]:
        if isinstance(value, dict):
            return {type(key) for key in value}.union(*(kinds(each) for each in value.values()))
        if isinstance(value, list):
            return set().union(*(kinds(each) for each in value))
        return {type(value)}

    assert kinds(plain) <= {str, int, bool, type(None)}


def test_each_source_is_written_once_and_named_where_it_is_cited() -> None:
    plain = to_dict(decide(baseline(), facts(ticks=14)))

    assert plain["findings"][0]["source"] == "SL-CRITERIA"
    assert plain["sources"]["SL-CRITERIA"]["title"] == "SafeLives MARAC referral criteria, definitions"


def test_something_that_is_no_decision_is_refused() -> None:
    with pytest.raises(KeyError):
        from_dict({"sources": {}, "policy_id": "x"})
