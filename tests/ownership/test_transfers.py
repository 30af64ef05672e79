"""The victim moves, and no area may believe that the other one owns the victim's safety (review 14.3.15)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text

from app.foundation.clock import SettableClock
from tests.ending import end_need
from tests.given import Callers, a_serial_perpetrator, an_incident
from tests.ownership.test_handshake import need_of

CARRIED = {
    "to_area": "BORDER",
    "plan": "Weekly contact by the IDVA; locks changed; alarm fitted at the old address",
    "minutes": "Not heard yet; the list for the next meeting is not out",
    "idva_handover": "Call on the number a sister keeps, mornings only, and never leave a message",
}


def ask(callers: Callers, body: dict[str, Any], **changes: Any) -> Any:
    return callers.coordinator.post(f"/v1/cases/{body['case_id']}/transfers", CARRIED | changes)


def safety_of(callers: Callers, case_id: str) -> list[dict[str, Any]]:
    needs = callers.coordinator.get(f"/v1/cases/{case_id}").json()["needs"]
    return [need for need in needs if need["kind"] == "VICTIM_SAFETY"]


def test_area_the_victim_leaves_owns_the_safety_until_the_other_accepts(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    answer = ask(callers, routed)

    assert (answer.status_code, answer.json()["state"]) == (201, "PROPOSED")
    (need,) = safety_of(callers, routed["case_id"])
    assert (need["area"], need["owner"]["agency"]) == ("ANYTOWN", "ANYTOWN-POLICE")


def test_acceptance_moves_the_victims_safety_at_one_instant_and_ends_the_old_need_as_moved(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers, clock: SettableClock
) -> None:
    transfer = ask(callers, routed).json()
    clock.set(clock.now() + timedelta(hours=5))

    answer = elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {})

    assert answer.status_code == 201, answer.text
    old = callers.hub.get(f"/v1/needs/{need_of(routed, 'VICTIM_SAFETY')['id']}").json()
    (new,) = (
        need
        for need in elsewhere.coordinator.get(f"/v1/cases/{routed['case_id']}").json()["needs"]
        if need["kind"] == "VICTIM_SAFETY"
    )
    assert old["ending"]["reason"] == "MOVED"
    assert old["ending"]["transfer_id"] == transfer["id"]
    assert new["owner"]["agency"] == "BORDER-MARAC"
    assert old["ended_at"] == new["owner"]["since"]


def test_receiving_area_reads_plan_minutes_and_handover_before_it_answers(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    transfer = ask(callers, routed).json()

    read = elsewhere.coordinator.get(f"/v1/transfers/{transfer['id']}").json()

    assert {name: read[name] for name in CARRIED} == CARRIED


def test_receiving_area_reads_whether_it_was_heard_whether_the_plan_came_and_when_the_idvas_speak(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    known = {"heard_before": True, "heard_on": "2026-02-12", "plan_sent": False, "idva_handover_on": "2026-03-12"}
    transfer = ask(callers, routed, **known).json()

    read = elsewhere.coordinator.get(f"/v1/transfers/{transfer['id']}").json()

    assert {name: read[name] for name in known} == known


def test_day_of_a_hearing_that_is_denied_is_refused_and_named(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    answer = ask(callers, routed, heard_before=False, heard_on="2026-02-12")

    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/heard_on", "contradiction")]


def test_transfer_without_plan_minutes_or_handover_is_refused_by_name(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    answer = callers.coordinator.post(f"/v1/cases/{routed['case_id']}/transfers", {"to_area": "BORDER"})

    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/plan", "/minutes", "/idva_handover"}


def test_declined_transfer_leaves_the_victim_with_the_area_that_asked(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    transfer = ask(callers, routed).json()

    answer = elsewhere.chair.post(
        f"/v1/transfers/{transfer['id']}/declines",
        {"reason": "The victim has not arrived; the address is not ours"},
    )

    assert answer.json()["answer"]["reason"].startswith("The victim has not arrived")
    (need,) = safety_of(callers, routed["case_id"])
    assert need["owner"] is not None


def test_only_the_receiving_coordinator_can_accept(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    transfer = ask(callers, routed).json()

    own = callers.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {})
    police = elsewhere.hub.post(f"/v1/transfers/{transfer['id']}/acceptances", {})

    assert (own.status_code, police.status_code) == (403, 403)


def test_one_area_at_a_time_is_asked_to_accept(routed: dict[str, Any], callers: Callers, elsewhere: Callers) -> None:
    ask(callers, routed).raise_for_status()

    assert ask(callers, routed).status_code == 409


def test_named_actions_go_along_and_the_others_stay_with_their_owners(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers, clock: SettableClock
) -> None:
    before = callers.chair.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    idva_action = next(action for action in before if action["owner_role"] == "IDVA")
    transfer = ask(callers, routed, actions_handed_over=[idva_action["id"]]).json()

    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    went = elsewhere.coordinator.get(f"/v1/actions/{idva_action['id']}").json()
    stayed = callers.chair.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    assert (went["area"], went["owner_agency"], went["owner_role"]) == ("BORDER", "BORDER-IDVA", "IDVA")
    # The question about an emergency meeting is the receiving area's chair's, for its list is where the case waits.
    left = [one for one in before if one["id"] != idva_action["id"] and one["duty"] != "D07"]
    others = {action["id"]: action["owner_agency"] for action in left}
    assert others.items() <= {action["id"]: action["owner_agency"] for action in stayed}.items()
    moved = elsewhere.coordinator.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    assert [one["area"] for one in moved if one["duty"] == "D07"] == ["BORDER"]


def test_new_incident_after_the_move_is_routed_by_the_receiving_area(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers, clock: SettableClock
) -> None:
    transfer = ask(callers, routed).json()
    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()
    clock.set(clock.now() + timedelta(days=2))

    incident = {"incident": an_incident("2026-03-12T01:00:00Z", force="BORDER-POLICE")}
    body = callers.hub.post(f"/v1/referrals/{routed['referral_id']}/incidents", incident)

    assert body.status_code == 201, body.text
    (answered,) = (need for need in body.json()["needs"] if need["kind"] == "VICTIM_SAFETY")
    safety = elsewhere.coordinator.get(f"/v1/needs/{answered['id']}").json()
    assert (safety["area"], safety["owner"]["agency"]) == ("BORDER", "BORDER-MARAC")


def test_area_where_nobody_could_accept_is_never_asked(routed: dict[str, Any], callers: Callers) -> None:
    answer = ask(callers, routed)

    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/to_area"]


def a_meeting(where: Callers, area: str, held_on: str = "2026-03-26", cut_off_on: str = "2026-03-18") -> dict[str, Any]:
    body = {"area": area, "forum": "MARAC", "held_on": held_on, "cut_off_on": cut_off_on}
    answer = where.coordinator.post("/v1/meetings", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def listed(where: Callers, meeting: dict[str, Any]) -> list[str]:
    items = where.coordinator.get(f"/v1/meetings/{meeting['id']}/list").json()["items"]
    return [entry["case_id"] for entry in items]


def test_case_leaves_the_old_areas_list_for_the_receiving_areas_at_acceptance(
    callers: Callers, elsewhere: Callers
) -> None:
    old, new = a_meeting(callers, "ANYTOWN"), a_meeting(elsewhere, "BORDER")
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    transfer = ask(callers, routed).json()
    waiting = listed(callers, old), listed(elsewhere, new)

    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    assert waiting == ([routed["case_id"]], [])
    assert (listed(callers, old), listed(elsewhere, new)) == ([], [routed["case_id"]])


def test_case_waits_on_the_receiving_areas_own_list_until_that_area_has_a_meeting(
    callers: Callers, elsewhere: Callers
) -> None:
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    transfer = ask(callers, routed).json()
    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    old, new = a_meeting(callers, "ANYTOWN"), a_meeting(elsewhere, "BORDER")

    assert (listed(callers, old), listed(elsewhere, new)) == ([], [routed["case_id"]])


def test_case_that_the_old_area_heard_is_heard_again_where_the_victim_lives_now(
    callers: Callers, elsewhere: Callers, clock: SettableClock
) -> None:
    old, new = a_meeting(callers, "ANYTOWN"), a_meeting(elsewhere, "BORDER", "2026-04-23", "2026-04-15")
    routed = callers.hub.post("/v1/referrals", a_serial_perpetrator()).json()
    clock.set(clock.now().replace(month=3, day=26))
    callers.chair.post(f"/v1/cases/{routed['case_id']}/hearings", {"meeting_id": old["id"]}).raise_for_status()
    transfer = ask(callers, routed).json()

    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    assert listed(elsewhere, new) == [routed["case_id"]]


def test_acceptance_decides_the_case_under_the_receiving_areas_policy(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    transfer = ask(callers, routed).json()

    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    decisions = elsewhere.coordinator.get(f"/v1/referrals/{routed['referral_id']}/decisions").json()["items"]
    assert [decision["because"] for decision in decisions] == [
        "referral received",
        "taken over from ANYTOWN",
    ]


def test_receiving_area_reads_the_referral_and_the_decisions_only_once_it_has_accepted(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    transfer = ask(callers, routed).json()
    paths = [f"/v1/referrals/{routed['referral_id']}{rest}" for rest in ("", "/decisions")]
    before = [elsewhere.coordinator.get(path).status_code for path in paths]

    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    assert before == [404, 404]
    assert [elsewhere.coordinator.get(path).status_code for path in paths] == [200, 200]
    assert elsewhere.idva.get(paths[0]).status_code in {403, 404}


def test_systems_of_both_areas_are_told_of_a_transfer_by_its_own_names(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    declined = ask(callers, routed).json()
    elsewhere.coordinator.post(f"/v1/transfers/{declined['id']}/declines", {"reason": "The victim has not arrived"})
    transfer = ask(callers, routed).json()
    elsewhere.coordinator.post(f"/v1/transfers/{transfer['id']}/acceptances", {}).raise_for_status()

    told = [
        [event["type"] for event in one.coordinator.get("/v1/events", limit=200).json()["items"]]
        for one in (callers, elsewhere)
    ]

    assert [[kind for kind in kinds if kind.startswith("transfer.")] for kinds in told] == [
        ["transfer.proposed", "transfer.declined", "transfer.proposed", "transfer.accepted"]
    ] * 2


def test_area_that_was_asked_is_told_when_the_need_ends_before_it_answered(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers
) -> None:
    ask(callers, routed).raise_for_status()
    need = need_of(routed, "VICTIM_SAFETY")
    actions = callers.chair.get("/v1/actions", case_id=routed["case_id"], limit=200).json()["items"]
    ending = {
        "reason": "DECEASED",
        "note": "Died in hospital of an illness",
        "occurred_on": "2026-03-10",
        "actions_continue": [action["id"] for action in actions],
    }

    end_need(callers.hub, callers.coordinator, need["id"], ending).raise_for_status()

    kinds = [event["type"] for event in elsewhere.coordinator.get("/v1/events", limit=200).json()["items"]]
    assert kinds == ["transfer.proposed", "transfer.withdrawn"]


def test_one_agency_that_works_in_both_areas_moves_nobody_alone(
    routed: dict[str, Any], callers: Callers, elsewhere: Callers, owner_engine: Engine
) -> None:
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE post SET agency = 'ANYTOWN-MARAC' WHERE area = 'BORDER'"))
        connection.execute(text("UPDATE client SET areas = '{ANYTOWN,BORDER}' WHERE agency = 'ANYTOWN-MARAC'"))
    named = callers.coordinator.on_behalf_of
    path = f"/v1/cases/{routed['case_id']}/transfers"
    transfer = callers.coordinator.post(path, CARRIED, **named("jo.smith")).json()
    accepted = f"/v1/transfers/{transfer['id']}/acceptances"

    alone = [callers.coordinator.post(accepted, {}), callers.coordinator.post(accepted, {}, **named("jo.smith"))]
    by_two = callers.coordinator.post(accepted, {}, **named("sam.reid"))

    assert [(one.status_code, one.json()["code"]) for one in alone] == [(409, "same-person")] * 2
    assert by_two.status_code == 201, by_two.text
