"""When nobody answers what decides MARAC by its clock, the case is decided anew by itself, once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.access.service import scope_to_system
from app.intake.case_history import with_marac_clock
from app.policies.registry import policy_in_force
from app.referrals.repositories.case_repository import case_by_id
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.facts.snapshot.perpetrator import Perpetrator
from app.routing.facts.snapshot.victim import Victim
from tests.enquiries.given_enquiries import DAY, Asked, cannot_find_out, posted, value
from tests.given import not_high_risk


def unanswered(asked: Asked, case_id: str) -> tuple[bool, int]:
    """What the next decision will read: whether MARAC's clock has ended, and how many questions nobody answered."""

    def read(session: Session) -> CaseSnapshot:
        scope_to_system(session)
        case, now = case_by_id(session, case_id), asked.clock.now()
        assert case
        bare = CaseSnapshot(Victim("V-1"), Perpetrator("P-1"))
        return with_marac_clock(session, case, bare, policy_in_force(session, "national-baseline", now), now)

    with asked.sessions.begin() as session:
        snapshot = read(session)
    return snapshot.marac_clock_ended, snapshot.unanswered_questions


def test_case_is_decided_by_itself_when_nobody_answered_by_the_clock(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY)

    done = asked.end_clocks()

    newest = asked.decisions(body)[-1]
    assert done == 1
    assert newest["because"] == "nobody answered 1 question by 11 March 2026 at 09:30"
    assert newest["decided_at"] == "2026-03-11T09:30:00Z"
    assert unanswered(asked, body["case_id"]) == (True, 1)


def test_end_of_a_clock_is_decided_on_once(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY)

    assert [asked.end_clocks() for _ in range(3)] == [1, 0, 0]
    assert len(asked.decisions(body)) == 2


def test_nothing_is_decided_before_the_clock_ends(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY - timedelta(seconds=1))

    assert asked.end_clocks() == 0
    assert unanswered(asked, body["case_id"]) == (False, 0)


def test_answer_in_time_stops_the_clock(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 8))
    asked.pass_time(DAY)

    assert asked.end_clocks() == 0


def test_what_nobody_can_find_out_waits_for_its_clock_and_then_decides(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", cannot_find_out("ticks"))
    asked.pass_time(timedelta(hours=23))
    early = asked.end_clocks()
    asked.pass_time(timedelta(hours=1))

    assert (early, asked.end_clocks()) == (0, 1)
    assert unanswered(asked, body["case_id"]) == (True, 1)


def test_question_stays_asked_after_its_clock_until_it_is_known(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY)
    asked.end_clocks()
    after = asked.question(body["case_id"], "ticks")

    facts = {"assessment": {"ticks": 9, "unanswered": 0}}
    posted(asked.callers.hub, f"/v1/referrals/{body['referral_id']}/facts", facts)

    assert (after["ended"], after["lapsed_at"]) == (None, "2026-03-11T09:30:00Z")
    assert asked.question(body["case_id"], "ticks")["ended"] == "NO_LONGER_ASKED"
    assert unanswered(asked, body["case_id"]) == (False, 0)


def test_late_answer_withdraws_nothing_that_marac_has_accepted_and_the_chair_is_told(asked: Asked) -> None:
    body = asked.referred(victim={"ref": "V-1", "age": 34})
    asked.pass_time(DAY)
    asked.end_clocks()
    proposals = asked.callers.coordinator.get("/v1/proposals").json()["items"]
    (marac,) = [one for one in proposals if one["forum"] == "MARAC"]
    asked.callers.coordinator.post(f"/v1/proposals/{marac['id']}/acceptances", {}).raise_for_status()

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 8))

    case = asked.callers.coordinator.get(f"/v1/cases/{body['case_id']}").json()
    (safety,) = [need for need in case["needs"] if need["kind"] == "VICTIM_SAFETY"]
    owners = {action["owner_role"] for action in case["open_actions"] if action["duty"] == "MARAC_CRITERIA_NOT_MET"}
    assert (safety["owner"]["forum"], owners) == ("MARAC", {"MARAC_CHAIR"})


