"""The limits of age in law, tried one after another: who leads, and which duties turn on an age.

A row reads: an age, who is asked to lead, and whether each duty of the heading is owed.
"""

from datetime import timedelta

import pytest

from app.routing.engine.decide import decide
from app.routing.facts.moving.ages import born_by_age, born_in
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.births import Birth
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.perpetrator import Mappa
from app.routing.policy.vocabulary import AssessmentTool
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Grade
from tests.routing.given import AN_INSTANT, a_snapshot, baseline, facts_at

TODAY = AN_INSTANT.date()
SOCIAL_CARE, YOUTH_JUSTICE = "CHILDRENS_SOCIAL_CARE", "YOUTH_JUSTICE"
HIGH = Assessment(
    tool=AssessmentTool.DASH24, ticks=16, unanswered=0, completed=True, officer_grade=Grade.HIGH, seen_alone=True
)
OF_THE_VICTIM = ("D25.victim", "D25.victim_school", "D26", "D31")
OF_THE_PERPETRATOR = ("D31", "D36")
OF_A_CHILD = ("D25.social_care", "D25.school")
NO, OWED = False, True


def decided(
    victim: Birth | None = None, perpetrator: Birth | None = None, child: Birth | None = None
) -> RoutingDecision:
    """The decision on a HIGH report of two people without MAPPA, the suspect not arrested yet."""
    limbs = {"care_needs": True, "at_risk_of_abuse": True, "unable_to_protect_self": True}
    case = a_snapshot(
        {"birth": victim or born_in(1984), **limbs},
        {
            "birth": perpetrator or born_in(1980),
            "mappa": Mappa(not_managed=True),
            "suspect_outstanding": True,
            "arrested_without_charge": True,
        },
        assessment=HIGH,
        children=(Child("C-1", child, in_household=True),) if child else (),
    )
    return decide(baseline(), facts_at(case))


def owed(decision: RoutingDecision, duties: tuple[str, ...]) -> tuple[bool, ...]:
    there = {duty.id for duty in decision.duties}
    return tuple(duty in there for duty in duties)


def asked(decision: RoutingDecision) -> set[str]:
    return {item.fact for enquiry in decision.enquiries for item in enquiry.items}


@pytest.mark.parametrize(
    ("age", "leads", "duties"),
    [
        # age, leads on the victim's safety, (social care, own school, section 42, notice)
        (0, SOCIAL_CARE, (OWED, NO, NO, OWED)),
        (3, SOCIAL_CARE, (OWED, NO, NO, OWED)),
        (4, SOCIAL_CARE, (OWED, OWED, NO, OWED)),
        (9, SOCIAL_CARE, (OWED, OWED, NO, OWED)),
        (10, SOCIAL_CARE, (OWED, OWED, NO, OWED)),
        (15, SOCIAL_CARE, (OWED, OWED, NO, OWED)),
        (16, "MARAC", (OWED, OWED, NO, OWED)),
        (17, "MARAC", (OWED, OWED, NO, OWED)),
        (18, "MARAC", (NO, NO, OWED, OWED)),
    ],
)
def test_age_of_the_victim(age: int, leads: str, duties: tuple[bool, ...]) -> None:
    decision = decided(victim=born_by_age(age, TODAY))

    assert (decision.victim.forum, owed(decision, OF_THE_VICTIM)) == (leads, duties)


@pytest.mark.parametrize(
    ("age", "leads", "duties"),
    [
        # age, leads on the perpetrator, (notice, arrest plan)
        (0, SOCIAL_CARE, (NO, NO)),
        (3, SOCIAL_CARE, (NO, NO)),
        (4, SOCIAL_CARE, (NO, NO)),
        (9, SOCIAL_CARE, (NO, NO)),
        (10, YOUTH_JUSTICE, (NO, OWED)),
        (15, YOUTH_JUSTICE, (NO, OWED)),
        (16, YOUTH_JUSTICE, (NO, OWED)),
        (17, YOUTH_JUSTICE, (NO, OWED)),
        (18, "HUB", (OWED, OWED)),
    ],
)
def test_age_of_the_perpetrator(age: int, leads: str, duties: tuple[bool, ...]) -> None:
    decision = decided(perpetrator=born_by_age(age, TODAY))

    assert (decision.perpetrator.forum, owed(decision, OF_THE_PERPETRATOR)) == (leads, duties)


@pytest.mark.parametrize(
    ("age", "duties"),
    [
        # age, (social care, school)
        (0, (OWED, NO)),
        (3, (OWED, NO)),
        (4, (OWED, OWED)),
        (9, (OWED, OWED)),
        (10, (OWED, OWED)),
        (15, (OWED, OWED)),
        (16, (OWED, OWED)),
        (17, (OWED, OWED)),
        (18, (NO, NO)),
    ],
)
def test_age_of_a_child_in_the_household(age: int, duties: tuple[bool, ...]) -> None:
    assert owed(decided(child=born_by_age(age, TODAY)), OF_A_CHILD) == duties


A_MONTH_AGO = TODAY - timedelta(days=30)


@pytest.mark.parametrize(
    ("told", "leads", "duties"),
    [
        # 15 a month ago: 15 or 16 now. Social care leads, MARAC is not excluded, and a notice is considered.
        (15, SOCIAL_CARE, (OWED, OWED, NO, OWED)),
        # 17 a month ago: 17 or 18 now. Protected as a child, and considered as an adult.
        (17, "MARAC", (OWED, OWED, OWED, OWED)),
    ],
)
def test_victim_at_a_limit_has_the_protection_of_the_younger_age_and_is_asked_about(
    told: int, leads: str, duties: tuple[bool, ...]
) -> None:
    decision = decided(victim=born_by_age(told, A_MONTH_AGO))

    assert (decision.victim.forum, owed(decision, OF_THE_VICTIM)) == (leads, duties)
    assert decision.outcomes["marac"] == "yes"
    assert "victim_age" in asked(decision)


@pytest.mark.parametrize(
    ("told", "leads", "duties"),
    # An inspector considers the notice of somebody who may be 18: the victim's protection does not wait for the answer.
    [(9, SOCIAL_CARE, (NO, OWED)), (17, YOUTH_JUSTICE, (OWED, OWED))],
)
def test_perpetrator_at_a_limit_is_led_as_the_younger_one_and_asked_about(
    told: int, leads: str, duties: tuple[bool, ...]
) -> None:
    decision = decided(perpetrator=born_by_age(told, A_MONTH_AGO))

    assert (decision.perpetrator.forum, owed(decision, OF_THE_PERPETRATOR)) == (leads, duties)
    assert "perpetrator_age" in asked(decision)


def test_child_who_may_be_seventeen_is_told_of_and_one_who_may_be_four_is_asked_about() -> None:
    assert owed(decided(child=born_by_age(17, A_MONTH_AGO)), OF_A_CHILD) == (OWED, OWED)

    small = decided(child=born_by_age(3, A_MONTH_AGO))
    assert owed(small, OF_A_CHILD) == (OWED, NO)
    assert "child_at_school" in asked(small)
