"""Told means received: a named person says so, and until then it is said again to more and more people."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.foundation.clock import SettableClock
from app.jobs import JOBS, run_job
from tests.flows.telling import LICENCE, Telling, not_dangerous, refer, released
from tests.given import Caller, Callers
from tests.inbox.reading import asked, inbox

Body = dict[str, Any]
Reported = Callable[..., Body]


@pytest.fixture
def reported(callers: Callers, durham: Callers, telling: Telling, clock: SettableClock) -> Reported:
    """Durham reports a perpetrator who is on licence to Anytown's probation; returns what that service is told."""

    def report(**changes: Any) -> Body:
        refer(callers, "ANYTOWN", "V-JEAN", perpetrator={"licences": [LICENCE]})
        clock.set(clock.now() + timedelta(minutes=30))
        refer(durham, "DURHAM", "V-DURHAM", **changes)
        telling.tick()
        (told,) = released(callers.probation, "F1")
        return told

    return report


def receive(caller: Caller, release: Body, person: str | None = "jo.smith") -> Any:
    named = caller.on_behalf_of(person) if person else {}
    return caller.post(f"/v1/releases/{release['id']}/receipts", None, **named)


def misdirect(caller: Caller, release: Body) -> Any:
    body = {"reason": "NOT_SUPERVISED_HERE"}
    return caller.post(f"/v1/releases/{release['id']}/misdirections", body, **caller.on_behalf_of("jo.smith"))


def test_danger_stands_first_in_the_inbox_until_a_named_person_received_it(
    callers: Callers, reported: Reported
) -> None:
    told = reported()

    first = inbox(callers.probation)["items"][0]
    assert (first["kind"], first["section"], first["subject_id"]) == ("RELEASE", "DANGER", told["id"])
    assert first["case_id"] == told["case_id"]

    assert receive(callers.probation, told).status_code == 201
    assert told["id"] not in {one["subject_id"] for one in asked(callers.probation, "RELEASE")}


def test_what_is_no_danger_is_asked_for_by_its_day(callers: Callers, reported: Reported) -> None:
    told = reported(assessment=not_dangerous())

    (item,) = asked(callers.probation, "RELEASE")
    assert (item["subject_id"], item["due_on"], item["section"]) == (told["id"], "2026-03-11", "NEXT")


def test_program_receives_nothing(callers: Callers, reported: Reported) -> None:
    refused = receive(callers.probation, reported(), person=None)

    assert (refused.status_code, refused.json()["code"]) == (422, "no-person")


def test_who_received_it_stays_on_record_and_a_second_receipt_changes_nothing(
    callers: Callers, reported: Reported, clock: SettableClock
) -> None:
    told = reported()
    first = receive(callers.probation, told).json()
    clock.set(clock.now() + timedelta(days=1))

    second = receive(callers.probation, told, "sam.reid").json()

    assert first["received_by"] == "ANYTOWN-PROBATION/jo.smith"
    assert second["received_by"] == first["received_by"]


def test_release_is_read_by_its_receiver_and_by_who_holds_the_fact_alone(
    callers: Callers, durham: Callers, reported: Reported
) -> None:
    path = f"/v1/releases/{reported()['id']}"

    statuses = {caller: caller.get(path).status_code for caller in (callers.probation, durham.hub)}
    others = (callers.hub, callers.coordinator, callers.council, durham.probation, durham.coordinator, durham.idva)

    assert set(statuses.values()) == {200}
    assert {caller.get(path).status_code for caller in others} == {404}
    assert durham.hub.get(path).json()["case_id"] is None


def test_receipt_of_another_agency_is_refused(durham: Callers, reported: Reported) -> None:
    assert receive(durham.hub, reported()).status_code == 403


def test_what_nobody_receives_is_called_for_at_its_hour(
    callers: Callers, reported: Reported, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    told = reported()
    clock.set(clock.now() + timedelta(hours=1))
    for job in JOBS:
        run_job(sessions, lambda _: clock.now(), job)

    assert dangers(callers.probation) == [told["id"]]


def test_what_was_received_is_called_for_no_more(
    callers: Callers, reported: Reported, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    receive(callers.probation, reported())
    clock.set(clock.now() + timedelta(hours=1))
    for job in JOBS:
        run_job(sessions, lambda _: clock.now(), job)

    assert dangers(callers.probation) == []


def dangers(caller: Caller) -> list[str]:
    """The releases for which danger calls were made to the caller's agency."""
    calls = caller.get("/v1/events", type="reminder.danger").json()["items"]
    lines = [line for call in calls for line in call["data"]["items"]]
    return [line["subject_id"] for line in lines if line["subject_type"] == "release"]


def test_what_is_not_theirs_is_owed_anew_to_the_hub_that_finds_out(
    callers: Callers, durham: Callers, reported: Reported
) -> None:
    told = reported()

    answer = misdirect(callers.probation, told)

    assert answer.json()["misdirected_because"] == "NOT_SUPERVISED_HERE"
    (enquiry,) = released(durham.hub, "F1")
    assert (enquiry["form"], enquiry["danger"]) == ("ENQUIRY", True)
    assert enquiry["content"]["find_out"] == "WHO_SUPERVISES"
    assert asked(callers.probation, "RELEASE") == []


def test_hub_that_is_not_the_one_either_passes_it_to_who_stands_above_it(
    callers: Callers, durham: Callers, reported: Reported
) -> None:
    misdirect(callers.probation, reported())
    (enquiry,) = released(durham.hub, "F1")

    misdirect(durham.hub, enquiry)

    assert [one["form"] for one in released(durham.coordinator, "F1")] == ["ENQUIRY"]


def test_what_was_received_is_not_misdirected_nor_the_reverse(callers: Callers, reported: Reported) -> None:
    told = reported()
    misdirect(callers.probation, told)

    assert receive(callers.probation, told).status_code == 409
    assert misdirect(callers.probation, told).status_code == 409
