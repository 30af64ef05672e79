"""The very day and instant at which a window begins or ends, and each word that ends a search or a danger."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.derived import derive
from app.routing.facts.events import newest_abuse
from app.routing.facts.repeats import RepeatAnchor, RepeatBehaviour, is_repeat
from app.routing.facts.serial_victims import distinct_victims
from app.routing.facts.snapshot.history import MaracHistory, MaracProcess
from app.routing.facts.snapshot.incidents import IncidentFacts
from app.routing.facts.snapshot.orders import Order
from app.routing.facts.snapshot.perpetrator import Conviction, Licence, Perpetrator
from app.routing.facts.statute import automatic_mappa
from app.routing.facts.supervision import supervised_on
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import IncidentOutcome, LicenceKind, OrderKind, SentenceKind
from tests.routing.given import AN_INSTANT, a_snapshot, an_incident, baseline, parameters

TODAY = AN_INSTANT.date()
REFERRED, ANSWERED = datetime(2018, 5, 1, 12, tzinfo=UTC), datetime(2018, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def derived(**changed: object) -> dict[str, Fact]:
    return derive(a_snapshot(**changed), AN_INSTANT, parameters(baseline()))


def an_event(occurred_at: datetime, recorded_at: datetime) -> IncidentFacts:
    return IncidentFacts(occurred_at, recorded_at, "Cleveland", "victim-1", "perpetrator-1", recorded_at=recorded_at)


def repeats(history: MaracHistory, event: IncidentFacts) -> bool | None:
    case = a_snapshot(marac_history=history, incidents=(event,))
    return is_repeat(case, AN_INSTANT, 12, RepeatAnchor.LAST_REFERRAL, RepeatBehaviour.ANY_ABUSE)


@pytest.mark.parametrize(("after", "repeated"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_event_at_the_instant_of_the_hearing_belongs_to_it(after: timedelta, repeated: bool) -> None:
    heard = MaracHistory(processes=(MaracProcess(REFERRED, ANSWERED),), heard_at=(ANSWERED,))

    assert repeats(heard, an_event(ANSWERED + after, ANSWERED + HOUR)) is repeated


@pytest.mark.parametrize(("before", "repeated"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_report_at_the_instant_at_which_marac_let_the_case_go_does_not_join_it(
    before: timedelta, repeated: bool
) -> None:
    declined = MaracHistory(processes=(MaracProcess(REFERRED, ANSWERED),))

    assert repeats(declined, an_event(ANSWERED - HOUR, ANSWERED - before)) is repeated


def test_report_that_makes_a_new_referral_repeats_the_hearing_before_it() -> None:
    at = ANSWERED + 24 * HOUR
    heard_before = (MaracProcess(REFERRED, ANSWERED), MaracProcess(at))

    assert repeats(MaracHistory(processes=heard_before, heard_at=(ANSWERED,)), an_event(at - HOUR, at)) is True


def test_report_that_makes_the_first_referral_repeats_nothing() -> None:
    assert repeats(MaracHistory(processes=(MaracProcess(REFERRED),)), an_event(REFERRED, REFERRED)) is False


def test_hearing_that_any_author_tells_of_makes_a_repeat() -> None:
    heard = MaracHistory(last_heard_on=date(2018, 4, 5))
    told = {"marac_history": MaracHistory(), "incidents": (an_incident(date(2018, 7, 7)),)}

    assert derived(**told)["repeat"] is False
    assert derived(**told, histories=(MaracHistory(), heard))["repeat"] is True


@pytest.mark.parametrize(("on", "victims"), [(date(2015, 8, 5), 2), (date(2015, 8, 4), 1)])
def test_victim_of_the_first_day_of_the_serial_window_counts(on: date, victims: int) -> None:
    case = a_snapshot(incidents=(an_incident(on, victim_ref="victim-5"),))

    assert distinct_victims(case, AN_INSTANT, 36, 2) == victims


@pytest.mark.parametrize("ends_on", [None, TODAY + timedelta(days=90), TODAY, TODAY - timedelta(days=1)])
def test_breach_is_named_whenever_the_order_ends(ends_on: date | None) -> None:
    order = Order(OrderKind.NON_MOLESTATION_ORDER, ends_on=ends_on, breached=True)

    assert "breach of a non-molestation order" in danger_signs(
        a_snapshot(orders=(order,)), AN_INSTANT, parameters(baseline())
    )


@pytest.mark.parametrize(("starts_on", "runs"), [(TODAY, True), (TODAY + timedelta(days=1), False)])
def test_licence_runs_from_the_day_on_which_it_starts(starts_on: date, runs: bool) -> None:
    person = Perpetrator("P", licences=(Licence(LicenceKind.LICENCE, starts_on=starts_on),))

    assert supervised_on(person, TODAY) is runs


@pytest.mark.parametrize(("ends_on", "runs"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_licence_runs_to_the_end_of_its_last_day(ends_on: date, runs: bool) -> None:
    person = Perpetrator("P", licences=(Licence(LicenceKind.LICENCE, ends_on=ends_on),))

    assert supervised_on(person, TODAY) is runs


@pytest.mark.parametrize(
    ("author", "may_say", "outstanding"),
    [("AGENCY-A", False, False), ("AGENCY-B", False, None), ("AGENCY-B", True, False)],
)
def test_arrest_ends_the_search_only_by_the_word_of_whoever_may_say_it(
    author: str, may_say: bool, outstanding: bool | None
) -> None:
    first = an_incident(date(2018, 5, 1), author="AGENCY-A")
    arrest = an_incident(date(2018, 7, 1), author=author, may_say=may_say, outcome=IncidentOutcome.ARRESTED)

    assert derived(incidents=(first, arrest))["suspect_outstanding"] is outstanding


@pytest.mark.parametrize(("in_custody", "outstanding"), [(True, False), (False, None), (None, None)])
def test_nobody_in_custody_is_still_to_be_arrested(in_custody: bool | None, outstanding: bool | None) -> None:
    at_large = an_incident(date(2018, 7, 1), outcome=IncidentOutcome.OPEN)

    person = {"in_custody": in_custody}

    assert derived(perpetrator=person, incidents=(at_large,))["suspect_outstanding"] is outstanding


def test_antisocial_behaviour_is_not_the_newest_abuse() -> None:
    arrest = an_incident(date(2018, 5, 1), outcome=IncidentOutcome.ARRESTED)
    noise = an_incident(date(2018, 7, 1), asb_linked=True)

    found = newest_abuse((arrest, noise), "victim-1", "perpetrator-1", AN_INSTANT)

    assert found is not None
    assert found.occurred_at == arrest.occurred_at
    assert derived(incidents=(arrest, noise))["suspect_outstanding"] is False


@pytest.mark.parametrize(("caution", "automatic"), [(False, True), (True, False)])
def test_caution_is_no_conviction_that_makes_category_two(caution: bool, automatic: bool) -> None:
    told = Conviction("robbery", date(2017, 10, 1), sentence=SentenceKind.CUSTODY, sentence_months=72, caution=caution)

    assert automatic_mappa(Perpetrator("P", convictions=(told,)), TODAY, supervised=True) is automatic