def test_questions_that_decide_only_mappa_climb_the_ladder_and_decide_nothing(asked: Asked) -> None:
    body = asked.referred_on_licence(assessment=not_high_risk() | {"ticks": 4})
    assert "mappa_level" in asked.open_facts(body["case_id"])
    enquiry = asked.enquiries(body["case_id"])["SUPERVISING_PRACTITIONER"]
    asked.pass_time(timedelta(days=5))

    assert asked.end_clocks() == 0
    rungs = asked.rows(f"SELECT rung FROM reminder_timer WHERE subject_id = '{enquiry['id']}' AND state = 'scheduled'")
    assert {row["rung"] for row in rungs} >= {2, 3}


def test_new_report_does_not_put_off_the_clock_of_the_first(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(timedelta(hours=20))
    asked.referred("DV-2")
    asked.pass_time(timedelta(hours=4))

    assert asked.end_clocks() == 1
    assert unanswered(asked, body["case_id"])[0]


def test_case_that_cannot_be_decided_holds_up_no_other(asked: Asked) -> None:
    broken = asked.referred("DV-1")
    whole = asked.referred("DV-2", victim={"ref": "V-2"}, perpetrator={"ref": "P-2"})
    asked.as_owner(
        "ALTER TABLE decision ADD CONSTRAINT broken CHECK "
        f"(case_id <> '{broken['case_id']}' OR because = 'referral received')"
    )
    asked.pass_time(DAY)
    try:
        assert asked.end_clocks() == 1
        assert asked.end_clocks() == 0  # it rests for a minute
    finally:
        asked.as_owner("ALTER TABLE decision DROP CONSTRAINT broken")

    assert len(asked.decisions(whole)) == 2
    assert len(asked.decisions(broken)) == 1
    assert asked.question(broken["case_id"], "ticks")["lapsed_at"] is None
    asked.pass_time(timedelta(minutes=1))
    assert asked.end_clocks() == 1
    assert len(asked.decisions(broken)) == 2


def test_case_that_somebody_holds_is_passed_over_and_decided_at_the_next_round(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(DAY)

    with asked.owner.connect() as connection:
        connection.execute(text("SELECT FROM case_file FOR NO KEY UPDATE"))
        held = asked.end_clocks()
        connection.rollback()

    assert (held, asked.end_clocks()) == (0, 1)
    assert len(asked.decisions(body)) == 2


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ("value = '9'", "question_ends_once|has ended"),
        ("answered_by = 'somebody'", "has ended"),
        ("ended = 'NO_LONGER_ASKED', value = NULL, answered_by = NULL", "has ended"),
    ],
)
def test_database_keeps_an_answer_as_it_was_given(change: str, refused: str, asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 8))

    with pytest.raises(DBAPIError, match=refused):
        asked.as_owner(f"UPDATE enquiry_item SET {change} WHERE fact = 'ticks'")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("ended = 'ANSWERED', ended_at = now(), answered_by = 'X'", "answered_with_a_value"),
        ("ended = 'ANSWERED', ended_at = now(), value = '1'", "ended_by_somebody"),
        ("ended = 'CANNOT_FIND_OUT', ended_at = now(), answered_by = 'X'", "cannot_find_out_because"),
        ("ended = 'PASSED_ON', ended_at = now(), answered_by = 'X', reason = 'r'", "passed_on_to_a_post"),
        ("ended = 'NO_LONGER_ASKED'", "ended_for_a_reason"),
        ("lapsed_at = due_at - interval '1 second'", "lapses_after_its_clock"),
    ],
)
def test_database_refuses_a_question_that_ends_without_what_its_end_needs(
    change: str, constraint: str, asked: Asked
) -> None:
    asked.referred()

    with pytest.raises(IntegrityError, match=constraint):
        asked.as_owner(f"UPDATE enquiry_item SET {change} WHERE fact = 'ticks'")


def test_database_refuses_a_second_open_question_about_one_fact_of_one_report(
    asked: Asked,
) -> None:
    asked.referred()
    columns = "enquiry_id, case_id, fact, report_id, ask, decides, decision_id, place, asked_at, due_at"

    with pytest.raises(IntegrityError, match="uq_enquiry_item_open"):
        asked.as_owner(f"INSERT INTO enquiry_item (id, {columns}) SELECT 'enqi_2', {columns} FROM enquiry_item LIMIT 1")


def test_database_marks_the_end_of_a_clock_once(asked: Asked) -> None:
    asked.referred()
    asked.pass_time(DAY)
    asked.end_clocks()

    with pytest.raises(DBAPIError, match="decided on already"):
        asked.as_owner("UPDATE enquiry_item SET lapsed_at = NULL WHERE fact = 'ticks'")
