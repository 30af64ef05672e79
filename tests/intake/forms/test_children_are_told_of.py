"""Children and their settings: what is told of each, to whom, and what the perpetrator's side never reads."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.outbox.models import Event
from tests.given import Callers, a_referral, in_full
from tests.people.test_links import confirm, propose

SETTING = "SCH-99-ELM"


def a_child(**changes: Any) -> dict[str, Any]:
    return {"ref": "C-1", "age": 8, "in_household": True, **changes}


def told(callers: Callers, duty: str, **child: Any) -> str:
    body = callers.hub.post("/v1/referrals", a_referral(children=[a_child(**child)])).json()
    (action,) = [one for one in in_full(callers.coordinator, body)["actions"] if one["duty"] == duty]
    return str(action["what"])


def test_social_care_reads_relations_plan_order_and_whether_the_child_was_spoken_to(callers: Callers) -> None:
    what = told(
        callers, "D25.social_care", relation_to_victim="CHILD", relation_to_perpetrator="STEPCHILD", plan="CP",
        contact_order="SUPERVISED_CONTACT", perpetrator_has_pr=False, spoken_to_alone=False,
    )  # fmt: skip

    assert (
        "C-1: child of the victim, stepchild of the perpetrator, the perpetrator has no parental responsibility, "
        "court order: supervised contact, plan: child protection, not spoken to alone"
    ) in what


def test_setting_is_told_of_a_child_who_was_not_there_and_to_whom_it_may_speak(callers: Callers) -> None:
    what = told(callers, "D25.school", setting=SETTING, present_at_incident=False, parent_to_tell="V-1")

    assert f"C-1: at {SETTING}, not there when it happened, and told all the same" in what
    assert "the setting may speak to V-1 and to no other parent" in what


def test_setting_is_never_sent_to_the_perpetrator(callers: Callers) -> None:
    assert "P-1" not in told(callers, "D25.school", setting=SETTING, parent_to_tell="P-1")


NO_PARENT = "the setting may speak to no parent"


def notice(callers: Callers, case_id: str) -> str:
    actions = callers.coordinator.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    (what,) = [one["what"] for one in actions if one["duty"] == "D25.school"]
    return str(what)


def referred(callers: Callers, reference: str, victim: str, **changes: Any) -> Any:
    body = a_referral(reference, **({"victim": {"ref": victim, "age": 30}} | changes))
    answer = callers.hub.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def linked(callers: Callers, one: str, other: str) -> None:
    assert confirm(callers.coordinator, propose(callers.coordinator, one, other)).status_code == 201


def test_setting_is_never_sent_to_the_perpetrator_under_another_pseudonym(callers: Callers) -> None:
    referred(callers, "DV-0", "V-7", perpetrator={"ref": "P-9", "age": 41})
    referred(callers, "DV-1", "V-8")
    linked(callers, "P-1", "P-9")

    body = referred(callers, "DV-2", "V-1", children=[a_child(setting=SETTING, parent_to_tell="P-9")])

    assert NO_PARENT in notice(callers, body["case_id"])
    assert "P-9" not in notice(callers, body["case_id"])


def test_open_notice_is_put_right_by_the_link_that_says_who_the_parent_is(callers: Callers) -> None:
    referred(callers, "DV-0", "V-7", perpetrator={"ref": "P-9", "age": 41})
    body = referred(callers, "DV-2", "V-1", children=[a_child(setting=SETTING, parent_to_tell="P-9")])
    assert "may speak to P-9" in notice(callers, body["case_id"])

    linked(callers, "P-1", "P-9")

    assert NO_PARENT in notice(callers, body["case_id"])
    assert "P-9" not in notice(callers, body["case_id"])


def test_open_notice_is_put_right_when_the_parent_is_identified_as_the_perpetrator(callers: Callers) -> None:
    child = a_child(setting=SETTING, parent_to_tell="P-55")
    body = referred(callers, "DV-1", "V-1", perpetrator={"known": False}, children=[child])
    assert "may speak to P-55" in notice(callers, body["case_id"])

    answer = callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"perpetrator": {"ref": "P-55"}})

    assert answer.status_code == 201, answer.text
    assert NO_PARENT in notice(callers, body["case_id"])


def test_open_notice_is_put_right_when_another_case_says_that_the_parent_harms_the_victim(callers: Callers) -> None:
    body = referred(callers, "DV-1", "V-1", children=[a_child(setting=SETTING, parent_to_tell="P-55")])

    referred(callers, "DV-2", "V-1", perpetrator={"ref": "P-55", "age": 30})

    assert NO_PARENT in notice(callers, body["case_id"])


def test_setting_that_was_told_of_a_parent_who_harms_is_told_again(callers: Callers) -> None:
    child = a_child(setting=SETTING, parent_to_tell="P-55", encompass_told_at="2026-03-10T08:30:00Z")
    body = referred(callers, "DV-1", "V-1", perpetrator={"known": False}, children=[child])

    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"perpetrator": {"ref": "P-55"}})

    assert NO_PARENT in notice(callers, body["case_id"])


def test_earlier_words_of_a_notice_stay_on_record(callers: Callers) -> None:
    child = a_child(setting=SETTING, parent_to_tell="P-55")
    body = referred(callers, "DV-1", "V-1", perpetrator={"known": False}, children=[child])
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", {"perpetrator": {"ref": "P-55"}})
    actions = callers.coordinator.get("/v1/actions", case_id=body["case_id"], limit=200).json()["items"]
    (action,) = [one for one in actions if one["duty"] == "D25.school"]

    (change,) = callers.coordinator.get(f"/v1/actions/{action['id']}").json()["changes"]

    assert (change["what"], change["became"]) == ("words", action["what"])
    assert "may speak to P-55" in change["was"]
    timeline = callers.coordinator.get(f"/v1/cases/{body['case_id']}/timeline").json()["items"]
    assert [one["what"] for one in timeline if "said anew" in one["what"]] == [
        "The action is said anew: the newest decision says it so"
    ]


def test_unborn_child_is_told_of_to_social_care_with_the_day_it_is_due(callers: Callers) -> None:
    child = {"age": None, "in_household": None, "unborn_due_on": "2026-06-01"}

    assert "C-1: not born yet, due on 2026-06-01" in told(callers, "D25.social_care", **child)


@pytest.mark.parametrize("caller", ["probation", "matac", "mappa"])
def test_perpetrators_side_never_reads_where_a_child_is_found(caller: str, callers: Callers) -> None:
    body = callers.hub.post("/v1/referrals", a_referral(children=[a_child(setting=SETTING)])).json()
    client = getattr(callers, caller)
    case = body["case_id"]

    paths = ["/v1/actions", f"/v1/cases/{case}", f"/v1/cases/{case}/timeline", f"/v1/referrals/{body['referral_id']}"]
    read = " ".join(client.get(path).text for path in paths)

    assert SETTING not in read


def test_setting_is_in_no_event(callers: Callers, sessions: sessionmaker[Session]) -> None:
    callers.hub.post("/v1/referrals", a_referral(children=[a_child(setting=SETTING)])).raise_for_status()

    with sessions.begin() as session:
        scope_to_system(session)
        bodies = [event.body for event in session.scalars(select(Event))]

    assert bodies
    assert not any(SETTING in str(body) for body in bodies)


def test_name_of_a_child_is_refused_by_name(callers: Callers) -> None:
    answer = callers.hub.post("/v1/referrals", a_referral(children=[a_child(name="Ann")]))

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/children/0/name"]
