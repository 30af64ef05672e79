"""Referrals as hubs send them, answered by the real service on a fresh database, are told apart."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.policies.registry import policy_in_force
from app.routing.policy.parameters import parameter_values
from tests.given import Callers
from tests.journeys.portfolio.counted import NOBODY, OUTCOMES, Answered, pairs, table
from tests.journeys.portfolio.generated import Hub, first_reports

SOME, ALL = 60, 1000
BETWEEN_TWO = timedelta(minutes=7)


@pytest.mark.parametrize("number", [SOME, pytest.param(ALL, marks=pytest.mark.proof)])
def test_referrals_as_hubs_send_them_are_told_apart(
    number: int, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        policy = policy_in_force(session, "national-baseline", clock.now())
    answers = answered(callers, clock, number)
    print(f"\n{table(answers)}")

    no_pair_is_given_to_most(answers)
    standard_first_report_goes_to_marac_on_a_ground_only(answers)
    every_high_reaches_marac(answers, int(parameter_values(policy)["min_age_victim"]))
    nobody_is_asked_on_silence(answers)


def answered(callers: Callers, clock: SettableClock, number: int) -> list[Answered]:
    """Posts each referral some minutes after the one before it."""
    hub, sent, routed = Hub(), [], []
    for _ in range(number):
        clock.set(clock.now() + BETWEEN_TWO)
        sent.append(hub.referral(clock.now()))
        answer = callers.hub.post("/v1/referrals", sent[-1])
        assert answer.status_code == 201, answer.text
        routed.append(answer.json())
    return [Answered(*one) for one in zip(sent, first_reports(sent), routed, strict=True)]


def no_pair_is_given_to_most(answers: list[Answered]) -> None:
    counted = pairs(answers)

    assert max(count for pair, count in counted.items() if pair != NOBODY) <= 0.6 * len(answers)
    assert len(counted) >= 5


def standard_first_report_goes_to_marac_on_a_ground_only(answers: list[Answered]) -> None:
    for one in answers:
        if one.grade == "STANDARD" and one.first and "MARAC" in one.pair:
            assert one.grounds, one.sent


def every_high_reaches_marac(answers: list[Answered], min_age_victim: int) -> None:
    """A victim of unknown age is an adult until told otherwise."""
    high = [one for one in answers if one.grade == "HIGH"]
    old_enough = [one for one in high if one.sent["victim"].get("age", min_age_victim) >= min_age_victim]

    assert old_enough
    assert [one.sent for one in old_enough if one.pair[0] != "MARAC"] == []


def nobody_is_asked_on_silence(answers: list[Answered]) -> None:
    """L3: a forum is asked where a finding on what is known says so, and never because something is not known."""
    for one in answers:
        met = {finding["outcome"] for finding in one.decision["findings"]}
        for outcome in OUTCOMES:
            if one.decision["outcomes"][outcome] not in {"no", "none", "open"}:
                assert outcome in met, (outcome, one.sent)
