"""An ending that waits is told to the post that is asked to confirm it, climbs the ladder, and passes with the post."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account, Agency, Post
from app.access.service import add_client, scope_to_system
from app.foundation.clock import SettableClock
from app.foundation.identifiers import new_id
from app.jobs import JOBS, run_job
from app.vocabulary import Role
from tests.ending import confirm, refuse, say_that_it_ends
from tests.given import Caller, Callers
from tests.inbox.reading import asked, the
from tests.reminders.told import sweep, told_of

NOTE = "Seen by the practitioner, who spoke with the sister"


@pytest.fixture
def ending(routed: dict[str, Any], callers: Callers) -> dict[str, Any]:
    """The hub says that the victim's safety needs no owner any more."""
    return said_by_the_hub(routed, callers)


def said_by_the_hub(routed: dict[str, Any], callers: Callers) -> dict[str, Any]:
    actions = callers.chair.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    need = next(one["id"] for one in routed["needs"] if one["kind"] == "VICTIM_SAFETY")
    sent = {"reason": "DECEASED", "note": NOTE, "occurred_on": "2026-03-09"}
    answer = say_that_it_ends(callers.hub, need, sent | {"actions_continue": [one["id"] for one in actions]})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def events_about(sessions: sessionmaker[Session], ending: dict[str, Any]) -> list[tuple[str, list[str], Any]]:
    """What was told of the ending, to whom, and in which words."""
    with sessions.begin() as session:
        scope_to_system(session)
        query = text("SELECT type, agencies, body FROM event WHERE subject_id = :id ORDER BY number")
        rows = session.execute(query, {"id": ending["id"]}).all()
        return [(kind, agencies, json.loads(body)["data"]) for kind, agencies, body in rows]


def work(sessions: sessionmaker[Session], clock: SettableClock) -> None:
    """The worker gives what waits to the posts that were filled."""
    run_job(sessions, lambda _: clock.now(), next(one for one in JOBS if one.name == "give work to filled posts"))


@pytest.fixture
def advocates(sessions: sessionmaker[Session], http: TestClient, clock: SettableClock) -> Caller:
    """Another service of advocates, with a person in the post, that does not fill it yet."""
    named = {"agency": "NEW-IDVA", "name": "pat.dean", "full_name": "Pat Dean", "team": "Advocates"}
    with sessions.begin() as session:
        scope_to_system(session)
        session.add(Agency(code="NEW-IDVA", name="New advocates", kind=None))
        session.flush()
        account = Account(id=new_id("acc"), **named, post=Role.IDVA, areas=["ANYTOWN"], subject=None)
        account.added_at = clock.now()
        session.add(account)
        place = {"role": "partner.agency", "areas": ["ANYTOWN"]}
        _, key = add_client(
            session, name="advocates", agency="NEW-IDVA", now=clock.now(), speaks_for_people=True, **place
        )
    return Caller(http, key)


def fill(sessions: sessionmaker[Session], role: Role, agency: str) -> None:
    with sessions.begin() as session:
        scope_to_system(session)
        session.merge(Post(area="ANYTOWN", role=role, agency=agency))


def test_post_that_is_asked_hears_at_once_and_nobody_else_does(
    ending: dict[str, Any], sessions: sessionmaker[Session]
) -> None:
    (told,) = events_about(sessions, ending)

    kind, agencies, data = told
    assert (kind, agencies) == ("ending.asked", ["ANYTOWN-IDVA"])
    assert data["detail_url"] == f"/v1/endings/{ending['id']}"


def test_event_of_an_ending_says_neither_whose_need_it_is_nor_why_it_is_to_end(
    ending: dict[str, Any], sessions: sessionmaker[Session]
) -> None:
    ((_, _, data),) = events_about(sessions, ending)

    assert set(data) == {"ending_id", "case_id", "state", "answer_by", "detail_url"}


