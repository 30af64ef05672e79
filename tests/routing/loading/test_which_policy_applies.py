"""Exactly one version of a policy decides at an instant; anything else is an error."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.routing.loading.catalogue import SHIPPED, NoPolicyError, policy_at, shipped_policies
from tests.routing.given import shipped

FIRST = datetime(2018, 1, 1, tzinfo=UTC)


def test_every_shipped_policy_is_proved_and_has_its_own_name() -> None:
    policies = shipped_policies()

    assert tuple(policy.id for policy in policies) == SHIPPED
    assert len({policy.sha256 for policy in policies}) == len(SHIPPED)


def test_the_version_that_began_last_applies() -> None:
    old = shipped("cleveland-2018")
    new = replace(old, version="3.0.0", in_force=datetime(2019, 1, 1, tzinfo=UTC))

    assert policy_at([new, old], "cleveland-2018", datetime(2018, 12, 31, 23, 59, tzinfo=UTC)).version == "2.0.0"
    assert policy_at([new, old], "cleveland-2018", datetime(2019, 1, 1, tzinfo=UTC)).version == "3.0.0"


def test_a_referral_before_the_first_version_is_an_error() -> None:
    with pytest.raises(NoPolicyError, match="the first applies from 2018-01-01"):
        policy_at([shipped("cleveland-2018")], "cleveland-2018", datetime(2017, 12, 31, tzinfo=UTC))


def test_a_partnership_without_a_policy_is_an_error() -> None:
    with pytest.raises(NoPolicyError, match="no policy is called 'anytown'"):
        policy_at([shipped("cleveland-2018")], "anytown", FIRST)


def test_two_versions_from_the_same_instant_are_an_error() -> None:
    one = shipped("cleveland-2018")

    with pytest.raises(NoPolicyError, match="two policies"):
        policy_at([one, replace(one, version="1.0.1")], "cleveland-2018", FIRST)


def test_both_the_baseline_and_cleveland_can_replay_2018() -> None:
    policies = shipped_policies()
    august = datetime(2018, 8, 5, tzinfo=UTC)

    assert policy_at(policies, "national-baseline", august).version == "2.0.0"
    assert policy_at(policies, "cleveland-2018", august).version == "2.0.0"
