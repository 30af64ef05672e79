"""MAPPA categories 1 and 2 are never denied by silence: what statute says, and what is asked (Acts of 2003)."""

from dataclasses import replace
from datetime import date

import pytest

from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Perpetrator
from app.routing.facts.statute import automatic_mappa, listed_offence
from app.routing.policy.vocabulary import OrderKind, SentenceKind
from tests.routing.facts.test_protection_by_steps import fact

TODAY = date(2026, 3, 10)
HARM = Conviction("actual_bodily_harm", date(2026, 1, 10), sentence=SentenceKind.CUSTODY, sentence_months=18)
HOSPITAL = replace(HARM, sentence=SentenceKind.HOSPITAL_ORDER, sentence_months=None)
FINDING = replace(HOSPITAL, sentence=SentenceKind.HOSPITAL_ON_FINDING)
NOWHERE = {"in_custody": False, "hospital_order": False}
RAPE = Conviction("rape", date(2026, 1, 10), sentence=SentenceKind.COMMUNITY)
CAUTION = Conviction("sexual_assault_of_child_under_13", date(2026, 1, 10), caution=True)


def unsupervised(*convictions: Conviction, **told: object) -> bool | None:
    person = Perpetrator("P-1", convictions=convictions, **told)
    return automatic_mappa(person, TODAY, supervised=False)


def test_whoever_serves_the_sentence_in_custody_is_in_category_two_however_custody_was_told() -> None:
    assert unsupervised(HARM, custody_periods=((date(2026, 1, 10), None),)) is True
    assert unsupervised(HARM, in_custody=True) is True


@pytest.mark.parametrize("conviction", [HARM, HOSPITAL, FINDING])
def test_a_sentence_that_runs_is_asked_and_not_denied_where_nobody_says_how_it_runs(
    conviction: Conviction,
) -> None:
    assert unsupervised(conviction) is None
    assert unsupervised(conviction, in_custody=False) is None
    assert unsupervised(conviction, **NOWHERE) is None


def test_a_suspended_sentence_counts_without_supervision() -> None:
    assert unsupervised(replace(HARM, suspended=True), **NOWHERE) is True


def test_a_sentence_that_ended_or_cannot_qualify_is_no_and_not_asked() -> None:
    assert unsupervised(replace(HARM, sentence_ended_on=date(2026, 3, 9))) is False
    assert unsupervised(replace(HARM, sentence_months=11)) is False
    assert unsupervised(replace(HARM, convicted_on=date(2020, 1, 10), suspended=False), **NOWHERE) is False
    assert unsupervised(replace(HARM, convicted_on=date(2020, 1, 10), suspended=False), in_custody=False) is None


@pytest.mark.parametrize("conviction", [RAPE, CAUTION, replace(RAPE, offence="an_offence_no_line_names")])
def test_a_sexual_offence_leaves_notification_asked_until_it_is_told(conviction: Conviction) -> None:
    assert unsupervised(conviction) is None
    assert unsupervised(conviction, notification_requirement=True) is True
    assert unsupervised(conviction, notification_requirement=False) is False


def test_no_sexual_offence_among_the_convictions_is_no_notification() -> None:
    assert unsupervised(replace(HARM, sentence=SentenceKind.COMMUNITY, sentence_months=None)) is False
    assert unsupervised(replace(RAPE, offence="theft")) is False


@pytest.mark.parametrize("told", [{}, {"convictions": ()}, {"notification_requirement": False}])
def test_a_running_sexual_harm_prevention_order_is_category_one_by_section_103g(told: dict[str, object]) -> None:
    def automatic(order: Order) -> object:
        return fact("mappa_automatic", perpetrator={"ref": "P-1", **told}, orders=(order,))

    order = Order(OrderKind.SEXUAL_HARM_PREVENTION_ORDER)

    assert automatic(order) is True
    assert automatic(replace(order, ends_on=date(2000, 1, 1))) is not True
    assert automatic(replace(order, kind=OrderKind.SEXUAL_RISK_ORDER)) is not True


def test_not_listed_was_read_up_to_a_day_and_is_asked_after_it() -> None:
    for offence in ("stalking", "harassment", "theft"):
        assert listed_offence(offence, date(2026, 4, 28)) is False
        assert listed_offence(offence, date(2026, 4, 29)) is None
        assert listed_offence(offence, date(2035, 1, 1)) is None
