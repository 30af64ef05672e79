"""A stored decision can be made again years later, to the byte; a changed record is detected."""

import json

import pytest

from app.routing.engine.decide import decide
from app.routing.engine.replay import Different, Same, UnknownPolicyError, is_untouched, replay
from app.routing.record.codec import canonical_json, to_dict
from tests.routing.given import every_policy, examples_of, facts

POLICIES = tuple(every_policy().values())
STORED = [
    (name, example.name, json.loads(canonical_json(to_dict(decide(policy, example.given)))))
    for name, policy in every_policy().items()
    for example in examples_of(name)
]


@pytest.mark.parametrize("name", sorted(every_policy()))
def test_every_golden_decision_of_a_policy_comes_out_again_to_the_byte(name: str) -> None:
    stored = [record for policy, _, record in STORED if policy == name]

    replayed = [replay(record, POLICIES) for record in stored]

    assert replayed == [Same(record["sha256"]) for record in stored]
    assert all(is_untouched(record) for record in stored)


def test_record_whose_facts_were_changed_is_different_where_they_mattered() -> None:
    record = to_dict(decide(every_policy()["national-baseline"], facts(judged_high=True)))
    record["facts"] = {**record["facts"], "judged_high": False}  # type: ignore[dict-item]

    found = replay(record, POLICIES)

    assert isinstance(found, Different)
    fields = {path: (was, now) for path, was, now in found.fields}
    assert fields["outcomes.marac"] == ("yes", "no")
    assert fields["victim.forum"] == ("MARAC", "REFERRING_AGENCY")
    assert "facts_sha256" in fields
    assert not is_untouched(record)


def test_record_with_one_word_rewritten_names_that_very_place() -> None:
    record = json.loads(canonical_json(to_dict(decide(every_policy()["national-baseline"], facts(judged_high=True)))))
    record["findings"][0]["because"] = "somebody thought so"

    found = replay(record, POLICIES)

    assert found == Different(
        (("findings[0].because", "somebody thought so", "a professional judges the risk to be high"),)
    )


def test_decision_of_a_policy_that_is_not_at_hand_is_not_replayed_by_another() -> None:
    record = to_dict(decide(every_policy()["northumbria"], facts()))

    with pytest.raises(UnknownPolicyError, match=str(record["policy_sha256"])):
        replay(record, [every_policy()["national-baseline"]])
