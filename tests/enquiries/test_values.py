"""The facts that questions treat in their own way are facts that are asked for, by the names of the policy."""

import pytest

from app.enquiries.schemas import AnswerIn
from app.enquiries.values import FOUND_IN_RECORDS, checked_value
from app.enquiries.vocabulary import HUB_REVIEW, AnswerKind
from app.foundation.errors import Invalid
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


def test_nought_is_no_level_and_the_refusal_says_how_to_answer() -> None:
    level = every_policy()["national-baseline"].facts["mappa_level"]
    answer = AnswerIn(fact="mappa_level", kind=AnswerKind.VALUE, value="0")

    with pytest.raises(Invalid) as refused:
        checked_value(answer, level, "/answers/0")

    (fault,) = refused.value.faults
    assert fault.pointer == "/answers/0/value"
    assert "`not_managed`" in fault.detail
    assert "CANNOT_FIND_OUT" in fault.detail
