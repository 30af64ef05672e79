"""The statistics: two independent counts agree, who may see them, and that they name nobody."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.statistics.counting import Hearing, is_repeat, percent, waited_since, waits_of
from app.vocabulary import Forum
from tests.given import Callers
from tests.meetings.sitting import FIRST_MEETING, Sitting
from tests.meetings.weeks import Weeks
from tests.statistics.second_count import SecondCount

Body = dict[str, Any]
BEGIN = date(2026, 3, 10)
ANOTHER_PERPETRATOR = {"ref": "P-2", "age": 40, "in_custody": False, "mappa": {"level": 1, "category": 2}}


def statistics(sitting: Sitting, first: date = BEGIN, last: date | None = None, **filters: str) -> Body:
    period = {"from": first.isoformat(), "to": (last or sitting.clock.now().date()).isoformat()}
    answer = sitting.callers.coordinator.get("/v1/statistics", area="ANYTOWN", **period, **filters)
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


def of_forum(body: Body, forum: str) -> Body:
    found: Body = next(one for one in body["forums"] if one["forum"] == forum)
    return found


def accepted_by_marac(sitting: Sitting, body: Body) -> None:
    waiting = sitting.callers.coordinator.get("/v1/proposals", state="PROPOSED").json()["items"]
    ours = next(one for one in waiting if one["forum"] == "MARAC" and one["case_id"] == body["case_id"])
    sitting.callers.coordinator.post(f"/v1/proposals/{ours['id']}/acceptances", {}).raise_for_status()


def heard_at(sitting: Sitting, case_id: str, on: date, meeting_id: str) -> None:
    sitting.on(on)
    sitting.heard(case_id, meeting_id)


WEEKS_WITH_EVERYTHING = 1
MORE = [pytest.param(seed, marks=pytest.mark.proof) for seed in (2, 3, 4, 5, 6, 7)]


@pytest.mark.parametrize("seed", [WEEKS_WITH_EVERYTHING, *MORE])
def test_statistics_of_random_weeks_agree_with_a_second_count(
    seed: int, sitting: Sitting, sessions: sessionmaker[Session]
) -> None:
    chance = Random(seed)  # noqa: S311 - the same weeks each time
    sitting.on(BEGIN)
    weeks = Weeks(sitting, sessions, chance, sitting.cycle(every_days=7, cut_off_days=2, weeks_ahead=6))
    weeks.go_by(52)
    second = SecondCount(weeks)
    nothing = second.of("PDP", date(2020, 1, 1), date(2020, 1, 1))
    periods = [(BEGIN, weeks.today), *(some_days(chance) for _ in range(4))]

    for first, last in periods:
        body = statistics(sitting, first, last)

        assert body["referrals_received"] == len([day for day in weeks.referred if first <= day <= last])
        assert body["needs_without_owner"] == 0
        assert body["forums"] == [second.of(one["forum"], first, last) for one in body["forums"]]
        left_out = {*Forum} - {one["forum"] for one in body["forums"]}
        assert all(second.of(forum, first, last) == nothing | {"forum": forum} for forum in left_out)
    if seed == WEEKS_WITH_EVERYTHING:
        assert_something_of_everything(statistics(sitting))


def some_days(chance: Random) -> tuple[date, date]:
    first = BEGIN + timedelta(days=chance.randrange(20))
    return first, first + timedelta(days=chance.randrange(25))


def assert_something_of_everything(body: Body) -> None:
    """So that the two counts do not agree on nothing."""
    marac = of_forum(body, "MARAC")
    assert min(marac["screening"][name] for name in ("asked", "accepted", "declined")) > 0
    assert sum(one["screening"]["expired"] for one in body["forums"]) > 0
    assert len(marac["screening"]["refusals"]) > 1
    assert min(marac["hearings"][name] for name in ("listed", "heard", "repeats")) > 0
    assert marac["hearings"]["wait"]["measured"] > 1
    assert min(marac["actions"][name] for name in ("overdue", "awaiting_review", "finished", "failed")) > 0
    assert min(marac["actions"]["reviews"][name] for name in ("at_meeting", "between_meetings_by_another_agency")) > 0
    assert marac["discharges"]["discharged"] > 0
    assert {one["after_refusal"]["passed_on_since"] > 0 for one in body["forums"]} == {True, False}


def test_wait_runs_in_working_days_from_the_acceptance_to_the_hearing(sitting: Sitting) -> None:
    meeting = sitting.cycle()[0]
    body = sitting.referred()
    sitting.on(date(2026, 3, 12))
    accepted_by_marac(sitting, body)
    heard_at(sitting, body["case_id"], FIRST_MEETING, meeting["id"])

    hearings = of_forum(statistics(sitting), "MARAC")["hearings"]

    assert hearings["wait"] == {"measured": 1, "median_working_days": 10, "longest_working_days": 10}
    assert (hearings["heard"], hearings["repeats"], hearings["repeat_rate_percent"]) == (1, 0, 0)


def test_case_heard_again_after_a_new_incident_is_a_repeat_in_the_rate(sitting: Sitting) -> None:
    first, _, third = sitting.cycle()[:3]
    body, other = (
        sitting.referred(),
        sitting.referred("DV-2", victim={"ref": "V-2", "age": 30}, perpetrator=ANOTHER_PERPETRATOR),
    )
    heard_at(sitting, body["case_id"], FIRST_MEETING, first["id"])
    sitting.heard(other["case_id"], first["id"])
    sitting.incident(body, "2026-03-26T11:00:00Z")
    heard_at(sitting, body["case_id"], date(2026, 4, 23), third["id"])

    hearings = of_forum(statistics(sitting), "MARAC")["hearings"]

    assert (hearings["heard"], hearings["repeats"], hearings["repeat_rate_percent"]) == (3, 1, 33)
    assert hearings["heard_without_acceptance"] == 3


def test_request_that_expired_says_how_long_it_took_until_somebody_else_owned_the_perpetrator(
    sitting: Sitting,
) -> None:
    sitting.referred()
    asked = sitting.callers.probation.get("/v1/proposals", state="PROPOSED").json()["items"]
    ours = next(one for one in asked if one["forum"] == "MAPPA_L1_LEAD_AGENCY")
    path = f"/v1/proposals/{ours['id']}/declines"
    reason = {"code": "CAPACITY", "reason": "no practitioner this week"}
    sitting.callers.probation.post(path, reason).raise_for_status()

    after = of_forum(statistics(sitting), "MAPPA_L1_LEAD_AGENCY")["after_refusal"]

    assert (after["refused"], after["passed_on_since"], after["with_the_same_owner"]) == (1, 0, 1)
    assert after["wait"] == {"measured": 0, "median_working_days": None, "longest_working_days": None}


def test_report_is_marked_and_names_no_person_no_case_and_no_agency(sitting: Sitting) -> None:
    body = sitting.referred()

    answer = sitting.callers.chair.get("/v1/statistics", area="ANYTOWN", **{"from": "2026-03-01", "to": "2026-03-31"})

    assert answer.json()["marking"] == "OFFICIAL-SENSITIVE"
    assert "do not publish" in answer.json()["handling"]
    told = [body["case_id"], body["case_reference"], "V-1", "P-1", "ANYTOWN-POLICE", "ANYTOWN-PROBATION"]
    assert [word for word in told if word in answer.text] == []


def test_one_forum_can_be_asked_for_and_is_shown_even_when_it_did_nothing(sitting: Sitting) -> None:
    sitting.referred()

    body = statistics(sitting, forum="IOM")

    assert [(one["forum"], one["screening"]["asked"]) for one in body["forums"]] == [("IOM", 0)]


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [("2026-03-02", "2026-03-01", "/to"), ("2020-01-01", "2026-01-01", "/from")],
)
def test_period_that_cannot_be_measured_is_refused_by_name(
    first: str, last: str, pointer: str, sitting: Sitting
) -> None:
    answer = sitting.callers.chair.get("/v1/statistics", area="ANYTOWN", **{"from": first, "to": last})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_statistics_are_for_the_coordinator_and_chair_of_the_area_only(callers: Callers, excluding: Callers) -> None:
    period = {"from": "2026-03-01", "to": "2026-03-31"}
    others = (callers.hub, callers.matac, callers.probation, callers.mappa, callers.idva, callers.council)

    refused = {caller.get("/v1/statistics", area="ANYTOWN", **period).status_code for caller in others}
    elsewhere = excluding.coordinator.get("/v1/statistics", area="ANYTOWN", **period)

    assert refused == {403}
    assert elsewhere.status_code == 422


def a_hearing(heard_on: date, listed_on: date) -> Hearing:
    return Hearing(
        "case",
        f"of {heard_on}",
        heard_on,
        datetime(listed_on.year, listed_on.month, listed_on.day, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(("listed_on", "repeat"), [(date(2027, 3, 1), True), (date(2027, 3, 2), False)])
def test_repeat_runs_twelve_months_from_the_last_referral_not_from_the_hearing(listed_on: date, repeat: bool) -> None:
    before = a_hearing(date(2026, 3, 26), date(2026, 3, 1))
    again = a_hearing(date(2027, 3, 25), listed_on)

    assert is_repeat(again, [before, again]) is repeat


def test_case_that_the_forum_held_all_along_waits_from_its_new_listing() -> None:
    accepted = datetime(2026, 3, 3, 12, tzinfo=UTC)
    before = a_hearing(date(2026, 3, 26), date(2026, 3, 1))
    again = a_hearing(date(2026, 6, 25), date(2026, 6, 10))

    assert waited_since(again, [accepted], [before, again]) == date(2026, 6, 10)
    assert waited_since(before, [accepted], [before, again]) == date(2026, 3, 3)
    assert waited_since(before, [], [before, again]) is None


def test_middle_of_two_waits_is_the_longer_and_half_a_per_cent_is_one() -> None:
    assert (waits_of([4, 9]).median, waits_of([1, 4, 9]).median, waits_of([]).median) == (9, 4, None)
    assert (percent(1, 200), percent(1, 201), percent(0, 0)) == (1, 0, None)
