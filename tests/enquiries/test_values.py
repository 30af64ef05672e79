"""The facts that questions treat in their own way are facts that are asked for, by the names of the policy."""

import pytest

from app.enquiries.values import FOUND_IN_RECORDS
from app.enquiries.vocabulary import HUB_REVIEW
from app.intake.questions import OF_A_REPORT
from app.routing.policy.types import Silence
from tests.routing.given import every_policy


@pytest.mark.parametrize("name", sorted(every_policy()))
@pytest.mark.parametrize("listed", [FOUND_IN_RECORDS, OF_A_REPORT - {HUB_REVIEW}])
def test_each_fact_of_a_list_is_one_that_somebody_is_asked_for(listed: frozenset[str], name: str) -> None:
    policy = every_policy()[name]

    asked = {fact.name for fact in policy.facts.values() if fact.find_out is not None}

    assert listed - asked == set()
    assert {fact for fact in listed if policy.facts[fact].silence is Silence.OURS} == set()
