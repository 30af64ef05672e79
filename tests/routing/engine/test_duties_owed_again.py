"""A duty that is owed again after its report is shown so in the policy, its handbook and the difference of policies."""

from app.routing.comparison.compare import compare
from app.routing.handbook.handbook import handbook, to_markdown
from app.routing.loading.catalogue import BASELINE, policy_file
from app.routing.loading.loader import load_policy
from app.routing.policy.types import DueRule, DueUnit, DutyTemplate
from tests.routing.given import altered, baseline, local


def duty(name: str) -> DutyTemplate:
    return next(one for one in baseline().duties if one.id == name)


def test_high_risk_is_seen_again_seven_days_after_each_contact() -> None:
    assert duty("D19").repeats_every == DueRule(DueUnit.DAYS, 7, "report")
    assert [one.id for one in baseline().duties if one.repeats_every] == ["D19"]


def test_joint_visit_that_was_not_made_is_booked_again_by_a_parameter_an_area_may_move() -> None:
    two_days = (
        'joint_visit_again_working_days = { value = 2, reason = "the IDVA works part of the week", source = "DESIGN" }'
    )

    moved = load_policy(local(f"[param]\n{two_days}\n"), policy_file(BASELINE))

    assert duty("D30").again_within == DueRule(DueUnit.WORKING_DAYS, 1, "report")
    (visit,) = (one for one in moved.duties if one.id == "D30")
    assert visit.again_within == DueRule(DueUnit.WORKING_DAYS, 2, "report")


def test_handbook_says_when_a_duty_is_owed_again_after_its_report() -> None:
    lines = to_markdown(handbook(baseline())).splitlines()

    (weekly,) = (line for line in lines if line.startswith("| D19 "))
    (visit,) = (line for line in lines if line.startswith("| D30 "))
    assert "within 7 days; owed again 7 days after report" in weekly
    assert "if not done, owed again 1 working day after report, and the chair is told" in visit


def test_policy_that_stops_repeating_a_duty_is_shown_as_different_and_how() -> None:
    once = load_policy(altered(('repeats_every = "7 days"\n', "")))

    (part,) = compare(baseline(), once).parts

    (field,) = part.fields
    assert (part.id, field.name, field.was, field.now) == (
        "D19",
        "repeats_every",
        "7 days after report",
        "nothing",
    )