def test_ending_nobody_answers_climbs_the_ladder_until_it_is_answered(
    ending: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    clock.set(clock.now() + timedelta(days=9))
    sweep(sessions, clock.now())
    late = told_of(sessions, ending["id"])

    refuse(callers.idva, ending["id"]).raise_for_status()
    clock.set(clock.now() + timedelta(days=9))
    sweep(sessions, clock.now())

    assert {"IDVA", "LINE_MANAGER", "MARAC_COORDINATOR"} <= {one.role for one in late}
    assert told_of(sessions, ending["id"]) == late


def test_chair_hears_that_the_need_goes_on_and_why_stays_on_record(
    ending: dict[str, Any], callers: Callers, sessions: sessionmaker[Session]
) -> None:
    refuse(callers.idva, ending["id"]).raise_for_status()

    kind, agencies, data = events_about(sessions, ending)[-1]
    assert (kind, data["state"]) == ("ending.answered", "DECLINED")
    assert agencies == ["ANYTOWN-IDVA", "ANYTOWN-POLICE"]


def test_chairs_new_word_ends_the_reminders_of_the_one_before(
    ending: dict[str, Any],
    routed: dict[str, Any],
    callers: Callers,
    sessions: sessionmaker[Session],
    clock: SettableClock,
) -> None:
    second = said_by_the_hub(routed, callers)
    clock.set(clock.now() + timedelta(days=9))
    sweep(sessions, clock.now())

    assert told_of(sessions, ending["id"]) == []
    assert told_of(sessions, second["id"])
    assert events_about(sessions, ending)[-1][2]["state"] == "WITHDRAWN"


def test_ending_is_asked_of_whoever_fills_the_post_now_and_confirmed_by_them(
    ending: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], advocates: Caller
) -> None:
    assert asked(advocates, "ENDING") == []
    fill(sessions, Role.IDVA, "NEW-IDVA")

    item = the(advocates, "ENDING")
    answer = confirm(advocates, ending["id"], "pat.dean")

    assert (item["subject_id"], item["owner_role"], item["owner_agency"]) == (ending["id"], "IDVA", "NEW-IDVA")
    assert asked(callers.idva, "ENDING") == []
    assert answer.status_code == 201, answer.text


def test_who_filled_the_post_before_neither_reads_nor_confirms_any_more(
    ending: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], advocates: Caller
) -> None:
    fill(sessions, Role.IDVA, "NEW-IDVA")

    answers = [callers.idva.get(f"/v1/endings/{ending['id']}"), confirm(callers.idva, ending["id"])]

    assert [one.status_code for one in answers] == [404, 404]


def test_post_that_passes_on_hears_and_is_reminded_in_the_others_place(
    ending: dict[str, Any], sessions: sessionmaker[Session], advocates: Caller, clock: SettableClock
) -> None:
    fill(sessions, Role.IDVA, "NEW-IDVA")

    work(sessions, clock)
    work(sessions, clock)
    clock.set(clock.now() + timedelta(days=9))
    sweep(sessions, clock.now())

    assert [agencies for _, agencies, _ in events_about(sessions, ending)] == [["ANYTOWN-IDVA"], ["NEW-IDVA"]]
    assert {one.agency for one in told_of(sessions, ending["id"]) if one.role == "IDVA"} == {"NEW-IDVA"}
    assert advocates.get(f"/v1/endings/{ending['id']}").json()["agency"] == "NEW-IDVA"


def test_post_that_passes_to_who_said_so_leaves_the_ending_to_the_next_post(
    ending: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    fill(sessions, Role.IDVA, "ANYTOWN-POLICE")

    work(sessions, clock)

    item = the(callers.coordinator, "ENDING")
    assert (item["owner_role"], item["owner_agency"]) == ("MARAC_COORDINATOR", "ANYTOWN-MARAC")
    assert asked(callers.hub, "ENDING") == asked(callers.idva, "ENDING") == []
