"""The engine decides on the dates of the review, with what was known on each day.

Where the review contradicts itself these dates are taken: 4-5 August for the grade and the referral.
Source: domestic homicide review "Jean", 14.1-14.3; the people here are made up.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.routing.engine.decide import decide
from app.routing.facts.moving.ages import born_in
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.disclosure import Disclosure
from app.routing.facts.snapshot.history import MaracHistory, MaracProcess, OwnershipClaim, Refusal
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Escalation, Licence, Mappa, Panels, Perpetrator, Rosh
from app.routing.facts.snapshot.victim import Victim
from app.routing.policy.types import Policy
from app.routing.policy.vocabulary import (
    AssessmentTool,
    ConsentState,
    EscalationKind,
    LicenceKind,
    MaracStage,
    OrderKind,
    PanelStatus,
    ReferralRoute,
    RoshLevel,
    SentenceKind,
)
from app.routing.record.decision import RoutingDecision
from app.vocabulary import DeclineCode, Forum, Grade
from tests.routing.given import baseline, facts_at, shipped

NOWHERE = PanelStatus.NOT_KNOWN_TO_PANEL
PERPETRATOR = Perpetrator(
    "perpetrator-1",
    birth=born_in(1974),
    home_area="Middlesbrough",
    convictions=tuple(
        Conviction(offence, date(2014, 3, 1), SentenceKind.CUSTODY, 72, suspended=False)
        for offence in ("robbery", "arson", "bladed_article")
    ),
    notification_requirement=False,
    hospital_order=False,
    terrorism_risk=False,
    licences=(Licence(LicenceKind.LICENCE, date(2017, 8, 24), date(2020, 8, 24), "NPS"),),
    mappa=Mappa(2, 1, "NPS", "Cleveland", date(2018, 5, 28), date(2018, 11, 28)),
    rosh=Rosh(RoshLevel.HIGH, RoshLevel.LOW, RoshLevel.LOW, RoshLevel.MEDIUM, date(2018, 5, 28)),
    panels=Panels(NOWHERE, NOWHERE, NOWHERE, NOWHERE),
    escalations=(Escalation(EscalationKind.POLICE_INTELLIGENCE, date(2018, 6, 21)),),
    custody_periods=((date(2014, 3, 1), date(2017, 8, 24)),),
    in_custody=False,
    new_relationship=True,
    missed_supervision=True,
    address_approved=False,
)
VICTIM = Victim("victim-5", birth=born_in(1968), home_area="Middlesbrough", under_supervision=True)


def an_incident(day: str, force: str = "Cleveland", victim: str = "victim-5") -> IncidentFacts:
    at = datetime.fromisoformat(f"{day}T20:00:00+00:00")
    return IncidentFacts(at, at, force, victim, "perpetrator-1", criminal=True)


HISTORY = (
    an_incident("2018-02-03", "Durham", "victim-4"),
    an_incident("2018-07-07"),
    an_incident("2018-07-09"),
    an_incident("2018-07-22"),
    an_incident("2018-07-31"),
    an_incident("2018-08-24"),
)


def the_case(at: datetime, **changed: object) -> CaseSnapshot:
    """What was known at that instant; the assessment of 22 July had nine ticks and no gaps."""
    case = CaseSnapshot(
        VICTIM,
        PERPETRATOR,
        Assessment(AssessmentTool.DASH27, 9, 0, Grade.MEDIUM, judged_high=False, seen=True, seen_alone=False),
        ReferralRoute.POLICE_DASH,
        ConsentState.GIVEN,
        incidents=tuple(i for i in HISTORY if i.reported_at <= at),
        orders=(
            Order(OrderKind.RESTRAINING_ORDER, "victim-2"),
            Order(OrderKind.NON_MOLESTATION_ORDER, "victim-3"),
        ),
        children=(),
        marac_history=MaracHistory(),
        disclosure=Disclosure(applied_on=date(2018, 7, 9)),
        working_days_to_hearing=18,
        dapp_in_area=False,
    )
    return replace(case, **changed)


def decided(policy: Policy, at: datetime, **changed: object) -> RoutingDecision:
    return decide(policy, facts_at(the_case(at, **changed), at, policy))


ON_7_JULY = datetime(2018, 7, 7, 22, tzinfo=UTC)
ON_22_JULY = datetime(2018, 7, 22, 22, tzinfo=UTC)
ON_5_AUGUST = datetime(2018, 8, 5, 10, tzinfo=UTC)
ON_24_AUGUST = datetime(2018, 8, 24, 22, tzinfo=UTC)
RAISED = {"assessment": Assessment(AssessmentTool.DASH27, 9, 0, Grade.MEDIUM, Grade.HIGH, judged_high=True)}


def test_the_first_report_makes_a_serial_perpetrator_at_level_1_with_escalation() -> None:
    decision = decided(baseline(), ON_7_JULY)

    assert decision.outcomes["matac"] == "yes"
    assert decision.outcomes["mappa"] == "l1_escalating"
    assert {"D16.form", "D17.review", "D18", "D23", "D24.perpetrator", "D24.victim", "D33"} <= {
        duty.id for duty in decision.duties
    }


def test_the_third_event_in_fifteen_days_meets_marac_on_22_july() -> None:
    decision = decided(baseline(), ON_22_JULY)

    because = {finding.rule: finding.because for finding in decision.findings}
    assert decision.open == ()
    assert decision.victim.forum is Forum.MARAC
    assert because["MARAC-04"] == "at least 3 incidents in 12 months; 3 show escalation"


def test_the_third_event_did_not_meet_cleveland_s_own_rules_of_2018() -> None:
    decision = decided(shipped("cleveland-2018"), ON_22_JULY)

    assert decision.open == ()
    assert decision.outcomes["marac"] == "no"
    assert decision.victim.forum is Forum.REFERRING_AGENCY
    assert [enquiry.reviews for enquiry in decision.enquiries] == [True]


@pytest.mark.parametrize("name", ["national-baseline", "cleveland-2018"])
def test_on_5_august_both_policies_land_on_row_22_and_ask_for_level_2(name: str) -> None:
    decision = decided(shipped(name), ON_5_AUGUST, **RAISED)

    assert decision.primacy_rows == (22,)
    assert decision.victim.forum is Forum.MARAC
    assert (decision.perpetrator.forum, decision.perpetrator.holder) == (
        Forum.MAPPA_L2,
        Forum.MAPPA_L1_LEAD_AGENCY,
    )
    assert decision.held_by is Forum.HUB


def test_on_5_august_matac_is_asked_to_co_ordinate_and_every_duty_of_the_row_is_owed_now() -> None:
    decision = decided(baseline(), ON_5_AUGUST, **RAISED)

    owed = {duty.id for duty in decision.duties}
    assert Forum.MATAC in {support.forum for support in decision.supports}
    assert {
        "D02",
        "D03",
        "D07",
        "D14",
        "D16.senior",
        "D16.form",
        "D17.review",
        "D18",
        "D19",
        "D20",
        "D21",
    } <= owed


def test_the_record_that_called_a_known_adult_safe_is_contradicted() -> None:
    decision = decided(baseline(), ON_5_AUGUST, **RAISED)

    assert "WARN-04" in {warning.id for warning in decision.warnings}


def test_eighteen_working_days_to_the_hearing_make_the_chair_decide() -> None:
    decision = decided(baseline(), ON_5_AUGUST, **RAISED)

    (d07,) = (duty for duty in decision.duties if duty.id == "D07")
    assert d07.because == (
        "the chair decides when a case is a repeat, when the hearing is more than 10 working days away, and when no "
        "hearing is known"
    )


def test_a_new_event_before_the_hearing_joins_the_listed_case_and_is_no_repeat_of_it() -> None:
    waits = MaracProcess(datetime(2018, 8, 6, 9, tzinfo=UTC))
    referred = {"marac_history": MaracHistory(date(2018, 8, 6), processes=(waits,)), "marac_stage": MaracStage.LISTED}

    decision = decided(baseline(), ON_24_AUGUST, **RAISED, **referred)

    owed = {duty.id for duty in decision.duties}
    assert "D07" in owed
    assert not owed & {"D03", "D43"}
    assert "MARAC-06" not in {finding.rule for finding in decision.findings}


def test_a_new_event_after_the_hearing_is_a_repeat_and_re_opens_the_question() -> None:
    heard = {"marac_history": MaracHistory(date(2018, 8, 6), date(2018, 8, 20)), "marac_stage": MaracStage.LISTED}

    decision = decided(baseline(), ON_24_AUGUST, **RAISED, **heard)

    assert {"D43", "D07"} <= {duty.id for duty in decision.duties}
    assert "MARAC-06" in {finding.rule for finding in decision.findings}


def test_matac_s_refusal_because_marac_has_him_is_a_claim_that_fails() -> None:
    at = datetime(2018, 9, 3, 10, tzinfo=UTC)
    refusal = {
        "refusals": (Refusal(Forum.MATAC, at, DeclineCode.MANAGED_ELSEWHERE),),
        "claims": (OwnershipClaim(Forum.MARAC, "MATAC co-ordinator"),),
        "marac_stage": MaracStage.HEARD,
    }

    decision = decided(baseline(), at, **RAISED, **refusal)

    owed = {duty.id for duty in decision.duties}
    assert {"D15.notify", "D15.propose", "D16.form", "D41", "E03"} <= owed
    assert "WARN-05" in {warning.id for warning in decision.warnings}
    assert decision.perpetrator.forum is Forum.MAPPA_L2
    assert decision.held_by is Forum.HUB
    asked = [lead.forum for lead in decision.perpetrator_candidates]
    assert asked == [Forum.MAPPA_L2, Forum.MAPPA_L1_LEAD_AGENCY, Forum.HUB]


def test_an_assault_by_an_earlier_abuser_is_another_case_with_the_same_victim() -> None:
    other = replace(an_incident("2018-07-30"), perpetrator_ref="perpetrator-9")

    decision = decided(baseline(), ON_5_AUGUST, **RAISED, incidents=(*HISTORY[:4], other))

    assert "WARN-08" in {warning.id for warning in decision.warnings}


def test_an_unanswered_assessment_would_have_left_the_route_open_and_not_low() -> None:
    unanswered = {"assessment": Assessment(AssessmentTool.DASH27, 0, 27, Grade.MEDIUM, judged_high=False)}

    decision = decided(shipped("cleveland-2018"), ON_7_JULY, **unanswered)

    assert decision.outcomes["marac"] == "open"
    assert decision.victim.forum is Forum.REFERRING_AGENCY
    (hub,) = decision.enquiries
    assert hub.items[0].fact == "ticks"
    assert "WARN-02" in {warning.id for warning in decision.warnings}
