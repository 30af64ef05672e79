"""A local policy over the baseline: what it may change, what it may not, and what it must state."""

import pytest

from app.routing.engine.decide import decide
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import PolicyFile, load_policy
from app.routing.policy.faults import PolicyErrors
from app.routing.policy.types import Departure
from tests.routing.given import facts, local, shipped

LOWER = '[param]\ndash24_ticks = { value = 12, reason = "board minute 7.2", source = "SL-CRITERIA" }\n'
NEW_RULE = """
[[rule]]
id = "ANYTOWN-01"
then = "marac"
when = ["red_flag == true", "new_relationship == true"]
says = "a red flag is present in a new relationship"
source = "DESIGN"
reason = "the board's own review"
"""


def laid_over(body: str):
    return load_policy(local(body), policy_file(BASELINE))


def refused(body: str) -> str:
    with pytest.raises(PolicyErrors) as errors:
        laid_over(body)
    return str(errors.value)


def test_a_board_may_lower_a_threshold_with_a_reason() -> None:
    policy = laid_over(LOWER)

    decision = decide(policy, facts(ticks=12))

    assert decision.outcomes["marac"] == "yes"
    assert decision.findings[0].because == "the 24-question DASH has 12 ticks; the threshold is 12"
    assert policy.departures == (Departure("param", "dash24_ticks", "14", "12", "board minute 7.2", "SL-CRITERIA"),)


def test_a_board_may_add_a_rule_of_its_own() -> None:
    policy = laid_over(NEW_RULE)

    decision = decide(policy, facts(red_flag=True, new_relationship=True))

    assert [finding.rule for finding in decision.findings] == ["ANYTOWN-01"]
    assert policy.departures[0] == Departure("rule", "ANYTOWN-01", "", "added", "the board's own review", "DESIGN")


def test_a_board_may_drop_a_rule_that_is_not_locked() -> None:
    policy = laid_over('[[drop]]\nid = "MARAC-08"\nreason = "no panel here"\nsource = "DESIGN"\n')

    assert decide(policy, facts(dvds_panel_referral=True)).outcomes["marac"] == "no"
    assert policy.departures == (Departure("rule", "MARAC-08", "base", "dropped", "no panel here", "DESIGN"),)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (LOWER.replace(', reason = "board minute 7.2"', ""), "departs from the base without a reason"),
        (LOWER.replace(', source = "SL-CRITERIA"', ""), "departs from the base without a source"),
        (LOWER.replace("SL-CRITERIA", "MINUTES"), "there is no source 'MINUTES'"),
        (LOWER.replace("12", "9"), "9 is outside its limits: a whole number from 10 to 17"),
        (LOWER.replace("dash24_ticks", "dash_ticks"), "parameter dash_ticks does not exist in the base"),
        (LOWER.replace("value = 12", "value = 12, max = 30"), "may not change `max`"),
        (
            '[param]\nexclusion_requires_owner_confirmation = { value = false, reason = "x", source = "DESIGN" }\n',
            "parameter exclusion_requires_owner_confirmation is locked",
        ),
        (
            '[[drop]]\nid = "MARAC-03"\nreason = "judgement is unreliable"\nsource = "DESIGN"\n',
            "MARAC-03 is locked: no board may change or drop it",
        ),
        (NEW_RULE.replace("ANYTOWN-01", "MARAC-03"), "MARAC-03 is locked"),
        (NEW_RULE.replace('reason = "the board\'s own review"\n', ""), "without a reason"),
        ('[[drop]]\nid = "MARAC-99"\nreason = "x"\nsource = "DESIGN"\n', "there is no MARAC-99 to drop"),
        ('[fact]\nticks = { type = "flag", label = "x" }\n', "an overlay may not change [fact]"),
        ('[outcome]\nmarac = { label = "x", unknown_as = "no" }\n', "an overlay may not change [outcome]"),
        (
            '[source]\nDESIGN = { title = "x", tag = "V" }\n',
            "source DESIGN is the base's and may not be rewritten",
        ),
        (
            '[[drop]]\nid = "PERP-16"\nreason = "x"\nsource = "DESIGN"\n',
            "no row of perpetrator_lead applies: somebody would have no owner",
        ),
    ],
)
def test_a_local_policy_that_oversteps_is_refused(body: str, message: str) -> None:
    assert message in refused(body)


def test_a_local_policy_without_its_base_is_refused() -> None:
    with pytest.raises(PolicyErrors, match="which was not given"):
        load_policy(local(LOWER))


def test_a_local_policy_laid_over_another_version_is_refused() -> None:
    file = local(LOWER, extends="national-baseline 0.9.0")

    with pytest.raises(PolicyErrors, match="extends 'national-baseline 0.9.0', not 'national-baseline 2.0.0'"):
        load_policy(file, policy_file(BASELINE))


def test_a_change_of_the_base_makes_another_policy_of_the_local_one() -> None:
    base = policy_file(BASELINE)
    moved = PolicyFile(base.name, base.text + "\n# a comment\n")

    first, second = load_policy(local(LOWER), base), load_policy(local(LOWER), moved)

    assert first.sha256 != second.sha256
    assert load_policy(base).sha256 != load_policy(moved).sha256


def test_cleveland_in_2018_lists_every_way_it_departs_with_its_source() -> None:
    departures = {d.id: (d.was, d.now) for d in shipped("cleveland-2018").departures}

    assert departures == {
        "escalation_counts": ("True", "False"),
        "repeat_anchor": ("LAST_REFERRAL", "LAST_HEARING"),
        "perp_panel_marac_relation": ("PARALLEL", "EXCLUDES"),
        "matac_excludes_l1": ("False", "True"),
        "matac_excludes_iom": ("False", "True"),
        "matac_excludes_dapp": ("False", "True"),
        "matac_serial_months": ("36", "24"),
        "dvds_total_days": ("28", "20"),
    }
    assert all(d.reason and d.source for d in shipped("cleveland-2018").departures)
