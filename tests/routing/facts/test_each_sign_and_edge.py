"""Each sign by itself, the last of several, and both sides of an edge: mistakes that one case alone does not show."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.routing.engine.decide import decide
from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.moving.ages import born_by_age
from app.routing.facts.perpetrator import l1_review_overdue
from app.routing.facts.reports.precaution import PRECAUTIONS, Stands, more_protective
from app.routing.facts.snapshot.assessment import Assessment
from app.routing.facts.snapshot.children import Child
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.perpetrator import Licence, Mappa, Perpetrator
from app.routing.facts.supervision import days_to_licence_end
from app.routing.policy.types import DueRule, Fact
from app.routing.policy.vocabulary import AssessmentTool, IncidentOutcome, LicenceKind
from app.vocabulary import Grade
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, facts_at, parameters

TODAY = AN_INSTANT.date()
RED_FLAGS = (
    "threats_to_kill",
    "strangulation",
    "weapon",
    "stalking",
    "coercive_control",
    "separation",
    "pregnancy",
    "isolation",
    "phone_taken",
    "perpetrator_answered_phone",
)
A_STANDARD_FORM = Assessment(
    tool=AssessmentTool.DASH24, ticks=3, unanswered=0, completed=True, officer_grade=Grade.STANDARD, seen_alone=True
)


def derived(**changed: object) -> dict[str, Fact]:
    return facts_at(a_snapshot(**changed))


def review_of(assessment: Assessment) -> DueRule | None:
    """The clock of the hub's review, or None: nobody reviews the report."""
    decision = decide(baseline(), derived(assessment=assessment, incidents=()))
    return next((enquiry.clock for enquiry in decision.enquiries if enquiry.reviews), None)


@pytest.mark.parametrize("sign", RED_FLAGS)
def test_each_red_flag_by_itself_has_a_standard_report_reviewed_within_twelve_hours(sign: str) -> None:
    flagged = replace(A_STANDARD_FORM, **{sign: True})

    assert review_of(A_STANDARD_FORM) is None
    review = review_of(flagged)
    assert review is not None
    assert (review.amount, review.unit.value) == (12, "hours")
    assert danger_signs(a_snapshot(assessment=flagged), AN_INSTANT, parameters(baseline()))


@pytest.mark.parametrize(
    ("outcomes", "outstanding"),
    [
        ((IncidentOutcome.NO_FURTHER_ACTION, IncidentOutcome.ARRESTED), False),
        ((IncidentOutcome.ARRESTED, IncidentOutcome.OPEN), None),
        ((IncidentOutcome.CHARGED, IncidentOutcome.NO_FURTHER_ACTION), None),
        ((IncidentOutcome.OPEN, IncidentOutcome.NO_FURTHER_ACTION, IncidentOutcome.CHARGED), False),
    ],
)
@pytest.mark.parametrize("told", [list, lambda incidents: list(reversed(incidents))])
def test_of_several_outcomes_the_newest_says_whether_the_suspect_is_outstanding(
    outcomes: tuple[IncidentOutcome, ...], outstanding: bool | None, told: Callable[..., list[IncidentFacts]]
) -> None:
    days = [date(2018, 5, 1) + timedelta(days=30 * place) for place in range(len(outcomes))]
    incidents = [an_incident(day, outcome=outcome) for day, outcome in zip(days, outcomes, strict=True)]

    assert derived(incidents=tuple(told(incidents)))["suspect_outstanding"] is outstanding


@pytest.mark.parametrize("ends", [(10, 90), (90, 10), (10, 90, 40)])
def test_of_several_licences_the_last_end_is_when_supervision_ends(ends: tuple[int, ...]) -> None:
    licences = tuple(Licence(LicenceKind.LICENCE, ends_on=TODAY + timedelta(days=left)) for left in ends)

    assert days_to_licence_end(Perpetrator("P", licences=licences), TODAY) == max(ends)
    assert derived(perpetrator={"licences": licences})["licence_ends_soon"] is False


NUMBERS_AND_DATES = {
    "mappa.level": Stands.MOST,
    "mappa.started_on": Stands.LEAST,
    "mappa.last_reviewed_on": Stands.LEAST,
    "mappa.next_review_on": Stands.LEAST,
    "panels.rfgv_score": Stands.MOST,
    "panels.rfgv_rank": Stands.LEAST,
    **dict.fromkeys((f"panels.{panel}_since" for panel in ("iom", "matac", "dapp")), Stands.MOST),
    "panels.pdp_since": Stands.LEAST,
    "release_on": Stands.LEAST,
    "rosh.assessed_on": Stands.LEAST,
}


@pytest.mark.parametrize(("fact", "stands"), NUMBERS_AND_DATES.items())
def test_of_two_numbers_or_dates_the_one_that_protects_more_stands(fact: str, stands: Stands) -> None:
    choose = max if stands is Stands.MOST else min

    assert more_protective(f"perpetrator.{fact}", (2, 1)) == more_protective(f"perpetrator.{fact}", (1, 2))
    assert more_protective(f"perpetrator.{fact}", (1, 2)) == choose(1, 2)


def test_no_number_or_date_of_the_perpetrator_is_left_out_of_that_list() -> None:
    ranked = {name for name, one in PRECAUTIONS.items() if one.stands in {Stands.MOST, Stands.LEAST}}

    assert {name for name in ranked if name.startswith("perpetrator.")} == {
        f"perpetrator.{name}" for name in NUMBERS_AND_DATES
    }


def test_the_older_review_is_the_one_that_makes_the_next_one_due() -> None:
    reviews = (date(2018, 1, 1), date(2018, 8, 1))
    stands = more_protective("perpetrator.mappa.last_reviewed_on", reviews)

    due = {
        day: l1_review_overdue(a_snapshot(perpetrator={"mappa": Mappa(level=1, last_reviewed_on=day)}), TODAY, 6)
        for day in reviews
    }

    assert due == {reviews[0]: True, reviews[1]: False}
    assert due[stands] is True


@pytest.mark.parametrize(
    ("household", "access", "named"),
    [
        (None, None, True),
        (False, None, True),
        (None, False, True),
        (True, None, True),
        (False, True, True),
        (False, False, False),
    ],
)
def test_a_child_is_named_unless_nobody_can_reach_it(household: bool | None, access: bool | None, named: bool) -> None:
    child = Child("C-1", born_by_age(7, TODAY), in_household=household, perpetrator_access=access)

    signs = danger_signs(a_snapshot(children=(child,)), AN_INSTANT, parameters(baseline()))

    assert ("children" in signs) is named
