"""What the review found missing, as duties that somebody owes by a date; `docs/review.toml` names these tests.

One referral each, on a Tuesday morning at half past nine. Paragraphs are those of the domestic homicide review "Jean".
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Agency
from app.access.service import add_client, scope_to_system
from app.foundation.clock import SettableClock
from app.intake.enquiries.clock_ends import decide_after_ended_clock
from app.jobs import Job, run_job
from app.outbox.models import Event
from app.vocabulary import EventType
from tests.given import Caller, Callers, a_referral, a_serial_perpetrator, an_incident, in_full, not_high_risk
from tests.meetings.sitting import FIRST_MEETING, Sitting
from tests.reminders.told import sweep, told_of

Body = dict[str, Any]
TODAY, TOMORROW, IN_24_HOURS = "2026-03-10", "2026-03-11", "2026-03-11T09:30:00Z"
LICENCE = {"kind": "LICENCE", "starts_on": "2025-03-01", "ends_on": "2028-03-01"}


def routed(callers: Callers, reference: str = "DV-1", **changes: Any) -> Body:
    answer = callers.hub.post("/v1/referrals", a_referral(reference, **changes))
    assert answer.status_code == 201, answer.text
    return in_full(callers.coordinator, answer.json())


def owed(body: Body, duty: str) -> tuple[str, str]:
    """The post that owes this duty, and by when."""
    (action,) = (action for action in body["actions"] if action["duty"] == duty)
    return action["owner_role"], action["due_on"] or action["due_at"]


def sent(callers: Callers, body: Body, duty: str) -> set[tuple[str, str]]:
    """The posts that owe this step, and the agencies that its notice went to."""
    notices = callers.coordinator.get("/v1/notices", case_id=body["case_id"]).json()
    return {(one["sender_role"], one["agency"]) for one in notices if duty in one["steps"]}


def asked(body: Body, fact: str) -> tuple[str, str]:
    """The post that is asked for this fact, and by when it answers first."""
    (enquiry,) = (enquiry for enquiry in body["enquiries"] if fact in enquiry["asks"])
    return enquiry["role"], enquiry["until"]


def report(caller: Caller, action: Body, outcome: str, note: str) -> Body:
    """The owner says what became of an action."""
    answer = caller.post(
        f"/v1/actions/{action['id']}/outcomes",
        {"outcome": outcome, "note": note},
        **{"If-Match": f'"{action["version"]}"'},
    )
    assert answer.status_code == 201, answer.text
    body: Body = answer.json()
    return body


def still_owed(callers: Callers, case_id: str, duty: str) -> list[Body]:
    """The open actions of a duty."""
    items = callers.chair.get("/v1/actions", case_id=case_id, state="OPEN", limit=200).json()["items"]
    return [action for action in items if action["duty"] == duty]


def duties(body: Body) -> set[str]:
    return {action["duty"] for action in body["actions"]}


def warnings(body: Body) -> set[str]:
    return {warning["id"] for warning in body["decision"]["decision"]["warnings"]}


def a_perpetrator(**changes: Any) -> Body:
    """A perpetrator on licence, not in MAPPA, and nothing else that brings a duty."""
    return {
        "ref": "P-1", "age": 41, "in_custody": False, "mappa": {"not_managed": True}, "convictions": [],
        "notification_requirement": False, "hospital_order": False, "terrorism_risk": False,
        "serious_harm_likely": False, "licences": [LICENCE], "new_relationship": False,
        "arrested_without_charge": False, "suspect_outstanding": False, **changes,
    }  # fmt: skip


def a_victim(**changes: Any) -> Body:
    return {"ref": "V-1", "age": 34, **changes}


SIGNS: dict[str, tuple[Body, str, str, str]] = {
    "14.3.5 the perpetrator asks to live with the victim": (
        {"perpetrator": a_perpetrator(address_check_requested=True)}, "D21", "SUPERVISING_PRACTITIONER", "2026-03-13"
    ),
    "14.3.13 the new address was not approved": (
        {"perpetrator": a_perpetrator(address_approved=False)}, "D21", "SUPERVISING_PRACTITIONER", "2026-03-13"
    ),
    "14.3.11 the perpetrator stays across a boundary": (
        {"perpetrator": a_perpetrator(crosses_boundary=True)}, "D22", "SUPERVISING_PRACTITIONER", TOMORROW
    ),
    "14.3.7 a report about a perpetrator on licence": ({}, "D18", "SUPERVISING_PRACTITIONER", "2026-03-24"),
    "14.3.9 the risk of serious harm is high": (
        {"perpetrator": a_perpetrator(rosh={"public": "HIGH"})}, "D19", "SUPERVISING_PRACTITIONER", "2026-03-17"
    ),
    "14.3.12 the practitioner is away": (
        {"perpetrator": a_perpetrator(practitioner_absent=True)}, "D45", "LINE_MANAGER", TOMORROW
    ),
    "14.3.16 the perpetrator missed appointments": (
        {"perpetrator": a_perpetrator(missed_supervision=True)}, "D20", "SENIOR_PROBATION", TOMORROW
    ),
    "14.4.4 the perpetrator obstructs supervision": (
        {"perpetrator": a_perpetrator(breach_suspected=True)}, "D20", "SENIOR_PROBATION", TOMORROW
    ),
    "14.3.19 the perpetrator is released without charge": (
        {"perpetrator": a_perpetrator(arrested_without_charge=True)}, "D31", "POLICE_INSPECTOR", IN_24_HOURS
    ),
    "16.4 a protective order was granted": (
        {"protective_order_granted": True}, "D32", "POLICE_SUPERVISOR", TOMORROW
    ),
    "17.13 a crime is about to be closed": (
        {"investigation_closing": True}, "D37", "POLICE_SUPERVISOR", TOMORROW
    ),
    "16.8 the victim cannot protect themselves": (
        {"victim": a_victim(care_needs=True, at_risk_of_abuse=True, unable_to_protect_self=True)},
        "D26", "REFERRER", TOMORROW,
    ),
    "14.1.26 the victim's home cannot be locked": (
        {"victim": a_victim(home_insecure=True)}, "D35", "HOUSING", "2026-03-13"
    ),
    "14.3.4 the perpetrator has access to a child": (
        {"children": [{"ref": "C-1", "age": 7, "in_household": False, "perpetrator_access": True}]},
        "D25.social_care", "PVP_HUB", TODAY,
    ),
    "14.3.4 the risk to the child is assessed anew": (
        {"children": [{"ref": "C-1", "age": 7, "in_household": False, "perpetrator_access": True}]},
        "D18c", "SUPERVISING_PRACTITIONER", "2026-03-24",
    ),
    "14.1.3 antisocial behaviour at the victim's address": (
        {"incidents": [an_incident(), an_incident("2026-02-20T21:00:00Z", asb_linked=True, criminal=False)]},
        "D34", "HOUSING", TOMORROW,
    ),
}  # fmt: skip
ALWAYS = {"D18"}  # owed for every perpetrator on licence


@pytest.fixture
def victims_service(http: TestClient, sessions: sessionmaker[Session], clock: SettableClock) -> Caller:
    """A second probation service of the area, which supervises the victim and not the perpetrator."""
    with sessions.begin() as session:
        session.add(Agency(code="ANYTOWN-COMMUNITY", name="Anytown community rehabilitation"))
        session.flush()
        _, key = add_client(
            session,
            name="Anytown community rehabilitation",
            agency="ANYTOWN-COMMUNITY",
            role="partner.agency",
            areas=["ANYTOWN"],
            now=clock.now(),
        )
    return Caller(http, key)


@pytest.mark.parametrize("sign", SIGNS)
def test_sign_that_the_review_saw_pass_is_owed_by_a_named_post_by_a_date(sign: str, callers: Callers) -> None:
    changes, duty, post, by = SIGNS[sign]

    body = routed(callers, **{"assessment": not_high_risk(), "perpetrator": a_perpetrator()} | changes)

    assert owed(body, duty) == (post, by)


def test_service_that_supervises_is_told_of_every_report(callers: Callers) -> None:
    """14.3.15: two reports of another force never reached probation."""
    body = routed(callers, assessment=not_high_risk(), perpetrator=a_perpetrator())

    assert sent(callers, body, "D23") == {("PVP_HUB", "ANYTOWN-PROBATION")}


def test_case_without_any_of_these_signs_owes_none_of_their_duties(callers: Callers) -> None:
    body = routed(
        callers,
        assessment=not_high_risk(),
        perpetrator=a_perpetrator(),
        residing_together=False,
        incidents=[an_incident(asb_linked=False)],
        children=[],
    )

    assert duties(body) & {duty for _, duty, _, _ in SIGNS.values()} == ALWAYS


def test_suspect_of_a_high_risk_case_who_is_outstanding_is_traced_within_a_day(callers: Callers) -> None:
    """17.17."""
    body = routed(callers, perpetrator=a_perpetrator(suspect_outstanding=True))

    assert owed(body, "D36") == ("INVESTIGATION_TEAM", IN_24_HOURS)


def test_unanswered_assessment_taken_beside_the_perpetrator_is_never_read_as_low_risk(
    callers: Callers,
) -> None:
    """14.1.4, 14.1.13: questions not answered, not seen alone, graded medium."""
    beside_perpetrator = {
        "tool": "DASH27", "ticks": 2, "unanswered": 25, "completed": False, "officer_grade": "MEDIUM",
        "judged_high": False, "seen": True, "seen_alone": False,
    }  # fmt: skip

    body = routed(callers, assessment=beside_perpetrator, perpetrator=a_perpetrator())

    decision = body["decision"]["decision"]
    assert decision["outcomes"]["marac"] == "open"
    (hub,) = (enquiry for enquiry in decision["enquiries"] if enquiry["role"] == "PVP_HUB")
    assert hub["reviews"]
    assert "ticks" in [item["fact"] for item in hub["items"]]
    assert {"WARN-01", "WARN-02"} <= warnings(body)
    assert owed(body, "D33") == ("RESPONSE_SUPERVISOR", "2026-03-10T17:30:00Z")
    assert asked(body, "hub_review")[0] == "PVP_HUB"
    assert (hub["clock"]["unit"], hub["clock"]["amount"]) == ("hours", 24)


def test_unanswered_assessment_goes_to_marac_when_nobody_has_answered_within_a_day(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    """14.1.13: the questions were not answered, the form was graded medium, and it was left."""
    unanswered = {"tool": "DASH27", "ticks": 2, "unanswered": 25, "completed": False, "officer_grade": "MEDIUM"}
    body = routed(callers, assessment=unanswered, perpetrator=a_perpetrator())
    clock.set(clock.now() + timedelta(hours=24))

    run_job(sessions, lambda _: clock.now(), Job("decide after an ended clock", decide_after_ended_clock))

    newest = callers.hub.get(f"/v1/referrals/{body['referral_id']}/decisions").json()["items"][-1]["decision"]
    assert newest["outcomes"]["marac"] == "yes"
    assert {one["rule"] for one in newest["findings"] if one["outcome"] == "marac"} == {"MARAC-09"}
    needs = callers.coordinator.get(f"/v1/cases/{body['case_id']}").json()["needs"]
    assert "MARAC" in {one["forum"] for need in needs for one in need["proposals"] if one["state"] == "PROPOSED"}


def test_officer_is_sent_within_the_hour_when_the_perpetrator_answers_the_victims_telephone(callers: Callers) -> None:
    """14.1.18: officers telephoned, the perpetrator answered, and nobody saw the victim for days."""
    answered = not_high_risk() | {"perpetrator_answered_phone": True, "seen_alone": False}

    body = routed(callers, assessment=answered)

    assert owed(body, "D33.alarm") == ("RESPONSE_SUPERVISOR", "2026-03-10T10:30:00Z")
    assert owed(body, "D09") == ("REFERRER", "2026-03-10T10:30:00Z")
    assert [a["life_safety"] for a in body["actions"] if a["duty"] in {"D33.alarm", "D09"}] == [True, True]


def test_incident_in_which_only_one_of_them_was_seen_leaves_the_victim_to_be_seen(callers: Callers) -> None:
    """14.1.16: officers saw one party and closed the incident; the duty stays open until somebody reports on it."""
    one_seen = not_high_risk() | {"both_parties_seen": False, "seen": False, "seen_alone": False}

    body = routed(callers, assessment=one_seen)

    (see_victim,) = (action for action in body["actions"] if action["duty"] == "D33")
    assert see_victim["done_when"] == "the victim was seen alone, by whom and when"
    assert (see_victim["state"], see_victim["life_safety"]) == ("OPEN", True)


def test_high_grade_goes_to_the_idva_today_and_to_marac_within_a_day(callers: Callers) -> None:
    """14.1.20."""
    body = routed(callers)

    assert sent(callers, body, "D02") == {("ATTENDING_SUPERVISOR", "ANYTOWN-IDVA")}
    assert sent(callers, body, "D03") == {("PVP_HUB", "ANYTOWN-MARAC")}
    assert owed(body, "D06") == ("IDVA", TOMORROW)


def test_form_that_the_hub_has_not_read_in_a_day_is_overdue_and_people_are_told(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    """14.1.15: the hub read a form fourteen days late."""
    body = routed(callers, assessment=not_high_risk())
    (unread,) = (enquiry for enquiry in body["enquiries"] if "hub_review" in enquiry["asks"])
    clock.set(datetime(2026, 3, 12, 9, 0, tzinfo=UTC))

    sweep(sessions, clock.now())

    told = told_of(sessions, unread["id"])
    waiting = callers.coordinator.get("/v1/enquiries", limit=200).json()["items"]
    late = {one["id"] for one in waiting if one["until"] < "2026-03-12T09:00:00Z"}
    assert unread["id"] in late
    # By the second morning also the hub's inspector: MARAC was not asked.
    assert {one.role for one in told} == {"PVP_HUB", "LINE_MANAGER", "POLICE_INSPECTOR"}
    assert {one.agency for one in told} == {"ANYTOWN-POLICE"}


def test_each_of_two_practitioners_is_named_to_the_other_the_same_day(callers: Callers) -> None:
    """14.1.11, 14.1.13: each probation service was told of one person only."""
    body = routed(callers, perpetrator=a_perpetrator(), victim=a_victim(under_supervision=True))

    assert owed(body, "D24.perpetrator") == owed(body, "D24.victim") == ("PVP_HUB", TODAY)


def test_each_of_two_services_is_told_of_the_other_person_and_not_only_the_areas_own(
    callers: Callers, victims_service: Caller
) -> None:
    """14.1.5, 14.1.11: the second service supervised the victim, and nobody told it of the perpetrator."""
    supervised = a_perpetrator(licences=[LICENCE | {"service": "ANYTOWN-PROBATION"}])

    body = routed(
        callers,
        perpetrator=supervised,
        victim=a_victim(under_supervision=True, supervised_by="ANYTOWN-COMMUNITY"),
    )

    told = {one["duty"]: one["recipient_agency"] for one in body["actions"] if one["duty"].startswith("D24")}
    assert told == {"D24.perpetrator": "ANYTOWN-PROBATION", "D24.victim": "ANYTOWN-COMMUNITY"}
    seen = {
        name: {one["duty"] for one in caller.get("/v1/actions", limit=200).json()["items"]} & told.keys()
        for name, caller in (("perpetrator", callers.probation), ("victim", victims_service))
    }
    assert seen == {"perpetrator": {"D24.perpetrator"}, "victim": {"D24.victim"}}


def test_service_that_is_learned_of_later_is_told_by_the_action_that_is_open(
    callers: Callers, victims_service: Caller
) -> None:
    """14.1.13: who supervised the victim came out only afterwards."""
    body = routed(callers, perpetrator=a_perpetrator(), victim=a_victim(under_supervision=True))
    (notice,) = (one for one in body["actions"] if one["duty"] == "D24.victim")

    learned = {"victim": {"supervised_by": "ANYTOWN-COMMUNITY"}}
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", learned).raise_for_status()

    (seen,) = (one for one in victims_service.get("/v1/actions", limit=200).json()["items"])
    assert (seen["id"], seen["recipient_agency"]) == (notice["id"], "ANYTOWN-COMMUNITY")


def test_service_that_no_agency_of_ours_answers_for_is_told_through_the_areas_own(callers: Callers) -> None:
    """14.1.5: a name that we do not know must not leave a practitioner untold."""
    body = routed(
        callers,
        perpetrator=a_perpetrator(),
        victim=a_victim(under_supervision=True, supervised_by="ELSEWHERE-PROBATION"),
    )

    told = {one["recipient_agency"] for one in body["actions"] if one["duty"].startswith("D24")}
    assert told == {"ANYTOWN-PROBATION"}


def test_open_disclosure_request_runs_28_days_and_is_not_made_again(callers: Callers) -> None:
    """14.1.9, 14.2.8: thirteen weeks for one request, and a second one agreed beside it."""
    request = {"applied_on": "2026-03-10"}
    body = routed(callers, disclosure=request, perpetrator=a_perpetrator(new_relationship=True))

    assert owed(body, "D28") == ("DVDS_TEAM", "2026-04-07")
    assert "D27" not in duties(body)


def test_open_disclosure_request_is_checked_within_24_hours_and_decided_after(callers: Callers) -> None:
    """14.1.9-10: stage one was reached only after thirteen weeks."""
    body = routed(callers, disclosure={"applied_on": "2026-03-10"})

    assert asked(body, "D28c")[0] == "DVDS_TEAM"
    assert owed(body, "D28")[1] > asked(body, "D28c")[1]


def test_joint_visit_is_due_five_working_days_after_the_hearing_and_the_disclosure_before_it(
    callers: Callers, clock: SettableClock
) -> None:
    """14.2.13: the visit was made after fourteen working days, with no disclosure ready."""
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], meeting)

    path = f"/v1/referrals/{body['referral_id']}/facts"
    after = in_full(
        callers.coordinator,
        callers.hub.post(path, {"joint_visit_agreed": True, "disclosure": {"applied_on": "2026-03-20"}}).json(),
    )

    assert owed(after, "D30") == ("POLICE_SUPERVISOR", "2026-04-02")
    assert owed(after, "D29") == ("DVDS_TEAM", "2026-04-01")


def test_joint_visit_that_was_called_off_is_owed_again_in_one_working_day_and_the_chair_is_told(
    callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    """14.2.13: the visit was cancelled, then nobody was in, and nobody above knew."""
    sitting = Sitting(callers, clock)
    meeting = sitting.cycle()[0]["id"]
    body = sitting.referred()
    sitting.on(FIRST_MEETING)
    sitting.heard(body["case_id"], meeting)
    path = f"/v1/referrals/{body['referral_id']}/facts"
    callers.hub.post(path, {"joint_visit_agreed": True}).raise_for_status()
    (visit,) = still_owed(callers, body["case_id"], "D30")
    sitting.on(date(2026, 3, 31))

    report(callers.hub, visit, "NOT_DONE", "Called off on the day; the officer was needed elsewhere")

    (again,) = still_owed(callers, body["case_id"], "D30")
    assert (again["follows_id"], again["due_on"]) == (visit["id"], "2026-04-01")
    assert (again["owner_agency"], again["owner_role"]) == ("ANYTOWN-POLICE", "POLICE_SUPERVISOR")
    with sessions.begin() as session:
        scope_to_system(session)
        (alarm,) = session.scalars(select(Event).where(Event.type == EventType.ACTION_NOT_DONE)).all()
    assert alarm.subject_id == visit["id"]
    assert "ANYTOWN-MARAC" in alarm.agencies


def test_weekly_contact_is_owed_anew_seven_days_after_each_report_while_the_risk_is_high(
    callers: Callers, clock: SettableClock
) -> None:
    """14.3.9, 14.3.14: the perpetrator was not seen for 31 days, and nothing said so."""
    body = routed(callers, assessment=not_high_risk(), perpetrator=a_perpetrator(rosh={"public": "HIGH"}))
    seen = []

    for _ in range(3):
        (contact,) = still_owed(callers, body["case_id"], "D19")
        seen.append(contact["due_on"])
        clock.set(clock.now() + timedelta(days=6))
        report(callers.probation, contact, "COMPLETED", "Seen at the office and at home")

    assert seen == ["2026-03-17", "2026-03-23", "2026-03-29"]
    assert [one["due_on"] for one in still_owed(callers, body["case_id"], "D19")] == ["2026-04-04"]


def test_weekly_contact_ends_with_the_decision_after_the_risk_has_fallen(callers: Callers) -> None:
    """14.3.9: what is owed follows the newest decision."""
    body = routed(callers, assessment=not_high_risk(), perpetrator=a_perpetrator(rosh={"public": "HIGH"}))
    lower = {"perpetrator": {"rosh": {"public": "MEDIUM", "known_adult": "LOW", "children": "LOW", "staff": "LOW"}}}
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", lower).raise_for_status()

    assert still_owed(callers, body["case_id"], "D19") == []


def test_level_2_referral_is_owed_from_the_day_of_the_marac_referral(callers: Callers) -> None:
    """14.2.15, 14.3.20: nobody referred the perpetrator to MAPPA level 2."""
    body = in_full(callers.coordinator, callers.hub.post("/v1/referrals", a_serial_perpetrator()).json())

    assert sent(callers, body, "D16.form") == {("SUPERVISING_PRACTITIONER", "ANYTOWN-MAPPA")}
    assert sent(callers, body, "D14") == {("PVP_HUB", "ANYTOWN-MATAC")}


def test_decision_on_recall_cannot_be_reported_without_its_reason(callers: Callers) -> None:
    """14.3.16: recall, approved premises and a warning were not discussed."""
    body = routed(callers, assessment=not_high_risk(), perpetrator=a_perpetrator(missed_supervision=True))
    (recall,) = (action for action in body["actions"] if action["duty"] == "D20")

    answer = callers.probation.post(
        f"/v1/actions/{recall['id']}/outcomes", {"outcome": "COMPLETED"}, **{"If-Match": '"1"'}
    )

    assert answer.status_code == 422
    assert "/note" in [fault["pointer"] for fault in answer.json()["errors"]]


def test_assault_by_another_perpetrator_is_a_case_of_its_own_beside_the_first(callers: Callers) -> None:
    """14.1.27: the victim was helped with the other perpetrator, and nobody looked at the first again."""
    first = routed(callers)

    second = routed(callers, "DV-2", perpetrator=a_perpetrator(ref="P-2"))

    def need(body: Body, kind: str) -> Body:
        return next(need for need in body["needs"] if need["kind"] == kind)

    assert second["case_id"] != first["case_id"]
    assert "WARN-08" in warnings(second)
    assert need(second, "VICTIM_SAFETY")["id"] == need(first, "VICTIM_SAFETY")["id"]
    assert need(second, "PERPETRATOR")["id"] != need(first, "PERPETRATOR")["id"]
    kept = callers.chair.get(f"/v1/needs/{need(first, 'PERPETRATOR')['id']}").json()
    assert (kept["owner"]["forum"], kept["owner"]["until"]) == ("HUB", None)


def test_disclosure_that_reaches_the_coordinator_decides_the_case_anew(callers: Callers) -> None:
    """14.1.22: the victim told somebody, and it was not passed on."""
    body = routed(callers)

    callers.coordinator.post(
        f"/v1/referrals/{body['referral_id']}/incidents",
        {"incident": an_incident("2026-03-10T08:00:00Z", force="ANYTOWN-IDVA")},
    ).raise_for_status()

    decisions = callers.hub.get(f"/v1/referrals/{body['referral_id']}/decisions").json()["items"]
    assert [decision["because"] for decision in decisions] == ["referral received", "new incident"]
