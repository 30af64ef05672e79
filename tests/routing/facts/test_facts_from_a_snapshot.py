"""Facts from a snapshot: every fact is stated, and what is not known is never a no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.routing.facts.derived import derive
from app.routing.facts.moving.ages import born_by_age
from app.routing.facts.orders import occupation_order_breached, order_protects_another
from app.routing.facts.protection.affected import AgeCheck, child_affected, child_at_school, child_taught_at_home
from app.routing.facts.risk import current_grade, red_flags, settled_ticks
from app.routing.facts.safety import another_perpetrator, antisocial_behaviour, cross_area, roles_reversed, section_42
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.history import OwnershipClaim, Refusal
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Licence, Mappa, Perpetrator
from app.routing.facts.supervision import supervised_without_recall
from app.routing.policy.fact_validation import checked_facts
from app.routing.policy.parameters import Parameters
from app.routing.policy.vocabulary import (
    AssessmentTool,
    IncidentOutcome,
    LicenceKind,
    OrderKind,
    PanelStatus,
    ReferralRoute,
)
from app.vocabulary import DeclineCode, Forum, Grade
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, every_policy, facts_at, parameters

TODAY = date(2018, 8, 5)
AGES = AgeCheck(TODAY, Parameters(parameters(baseline())))


def derived(case: CaseSnapshot) -> dict:
    return facts_at(case)


def test_every_fact_of_every_policy_is_derived_and_no_other() -> None:
    for policy in every_policy().values():
        facts = facts_at(a_snapshot(), policy=policy)

        assert facts.keys() == policy.facts.keys()


def test_a_couple_of_whom_nothing_is_known_gives_unknowns_and_no_refusals() -> None:
    facts = derived(a_snapshot())

    recorded = {name for name, fact in baseline().facts.items() if fact.recorded}
    least_numbers = {"incidents_in_window", "incidents_for_hub", "victims_in_window", "escalation_evidence"}
    no_marac_on_record = {"repeat", "licence_ends_soon", "antisocial_behaviour"}
    asked_for_after_an_answer = {"order_breached"}
    known = {name for name, value in facts.items() if value is not None}
    law_of_the_day = {"protective_order_regime"}
    not_needed = least_numbers | no_marac_on_record | asked_for_after_an_answer | law_of_the_day
    assert known - not_needed == recorded
    assert checked_facts(facts, baseline().facts) == facts


def test_the_hub_raises_a_grade_and_never_lowers_it() -> None:
    assert current_grade(Assessment(officer_grade=Grade.MEDIUM, hub_grade=Grade.HIGH)) is Grade.HIGH
    assert current_grade(Assessment(officer_grade=Grade.HIGH, hub_grade=Grade.MEDIUM)) is Grade.HIGH
    assert current_grade(Assessment(officer_grade=Grade.STANDARD)) is Grade.STANDARD
    assert current_grade(Assessment()) is None


@pytest.mark.parametrize(
    ("ticks", "unanswered", "completed", "known"),
    [
        (14, None, None, 14),
        (9, 0, None, 9),
        (9, 4, None, 9),
        (9, 5, None, None),
        (9, None, None, None),
        (9, None, True, 9),
        (0, 24, None, None),
        (None, None, True, None),
    ],
)
def test_unanswered_questions_leave_ticks_open_where_they_could_reach_the_threshold(
    ticks: int | None, unanswered: int | None, completed: bool | None, known: int | None
) -> None:
    assessment = Assessment(ticks=ticks, unanswered=unanswered, completed=completed)

    assert settled_ticks(assessment, 14) == known


def test_one_red_flag_is_enough_and_silence_about_the_others_is_not_a_no() -> None:
    assert red_flags(Assessment(strangulation=True), Parameters(parameters(baseline()))) == (1, False)
    assert derived(a_snapshot(assessment=Assessment(strangulation=True)))["red_flag"] is True
    assert derived(a_snapshot(assessment=Assessment(strangulation=False)))["red_flag"] is None


def test_a_dash27_is_measured_against_its_own_threshold() -> None:
    values = {**parameters(baseline()), "dash27_ticks": 20}
    case = a_snapshot(assessment=Assessment(AssessmentTool.DASH27, ticks=15, unanswered=5))

    assert derive(case, AN_INSTANT, values)["ticks"] is None
    assert derive(case, AN_INSTANT, parameters(baseline()))["ticks"] == 15


def test_a_refusal_is_a_fact_from_the_moment_it_was_made() -> None:
    later = Refusal(Forum.MATAC, AN_INSTANT + timedelta(hours=1), DeclineCode.MANAGED_ELSEWHERE)
    before = replace(later, declined_at=AN_INSTANT)

    assert derived(a_snapshot(refusals=(later,)))["declined_matac"] is False
    facts = derived(a_snapshot(refusals=(before,)))
    assert (facts["declined_matac"], facts["refusals"]) == (True, 1)


@pytest.mark.parametrize(
    ("confirmed_at", "expires_on", "proved"),
    [
        (None, None, False),
        (AN_INSTANT, None, True),
        (AN_INSTANT + timedelta(hours=1), None, False),
        (AN_INSTANT, date(2018, 8, 5), True),
        (AN_INSTANT, date(2018, 8, 4), False),
    ],
)
def test_managed_elsewhere_counts_only_while_the_other_process_confirms_it(
    confirmed_at: datetime | None, expires_on: date | None, proved: bool
) -> None:
    claim = OwnershipClaim(Forum.IOM, "MATAC co-ordinator", None, confirmed_at, expires_on)
    facts = derived(a_snapshot(claims=(claim,)))

    assert (facts["owned_by_iom"], facts["unproved_claim"]) == (proved, not proved)


def test_an_accepted_owner_of_ours_needs_no_second_confirmation() -> None:
    claim = OwnershipClaim(Forum.MAPPA_L1_LEAD_AGENCY, "MATAC co-ordinator")
    case = a_snapshot(claims=(claim,), current_owner=Forum.MAPPA_L1_LEAD_AGENCY)

    facts = derived(case)

    assert (facts["owned_by_lead_agency"], facts["unproved_claim"]) == (True, False)


def test_a_referred_panel_case_is_not_an_accepted_one() -> None:
    perpetrator = a_snapshot().perpetrator
    panels = replace(perpetrator.panels, iom=PanelStatus.REFERRED, matac=PanelStatus.ACCEPTED)
    facts = derived(a_snapshot(perpetrator={"panels": panels}))

    assert (facts["iom_registered"], facts["matac_case_open"], facts["dapp_case_open"]) == (False, True, None)


def test_a_transfer_is_known_from_the_route_and_no_route_is_unknown() -> None:
    assert derived(a_snapshot(route=ReferralRoute.TRANSFER))["transferred_in"] is True
    assert derived(a_snapshot(route=ReferralRoute.POLICE_DASH))["transferred_in"] is False
    assert derived(a_snapshot())["transferred_in"] is None


@pytest.mark.parametrize(
    ("limbs", "holds"),
    [((True, True, True), True), ((True, True, None), None), ((None, None, False), False)],
)
def test_section_42_needs_all_three_limbs_and_fails_on_one(limbs: tuple, holds: bool | None) -> None:
    victim = dict(zip(("care_needs", "at_risk_of_abuse", "unable_to_protect_self"), limbs, strict=True))

    assert section_42(a_snapshot(victim=victim)) is holds


def test_a_child_the_perpetrator_sees_is_affected_wherever_it_lives() -> None:
    child = Child("c", born_by_age(8, TODAY), in_household=False)

    assert child_affected(replace(child, perpetrator_access=True), AGES) is True
    assert child_affected(child, AGES) is None
    assert child_affected(replace(child, perpetrator_access=False), AGES) is False


@pytest.mark.parametrize(
    ("age", "affected", "told"),
    [
        (0, True, False),
        (3, True, False),
        (4, True, True),
        (17, True, True),
        (18, False, False),
        (19, False, False),
        (None, True, None),
    ],
)
def test_schools_are_told_of_children_of_school_age_and_nobody_of_somebody_of_18(
    age: int | None, affected: bool, told: bool | None
) -> None:
    child = Child("c", None if age is None else born_by_age(age, TODAY), in_household=True)

    assert (child_affected(child, AGES), child_at_school(child, AGES)) == (affected, told)


def test_no_children_is_known_and_children_nobody_asked_about_are_not() -> None:
    assert derived(a_snapshot(children=()))["child_affected"] is False
    assert derived(a_snapshot())["child_affected"] is None


def test_roles_and_people_are_read_from_each_incident() -> None:
    reversed_roles = an_incident(date(2018, 7, 1), victim_ref="perpetrator-1", perpetrator_ref="victim-1")
    another = an_incident(date(2018, 7, 1), perpetrator_ref="perpetrator-9")

    assert roles_reversed(a_snapshot(incidents=(reversed_roles,))) is True
    assert roles_reversed(a_snapshot(incidents=(another,))) is False
    assert another_perpetrator(a_snapshot(incidents=(another,)), AN_INSTANT) is True
    assert another_perpetrator(a_snapshot(incidents=()), AN_INSTANT) is False


def test_antisocial_behaviour_is_seen_in_the_route_or_in_an_incident() -> None:
    linked = an_incident(date(2018, 6, 27), asb_linked=True)

    assert antisocial_behaviour(a_snapshot(route=ReferralRoute.ASB_SCREEN), AN_INSTANT) is True
    assert antisocial_behaviour(a_snapshot(incidents=(linked,)), AN_INSTANT) is True
    assert antisocial_behaviour(a_snapshot(incidents=()), AN_INSTANT) is False


def test_areas_differ_only_when_both_are_known() -> None:
    both = a_snapshot(victim={"home_area": "Middlesbrough"}, perpetrator={"home_area": "Durham"})

    assert cross_area(both, TODAY) is True
    assert cross_area(a_snapshot(victim={"home_area": "Middlesbrough"}), TODAY) is None


@pytest.mark.parametrize(
    "lives",
    [{"licences": (Licence(LicenceKind.LICENCE, area="Durham"),)}, {"mappa": Mappa(area="Durham")}],
)
def test_a_perpetrator_lives_where_they_are_supervised_or_managed(lives: dict[str, object]) -> None:
    case = a_snapshot(victim={"home_area": "Middlesbrough"}, perpetrator=lives)

    assert cross_area(case, TODAY) is True


def test_an_order_that_runs_and_protects_somebody_else_is_seen() -> None:
    other = Order(OrderKind.RESTRAINING_ORDER, "victim-9", ends_on=TODAY)

    assert order_protects_another(a_snapshot(orders=(other,)), TODAY) is True
    assert order_protects_another(a_snapshot(orders=(other,)), TODAY + timedelta(days=1)) is False
    assert order_protects_another(a_snapshot(orders=(replace(other, protected_ref=None),)), TODAY) is False


def test_a_breach_of_an_occupation_order_alone_is_told_from_other_breaches() -> None:
    occupation = Order(OrderKind.OCCUPATION_ORDER, breached=True)
    other = Order(OrderKind.NON_MOLESTATION_ORDER, breached=True)

    assert occupation_order_breached(a_snapshot(orders=(occupation,)), TODAY) is True
    assert occupation_order_breached(a_snapshot(orders=(occupation, other)), TODAY) is False
    assert occupation_order_breached(a_snapshot(orders=(replace(occupation, breached=False),)), TODAY) is False


def test_supervision_without_a_licence_allows_no_recall() -> None:
    order, licence = Licence(LicenceKind.COMMUNITY_ORDER), Licence(LicenceKind.LICENCE)

    assert supervised_without_recall(Perpetrator(licences=(order,)), TODAY) is True
    assert supervised_without_recall(Perpetrator(licences=(order, licence)), TODAY) is False
    assert supervised_without_recall(Perpetrator(licences=()), TODAY) is False


def test_a_child_taught_at_home_has_no_school_to_be_told() -> None:
    child = Child("child-1", born_by_age(8, TODAY), in_household=True)
    at_home = replace(child, home_educated=True)

    assert child_at_school(child, AGES) is True
    assert child_at_school(at_home, AGES) is False
    assert child_taught_at_home(at_home, AGES) is True
    assert child_taught_at_home(replace(at_home, birth=born_by_age(19, TODAY)), AGES) is False


def test_a_parameter_of_the_wrong_kind_is_an_error_and_not_a_default() -> None:
    with pytest.raises(TypeError, match="must be a whole number"):
        Parameters({"escalation_months": True}).number("escalation_months")
    with pytest.raises(TypeError, match="must be true or false"):
        Parameters({"escalation_counts": 1}).flag("escalation_counts")
    with pytest.raises(TypeError, match="must be a word"):
        Parameters({"repeat_anchor": 1}).word("repeat_anchor")


def test_derivation_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="must carry its zone"):
        derive(a_snapshot(), AN_INSTANT.replace(tzinfo=None), parameters(baseline()))


def test_the_same_instant_in_another_zone_gives_the_same_facts() -> None:
    london = datetime(2018, 8, 5, 12, tzinfo=UTC).astimezone()
    case = a_snapshot(incidents=(an_incident(date(2018, 7, 7)),))

    assert facts_at(case, london) == derived(case)


@pytest.mark.parametrize(
    ("orders", "breached"),
    [
        (None, False),
        ((), False),
        ((Order(OrderKind.NON_MOLESTATION_ORDER),), False),
        ((Order(OrderKind.NON_MOLESTATION_ORDER), Order(OrderKind.RESTRAINING_ORDER, breached=True)), True),
    ],
)
def test_breach_of_any_order_is_a_breach(orders: tuple[Order, ...] | None, breached: bool | None) -> None:
    assert derived(a_snapshot(orders=orders))["order_breached"] is breached


@pytest.mark.parametrize(
    ("stated", "outcome", "outstanding"),
    [
        (None, None, None),
        (None, IncidentOutcome.ARRESTED, False),
        (None, IncidentOutcome.CHARGED, False),
        (None, IncidentOutcome.OPEN, None),
        (True, IncidentOutcome.ARRESTED, True),
    ],
)
def test_suspect_is_outstanding_as_stated_or_as_the_outcome_of_the_incident_says(
    stated: bool | None, outcome: IncidentOutcome | None, outstanding: bool | None
) -> None:
    incident = an_incident(date(2018, 7, 7), outcome=outcome)
    case = a_snapshot(perpetrator={"suspect_outstanding": stated}, incidents=(incident,))

    assert derived(case)["suspect_outstanding"] is outstanding


def test_clock_of_marac_and_the_questions_it_left_are_records_of_our_own() -> None:
    before, after = derived(a_snapshot()), derived(a_snapshot(marac_clock_ended=True, unanswered_questions=10))

    assert (before["marac_unanswered"], before["unanswered_questions"]) == (False, 0)
    assert (after["marac_unanswered"], after["unanswered_questions"]) == (True, 10)


@pytest.mark.parametrize(("asb", "reported"), [(None, True), (False, True), (True, False)])
def test_antisocial_behaviour_alone_is_no_report_of_abuse(asb: bool | None, reported: bool) -> None:
    case = a_snapshot(incidents=(an_incident(date(2018, 7, 7), asb_linked=asb),))

    assert derived(case)["abuse_reported"] is reported
    assert derived(a_snapshot())["abuse_reported"] is False


@pytest.mark.parametrize(("harmed", "reported"), [("victim-1", True), (None, True), ("victim-2", False)])
def test_abuse_of_another_victim_is_no_report_of_abuse_of_this_one(harmed: str | None, reported: bool) -> None:
    case = a_snapshot(incidents=(an_incident(date(2018, 7, 7), victim_ref=harmed),))

    assert derived(case)["abuse_reported"] is reported


def test_no_meeting_known_counts_as_too_long_a_wait() -> None:
    assert derived(a_snapshot())["days_to_hearing"] == 99
    assert derived(a_snapshot(working_days_to_hearing=6))["days_to_hearing"] == 6
