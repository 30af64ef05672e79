"""Facts of children, disclosure, orders, supervision and harm, and what silence about each means."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.routing.facts.derived import derive
from app.routing.facts.moving.ages import born_by_age
from app.routing.facts.protection.affected import (
    AgeCheck,
    child_affected,
    child_at_school,
    child_known_to_social_care,
    child_taught_at_home,
)
from app.routing.facts.protection.children import informed_since
from app.routing.facts.safety import suspect_outstanding
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.disclosure import Disclosure
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Licence, Panels
from app.routing.facts.supervision import on_hospital_conditions, supervised_without_recall
from app.routing.policy.parameters import Parameters
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import (
    ChildPlan,
    ChildSetting,
    ContactOrder,
    DisclosureOutcome,
    DisclosureRoute,
    IncidentOutcome,
    Injury,
    LicenceKind,
    NotArrestedReason,
    OrderKind,
    PanelStatus,
)
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, parameters

TODAY = date(2018, 8, 5)
AGES = AgeCheck(TODAY, Parameters(parameters(baseline())))
OF_EIGHT, OF_NINE = born_by_age(8, TODAY), born_by_age(9, TODAY)
ELSEWHERE = Child("c-1", OF_EIGHT, in_household=False, perpetrator_access=False)


def fact(name: str, **changed: object) -> Fact:
    return derive(a_snapshot(**changed), AN_INSTANT, parameters(baseline()))[name]


def person(**changed: object) -> object:
    return a_snapshot(perpetrator=changed).perpetrator


# ---------------------------------------------------------------- children


@pytest.mark.parametrize(
    ("known", "affected"),
    [
        ({"unborn_due_on": date(2018, 9, 1), "birth": None}, True),
        ({"present_at_incident": True}, True),
        ({"present_at_incident": False}, False),
        ({"contact_order": ContactOrder.SUPERVISED_CONTACT}, True),
        ({"contact_order": ContactOrder.INDIRECT_CONTACT}, False),
        ({"contact_order": ContactOrder.NO_CONTACT}, False),
        ({"contact_order": ContactOrder.NONE}, False),
    ],
)
def test_abuse_reaches_a_child_by_birth_by_presence_and_by_a_courts_order(known: dict, affected: bool) -> None:
    assert child_affected(replace(ELSEWHERE, **known), AGES) is affected


@pytest.mark.parametrize(
    ("kind", "at_school", "at_home"),
    [
        (ChildSetting.SCHOOL, True, None),
        (ChildSetting.COLLEGE, True, None),
        (ChildSetting.ALTERNATIVE_PROVISION, True, None),
        (ChildSetting.EARLY_YEARS, False, None),
        (ChildSetting.HOME, False, True),
        (ChildSetting.NONE, False, None),
        (None, None, None),
    ],
)
def test_setting_says_who_is_told_where_no_age_is_known(
    kind: ChildSetting | None, at_school: bool | None, at_home: bool | None
) -> None:
    child = Child("c-1", in_household=True, setting_kind=kind)

    assert (child_at_school(child, AGES), child_taught_at_home(child, AGES)) == (at_school, at_home)


def test_council_is_told_of_a_child_of_school_age_who_is_at_no_school() -> None:
    assert child_taught_at_home(Child("c-1", OF_EIGHT, in_household=True, setting_kind=ChildSetting.NONE), AGES) is True


def test_unborn_child_is_at_no_school() -> None:
    assert child_at_school(Child("c-1", unborn_due_on=date(2018, 9, 1)), AGES) is False


@pytest.mark.parametrize(
    ("plan", "known"),
    [
        (ChildPlan.CP, True),
        (ChildPlan.CIN, True),
        (ChildPlan.LOOKED_AFTER, True),
        (ChildPlan.EARLY_HELP, None),
        (ChildPlan.NONE, None),
        (None, None),
    ],
)
def test_plan_of_social_care_says_that_it_knows_the_child(plan: ChildPlan | None, known: bool | None) -> None:
    assert child_known_to_social_care(Child("c-1", in_household=True, plan=plan), AGES) is known


def test_setting_that_was_told_before_the_newest_report_is_told_again() -> None:
    report = an_incident(date(2018, 8, 3))
    child = Child("c-1", OF_EIGHT, in_household=True, encompass_told_at=report.reported_at)

    assert informed_since(child, [report], AN_INSTANT)
    assert not informed_since(child, [replace(report, reported_at=report.reported_at + timedelta(hours=1))], AN_INSTANT)
    assert not informed_since(replace(child, encompass_told_at=AN_INSTANT + timedelta(hours=1)), [report], AN_INSTANT)
    assert not informed_since(replace(child, encompass_told_at=None), [], AN_INSTANT)


def test_one_setting_that_was_not_told_is_enough() -> None:
    told = Child("c-1", OF_EIGHT, in_household=True, encompass_told_at=AN_INSTANT)
    other = Child("c-2", OF_NINE, in_household=True)

    assert fact("settings_informed", children=(told,)) is True
    assert fact("settings_informed", children=(told, other)) is False
    assert fact("settings_informed", children=()) is None


# ---------------------------------------------------------------- disclosure

STEPS = ("dvds_open", "dvds_disclosed", "dvds_unchecked", "dvds_not_met", "dvds_untold")
APPLIED = Disclosure(DisclosureRoute.RIGHT_TO_ASK, applied_on=date(2018, 7, 9))
DECIDED = replace(APPLIED, decided_on=date(2018, 7, 20))
NONE_OWED = (False, False, False, False, False)


@pytest.mark.parametrize(
    ("request_", "facts"),
    [
        (None, (None, None, None, None, None)),
        (Disclosure(), (False, False, False, False, False)),
        (APPLIED, (True, False, True, True, False)),
        (replace(APPLIED, route=None), (True, False, True, True, False)),
        (replace(APPLIED, route=DisclosureRoute.RIGHT_TO_KNOW), (True, False, True, False, False)),
        (replace(APPLIED, route=DisclosureRoute.MARAC_DIRECT), (True, False, False, False, False)),
        (replace(APPLIED, checked_on=date(2018, 7, 10)), (True, False, False, True, False)),
        (replace(APPLIED, met_on=date(2018, 7, 12)), (True, False, True, False, False)),
        (DECIDED, (True, False, False, False, False)),
        (replace(APPLIED, told_on=date(2018, 7, 21)), (False, True, False, False, False)),
        (replace(DECIDED, told_on=date(2018, 7, 21)), (False, True, False, False, False)),
        (replace(DECIDED, outcome=DisclosureOutcome.NOT_DISCLOSED, told_on=date(2018, 7, 21)), NONE_OWED),
        (replace(DECIDED, outcome=DisclosureOutcome.OUT_OF_SCOPE), NONE_OWED),
        (replace(DECIDED, outcome=DisclosureOutcome.NOT_DISCLOSED), (False, False, False, False, False)),
        (replace(DECIDED, outcome=DisclosureOutcome.DISCLOSED), (False, True, False, False, True)),
        (
            replace(DECIDED, outcome=DisclosureOutcome.DISCLOSED, told_on=date(2018, 7, 21)),
            (False, True, False, False, False),
        ),
        (replace(APPLIED, outcome=DisclosureOutcome.WITHDRAWN), (False, False, False, False, False)),
    ],
)
def test_steps_of_a_request_that_are_still_to_be_made(request_: Disclosure | None, facts: tuple) -> None:
    assert tuple(fact(name, disclosure=request_) for name in STEPS) == facts


def test_start_after_a_decision_is_a_request_of_its_own() -> None:
    """The older decision and the older steps are of the earlier request."""
    again = replace(
        DECIDED, outcome=DisclosureOutcome.DISCLOSED, checked_on=date(2018, 7, 10), applied_on=date(2018, 8, 1)
    )

    assert tuple(fact(name, disclosure=again) for name in STEPS) == (True, False, True, True, False)


def test_somebody_who_was_told_before_a_newer_start_was_told_of_the_earlier_request() -> None:
    again = Disclosure(told_on=date(2018, 7, 21), applied_on=date(2018, 8, 1))

    assert tuple(fact(name, disclosure=again) for name in STEPS) == (True, False, True, True, False)


def test_request_out_of_scope_stays_out_of_scope_until_a_newer_one_begins() -> None:
    outside = replace(DECIDED, outcome=DisclosureOutcome.OUT_OF_SCOPE)

    assert fact("dvds_out_of_scope", disclosure=outside) is True
    assert fact("dvds_out_of_scope", disclosure=outside, disputed=("/disclosure/outcome",)) is False
    assert fact("dvds_out_of_scope", disclosure=replace(outside, applied_on=date(2018, 8, 1))) is False
    assert fact("dvds_out_of_scope", disclosure=DECIDED) is False


# ---------------------------------------------------------------- orders and supervision


def test_order_on_where_a_child_lives_protects_nobody_and_its_breach_is_no_breach_of_protection() -> None:
    arranged = Order(OrderKind.CHILD_ARRANGEMENTS, "child-1", breached=True)

    assert fact("order_breached", orders=(arranged,)) is False
    assert fact("order_protects_another", orders=(arranged,)) is False
    assert fact("child_arrangements", orders=(arranged,)) is True
    assert fact("child_arrangements", orders=(replace(arranged, ends_on=TODAY - timedelta(days=1)),)) is False


def test_only_an_undertaking_is_without_a_power_of_arrest() -> None:
    undertaking = Order(OrderKind.UNDERTAKING, breached=True)
    order = Order(OrderKind.NON_MOLESTATION_ORDER, breached=True)

    assert fact("undertaking_breached", orders=(undertaking,)) is True
    assert fact("undertaking_breached", orders=(undertaking, order)) is False
    assert fact("undertaking_breached", orders=()) is False
    occupation = Order(OrderKind.OCCUPATION_ORDER, breached=True)
    for name in ("undertaking_breached", "occupation_order_breached"):
        assert fact(name, orders=(undertaking, occupation)) is True
        assert fact(name, orders=(undertaking, occupation, order)) is False
    assert fact("order_breached", orders=(undertaking,)) is True


@pytest.mark.parametrize(("days", "waits"), [(-1, False), (0, True), (7, True)])
def test_court_that_is_yet_to_hear_an_order_is_waited_for(days: int, waits: bool) -> None:
    order = Order(OrderKind.NON_MOL_INTERIM, court_date=TODAY + timedelta(days=days))

    assert fact("order_before_court", orders=(order,)) is waits


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (OrderKind.FORCED_MARRIAGE_PROTECTION_ORDER, "family_order"),
        (OrderKind.FGM_PROTECTION_ORDER, "family_order"),
        (OrderKind.SEXUAL_HARM_PREVENTION_ORDER, "sexual_harm_order"),
        (OrderKind.SEXUAL_RISK_ORDER, "sexual_harm_order"),
    ],
)
def test_order_of_its_kind_is_seen_while_it_runs(kind: OrderKind, name: str) -> None:
    assert fact(name, orders=(Order(kind),)) is True
    assert fact(name, orders=(Order(kind, ends_on=TODAY - timedelta(days=1)),)) is False
    assert fact(name) is None


@pytest.mark.parametrize(
    ("kind", "court", "hospital"),
    [
        (LicenceKind.LICENCE, False, False),
        (LicenceKind.COMMUNITY_ORDER, True, False),
        (LicenceKind.SUSPENDED_SENTENCE_ORDER, True, False),
        (LicenceKind.POST_SENTENCE_SUPERVISION, True, False),
        (LicenceKind.YOUTH_REHABILITATION_ORDER, True, False),
        (LicenceKind.HOSPITAL_CONDITIONS, False, True),
        (LicenceKind.OTHER, False, False),
    ],
)
def test_where_a_breach_goes_follows_from_the_kind(kind: LicenceKind, court: bool, hospital: bool) -> None:
    supervised = person(licences=(Licence(kind),))

    assert supervised_without_recall(supervised, TODAY) is court
    assert on_hospital_conditions(supervised, TODAY) is hospital


# ---------------------------------------------------------------- harm, scores, panels


def test_somebody_else_who_was_harmed_is_seen_and_a_child_of_the_case_is_not_another_victim() -> None:
    event = an_incident(TODAY - timedelta(days=2), also_harmed=("victim-2",))

    assert fact("others_harmed", incidents=(event,)) is True
    assert fact("others_harmed", incidents=(replace(event, also_harmed=("victim-1",)),)) is False
    assert fact("others_harmed", incidents=(event,), children=(Child("victim-2"),)) is False
    assert fact("victims_in_window", incidents=(event,)) == 2


def test_later_report_of_an_event_adds_who_was_harmed_and_the_worse_injury() -> None:
    first = an_incident(TODAY - timedelta(days=2), source_reference="C-1", injury=Injury.SERIOUS)
    later = replace(first, injury=Injury.MINOR, also_harmed=("victim-2",))

    assert fact("serious_injury", incidents=(first, later)) is True
    assert fact("victims_in_window", incidents=(first, later)) == 2


def test_injury_of_another_victim_is_not_of_this_case() -> None:
    event = an_incident(TODAY - timedelta(days=2), victim_ref="victim-2", injury=Injury.SERIOUS)

    assert fact("serious_injury", incidents=(event,)) is False


@pytest.mark.parametrize(
    ("reason", "outstanding"),
    [
        (NotArrestedReason.LEFT_BEFORE_POLICE, True),
        (NotArrestedReason.NO_GROUNDS, None),
        (NotArrestedReason.VICTIM_DID_NOT_SUPPORT, None),
    ],
)
def test_suspect_who_left_before_the_police_came_is_outstanding(
    reason: NotArrestedReason, outstanding: bool | None
) -> None:
    event = an_incident(TODAY - timedelta(days=2), outcome=IncidentOutcome.OPEN, not_arrested_reasons=(reason,))

    assert suspect_outstanding(a_snapshot(incidents=(event,)), AN_INSTANT) is outstanding


def test_score_without_a_date_is_seen_and_no_score_is_not_asked_for_one() -> None:
    scored = Panels(rfgv_score=61)

    assert fact("rfgv_undated", perpetrator={"panels": scored}) is True
    assert fact("rfgv_undated", perpetrator={"panels": Panels(rfgv_rank=3)}) is True
    assert fact("rfgv_undated", perpetrator={"panels": replace(scored, rfgv_scored_on=TODAY)}) is False
    assert fact("rfgv_undated") is None


@pytest.mark.parametrize(("days", "has"), [(-1, True), (0, True), (1, False)])
def test_panel_that_takes_the_case_from_a_later_day_does_not_have_it_yet(days: int, has: bool) -> None:
    panels = Panels(iom=PanelStatus.ACCEPTED, iom_since=TODAY + timedelta(days=days))

    assert fact("iom_registered", perpetrator={"panels": panels}) is has
