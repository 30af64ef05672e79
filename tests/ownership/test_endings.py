"""No bare "closed": five reasons, each proved, each given by the chair of the forum that owns the need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from app.access.models import Account, Agency, Post
from app.access.service import add_client, scope_to_system
from app.foundation.clock import SettableClock
from app.foundation.identifiers import new_id
from app.vocabulary import Role
from tests.actions.given_actions import an_agreed_action
from tests.ending import confirm, proof_of_death, refuse, say_that_it_ends
from tests.given import Caller, Callers, a_referral, an_incident
from tests.inbox.reading import asked as asked_of
from tests.inbox.reading import the
from tests.ownership.test_handshake import need_of, proposal_to
from tests.postgres import see_every_row

NOTE = "Reassessed by the practitioner and the hub; every agency agrees"


def taken_by_probation(callers: Callers, body: dict[str, Any], clock: SettableClock) -> dict[str, Any]:
    """Probation has accepted, and nobody else is being asked."""
    clock.set(clock.now() + timedelta(hours=1))
    need = need_of(body)
    path = f"/v1/proposals/{proposal_to(need, 'MAPPA_L1_LEAD_AGENCY')['id']}/acceptances"
    callers.probation.post(path, {}).raise_for_status()
    taken_back = f"/v1/proposals/{proposal_to(need, 'MAPPA_L2')['id']}/withdrawals"
    answer = callers.hub.post(taken_back, {"reason": "The level was set at one, by agreement"})
    answer.raise_for_status()
    clock.set(clock.now() + timedelta(hours=1))
    ended: dict[str, Any] = answer.json()
    return ended


def open_actions(callers: Callers, case_id: str) -> list[str]:
    listed = callers.chair.get("/v1/actions", case_id=case_id, limit=200).json()["items"]
    return [action["id"] for action in listed]


def end(who: Caller, need: dict[str, Any], reason: str, **named: Any) -> Any:
    return say_that_it_ends(who, need["id"], {"reason": reason, "note": NOTE} | named)


def test_owning_forums_chair_ends_a_need_and_the_reason_stays_on_record(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])

    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named)

    answer = confirm(callers.coordinator, asked.json()["id"])

    assert answer.status_code == 201, answer.text
    ended = answer.json()
    assert (ended["owner"], ended["ending"]["reason"], ended["ending"]["as_role"]) == (
        None,
        "RISK_RESOLVED",
        "SENIOR_PROBATION",
    )
    assert ended["owners"][-1]["until"] == ended["ended_at"]


@pytest.mark.parametrize("who", ["chair", "hub", "matac"])
def test_nobody_but_the_owning_forums_chair_ends_a_need(
    who: str, routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)

    answer = end(getattr(callers, who), need, "RISK_RESOLVED", occurred_on="2026-03-10")

    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("reason", ["CLOSED", "CLOSED_NO_LONGER_A_CASE", "NO_LONGER_A_MARAC_CASE"])
def test_there_is_no_bare_close_under_any_name(reason: str, routed: dict[str, Any], callers: Callers) -> None:
    assert end(callers.hub, need_of(routed), reason).status_code == 422


def test_risk_is_not_resolved_while_a_forum_is_still_being_asked(routed: dict[str, Any], callers: Callers) -> None:
    answer = end(callers.hub, need_of(routed), "RISK_RESOLVED", occurred_on="2026-03-10")

    assert (answer.status_code, answer.json()["code"]) == (409, "need-in-question")


def test_hub_cannot_end_the_need_of_a_perpetrator_whom_no_forum_took(callers: Callers, clock: SettableClock) -> None:
    perpetrator = {"ref": "P-1", "age": 40, "in_custody": False, "mappa": {"not_managed": True}}
    incidents = [an_incident(), an_incident("2025-11-02T20:00:00Z", victim_ref="V-OTHER")]
    sent = a_referral(perpetrator=perpetrator, incidents=incidents)
    body = callers.hub.post("/v1/referrals", sent).json()
    need = need_of(body)
    asked = [p for p in need["proposals"] if p["kind"] == "LEAD"]
    assert [proposal["forum"] for proposal in asked] == ["MATAC"]
    for proposal in asked:
        said = {"code": "BELOW_THRESHOLD", "reason": "A meeting would not add value at present"}
        callers.matac.post(f"/v1/proposals/{proposal['id']}/declines", said).raise_for_status()

    answer = end(callers.hub, need, "RISK_RESOLVED", occurred_on="2026-03-10")

    assert answer.status_code == 409
    assert answer.json()["next_moves"]


def test_need_does_not_end_while_an_unfinished_action_is_unnamed(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])[1:]

    answer = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named)

    assert answer.json()["code"] == "ending-with-open-actions"
    assert len(answer.json()["open_actions"]) == 1


def test_need_never_ends_as_moved_before_another_area_has_accepted(routed: dict[str, Any], callers: Callers) -> None:
    answer = end(callers.hub, need_of(routed), "MOVED", transfer_id="trf_0123")

    assert (answer.status_code, answer.json()["code"]) == (409, "moved-without-acceptance")


def test_perpetrator_whom_our_records_do_not_show_in_custody_cannot_be_ended_as_held(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)

    answer = end(
        callers.probation,
        need,
        "CUSTODY_NO_RELEASE",
        occurred_on="2026-03-10",
        actions_continue=open_actions(callers, routed["case_id"]),
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "custody-not-on-record")


def test_death_is_said_with_its_day(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed)
    named = open_actions(callers, routed["case_id"])

    bare = end(callers.hub, need, "DECEASED", actions_continue=named)
    told = end(callers.hub, need, "DECEASED", occurred_on="2026-03-09", actions_continue=named)
    ended = confirm(callers.coordinator, told.json()["id"])

    assert (bare.status_code, told.status_code, ended.status_code) == (422, 201, 201)
    assert {p["state"] for p in ended.json()["proposals"]} == {"WITHDRAWN"}


def test_duplicate_need_leaves_its_cases_to_the_need_it_repeats(callers: Callers) -> None:
    perpetrator = {"age": 40, "in_custody": False, "mappa": {"not_managed": True}}
    bodies = [
        callers.hub.post(
            "/v1/referrals",
            a_referral(ref, victim={"ref": f"V-{ref}", "age": 30}, perpetrator=perpetrator | {"ref": f"P-{ref}"}),
        ).json()
        for ref in ("A", "B")
    ]
    first, second = (need_of(body) for body in bodies)

    asked = end(callers.hub, second, "DUPLICATE_OF", duplicate_of=first["id"])
    answer = confirm(callers.coordinator, asked.json()["id"])
    itself = end(callers.hub, first, "DUPLICATE_OF", duplicate_of=first["id"])

    assert (answer.status_code, itself.status_code) == (201, 422)
    case = callers.chair.get(f"/v1/cases/{bodies[1]['case_id']}").json()
    owned = {need["id"] for need in case["needs"] if need["owner"]}
    assert first["id"] in owned


def test_new_incident_after_the_end_opens_a_need_that_is_owned_at_once(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named)
    confirm(callers.coordinator, asked.json()["id"]).raise_for_status()
    clock.set(clock.now() + timedelta(days=3))

    incident = {"incident": an_incident("2026-03-13T01:00:00Z")}
    body = callers.hub.post(f"/v1/referrals/{routed['referral_id']}/incidents", incident)

    assert body.status_code == 201, body.text
    reopened = need_of(body.json())
    assert reopened["id"] != need["id"]
    assert reopened["owner"]["forum"] == "HUB"


def test_database_itself_refuses_a_need_that_ends_without_a_record(routed: dict[str, Any], engine: Engine) -> None:
    with engine.connect() as connection:
        see_every_row(connection)
        connection.execute(
            text(
                "UPDATE ownership SET during = tstzrange(lower(during), lower(during) + interval '1 hour'); "
                "UPDATE need SET ended_at = opened_at + interval '1 hour', end_reason = 'RISK_RESOLVED'"
            )
        )

        with pytest.raises(IntegrityError, match="without a record of why"):
            connection.commit()


def victims_safety_to_end(callers: Callers, routed: dict[str, Any], reason: str = "DECEASED") -> dict[str, Any]:
    """What the hub, which owns it, says of the victim's safety."""
    named = open_actions(callers, routed["case_id"])
    need = need_of(routed, "VICTIM_SAFETY")
    asked = end(callers.hub, need, reason, occurred_on="2026-03-09", actions_continue=named)
    assert asked.status_code == 201, asked.text
    body: dict[str, Any] = asked.json()
    return body


def test_hub_alone_ends_nobodys_safety_and_the_need_stays_owned(routed: dict[str, Any], callers: Callers) -> None:
    need = need_of(routed, "VICTIM_SAFETY")
    sent = {"reason": "DECEASED", "note": NOTE, "occurred_on": "2026-03-09", "death": proof_of_death("2026-03-09")}
    sent["actions_continue"] = open_actions(callers, routed["case_id"])

    nameless = callers.hub.post(f"/v1/needs/{need['id']}/endings", sent)
    asked = victims_safety_to_end(callers, routed)

    answers = [confirm(callers.hub, asked["id"], person) for person in ("jo.smith", "sam.reid")]
    system = callers.idva.post(f"/v1/endings/{asked['id']}/confirmations", {"note": NOTE})
    still = callers.coordinator.get(f"/v1/needs/{need['id']}").json()
    assert (nameless.status_code, nameless.json()["code"]) == (422, "no-person")
    assert [one.status_code for one in answers] == [403, 403]
    assert (system.status_code, system.json()["code"]) == (422, "no-person")
    assert (still["ended_at"], still["owner"]["agency"]) == (None, "ANYTOWN-POLICE")


def test_ending_waits_in_the_inbox_of_the_victims_advocate_until_it_is_answered(
    routed: dict[str, Any], callers: Callers
) -> None:
    asked = victims_safety_to_end(callers, routed)

    item = the(callers.idva, "ENDING")
    read = callers.idva.get(item["links"]["subject"]).json()
    ended = confirm(callers.idva, asked["id"])

    assert (item["subject_id"], item["owner_role"], asked["agency"]) == (asked["id"], "IDVA", "ANYTOWN-IDVA")
    assert (read["note"], read["state"]) == (NOTE, "PROPOSED")
    assert ended.status_code == 201, ended.text
    assert (ended.json()["ending"]["ended_by"], ended.json()["ending"]["confirmed_by"]) == (
        "ANYTOWN-POLICE/jo.smith",
        "ANYTOWN-IDVA/sam.reid",
    )
    assert asked_of(callers.idva, "ENDING") == []
    assert confirm(callers.idva, asked["id"]).status_code == 409


def test_perpetrators_need_ends_by_two_people_who_may_be_of_one_agency(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named).json()

    oneself = confirm(callers.probation, asked["id"], "JO.Smith")
    matac = confirm(callers.matac, asked["id"])
    colleague = confirm(callers.probation, asked["id"], "senior.probation")

    assert (oneself.status_code, matac.status_code, colleague.status_code) == (403, 404, 201)


def test_second_person_says_that_the_need_goes_on_and_the_chair_may_say_anew(
    routed: dict[str, Any], callers: Callers
) -> None:
    first = victims_safety_to_end(callers, routed)
    unproved = end(callers.hub, need_of(routed, "VICTIM_SAFETY"), "DECEASED", occurred_on="2026-03-09")
    refused = refuse(callers.idva, first["id"])

    second = victims_safety_to_end(callers, routed)
    taken_back = refuse(callers.hub, second["id"], "jo.smith")

    assert unproved.status_code == 409
    assert (refused.json()["state"], taken_back.json()["state"]) == ("DECLINED", "WITHDRAWN")
    assert confirm(callers.idva, second["id"]).status_code == 409


def test_risk_is_not_resolved_by_a_confirmation_after_a_new_report(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named).json()
    clock.set(clock.now() + timedelta(days=1))
    incident = {"incident": an_incident("2026-03-11T01:00:00Z")}
    callers.hub.post(f"/v1/referrals/{routed['referral_id']}/incidents", incident).raise_for_status()

    answer = confirm(callers.coordinator, asked["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "ending-overtaken")


def test_need_is_no_duplicate_of_a_strangers(callers: Callers, elsewhere: Callers) -> None:
    """It would end here, and the stranger's would be linked to the case."""
    own = need_of(callers.hub.post("/v1/referrals", a_referral()).json())
    strange = a_referral("DV-9", area="BORDER", victim={"ref": "V-9", "age": 30}, perpetrator={"ref": "P-9", "age": 30})
    foreign = need_of(elsewhere.hub.post("/v1/referrals", strange).json())

    answers = [end(callers.hub, own, "DUPLICATE_OF", duplicate_of=one) for one in (foreign["id"], f"ned_{'0' * 32}")]

    assert [one.status_code for one in answers] == [422, 422]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]


@pytest.mark.parametrize("person", ["ANYTOWN-POLICE/jo.smith", "ANYTOWN-POLICE", "ANYTOWN-POLICE/sam.reid"])
def test_database_itself_refuses_a_victims_ending_that_the_same_agency_confirms(
    person: str, routed: dict[str, Any], callers: Callers, engine: Engine
) -> None:
    victims_safety_to_end(callers, routed)
    statement = text("UPDATE asked_ending SET state = 'ACCEPTED', answer = 'x', answered_by = :by, answered_at = now()")

    with engine.connect() as connection:
        see_every_row(connection)
        with pytest.raises(IntegrityError, match="second_person|victims_safety_by_two_agencies"):
            connection.execute(statement, {"by": person})


def probation_fills(role: str, sessions: sessionmaker[Session]) -> None:
    """The area's post passes to probation, with a person in it who works here."""
    with sessions.begin() as session:
        scope_to_system(session)
        session.merge(Post(area="ANYTOWN", role=Role(role), agency="ANYTOWN-PROBATION"))
        session.add(an_account("ANYTOWN-PROBATION", "pat.dean", Role(role)))


def an_account(agency: str, name: str, post: Role, area: str = "ANYTOWN") -> Account:
    named = {"id": new_id("acc"), "agency": agency, "name": name, "full_name": "Pat Dean", "team": "Safety"}
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Account(**named, post=post, areas=[area], subject=None, added_at=at, suspended_at=None)


def test_key_of_the_perpetrators_side_has_no_part_in_the_end_of_a_victims_safety(
    routed: dict[str, Any], callers: Callers, sessions: sessionmaker[Session]
) -> None:
    """Not even the key of an agency that fills the chair's post."""
    probation_fills("MARAC_CHAIR", sessions)
    asked = victims_safety_to_end(callers, routed)
    side = callers.probation

    answers = [
        side.get(f"/v1/endings/{asked['id']}"),
        confirm(side, asked["id"], "pat.dean"),
        refuse(side, asked["id"], "pat.dean"),
    ]

    missing = side.get(f"/v1/endings/aen_{'0' * 32}").json()
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert {one.json()["detail"] for one in answers} == {missing["detail"]}
    assert callers.coordinator.get(f"/v1/endings/{asked['id']}").json()["state"] == "PROPOSED"


def test_key_of_the_perpetrators_side_does_not_say_that_a_victims_safety_ends(
    routed: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    """Not even the key of the agency that owns it."""
    kept = {"name": "offender managers", "role": "partner.perpetrator_side", "areas": ["ANYTOWN"]}
    with sessions.begin() as session:
        _, key = add_client(session, agency="ANYTOWN-POLICE", now=clock.now(), speaks_for_people=True, **kept)
    named = open_actions(callers, routed["case_id"])
    need = need_of(routed, "VICTIM_SAFETY")

    answer = end(replace(callers.hub, key=key), need, "DECEASED", occurred_on="2026-03-09", actions_continue=named)

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert asked_of(callers.idva, "ENDING") == []


def test_ending_of_a_victims_safety_is_in_no_inbox_of_the_perpetrators_side(
    routed: dict[str, Any], callers: Callers, sessions: sessionmaker[Session]
) -> None:
    probation_fills("IDVA", sessions)

    asked = victims_safety_to_end(callers, routed)

    assert asked["agency"] == "ANYTOWN-PROBATION"
    assert asked_of(callers.probation, "ENDING") == []


@pytest.mark.parametrize(
    ("who", "post", "area", "status"),
    [
        ("idva", "HOUSING", "ANYTOWN", 404),
        ("idva", "HOUSING", "BORDER", 404),
        ("idva", "IDVA", "BORDER", 404),
        ("idva", "MARAC_CHAIR", "ANYTOWN", 404),
        ("coordinator", "HOUSING", "ANYTOWN", 403),
        ("coordinator", "MARAC_CHAIR", "BORDER", 403),
    ],
)
def test_only_who_holds_a_confirming_post_in_the_needs_area_confirms_or_refuses(
    who: str,
    post: str,
    area: str,
    status: int,
    routed: dict[str, Any],
    callers: Callers,
    sessions: sessionmaker[Session],
) -> None:
    """For anybody else there is no such ending, unless they see the need."""
    caller, agency = getattr(callers, who), {"idva": "ANYTOWN-IDVA", "coordinator": "ANYTOWN-MARAC"}[who]
    with sessions.begin() as session:
        scope_to_system(session)
        session.add(an_account(agency, "pat.dean", Role(post), area))
    asked = victims_safety_to_end(callers, routed)

    answers = [confirm(caller, asked["id"], "pat.dean"), refuse(caller, asked["id"], "pat.dean")]

    assert [one.status_code for one in answers] == [status, status]
    assert confirm(caller, asked["id"]).status_code == 201


def test_colleague_in_another_post_neither_confirms_nor_takes_back_what_the_chair_said(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named).json()

    other_post = confirm(callers.probation, asked["id"], "victim.liaison")

    assert other_post.status_code == 403
    assert refuse(callers.probation, asked["id"], "victim.liaison").status_code == 403
    assert refuse(callers.probation, asked["id"], "senior.probation").json()["state"] == "WITHDRAWN"


def test_who_confirms_is_shown_no_more_of_the_need_than_before(
    routed: dict[str, Any], callers: Callers, sessions: sessionmaker[Session], http: TestClient, clock: SettableClock
) -> None:
    """The post of the chair has passed to an agency that is not concerned with the case."""
    with sessions.begin() as session:
        scope_to_system(session)
        session.add(Agency(code="ANYTOWN-CHAIRING", name="Chairing", kind=None))
        session.flush()
        session.merge(Post(area="ANYTOWN", role=Role.MARAC_CHAIR, agency="ANYTOWN-CHAIRING"))
        session.add(an_account("ANYTOWN-CHAIRING", "pat.dean", Role.MARAC_CHAIR))
        _, key = add_client(
            session,
            name="chairing",
            agency="ANYTOWN-CHAIRING",
            role="partner.agency",
            areas=["ANYTOWN"],
            now=clock.now(),
            speaks_for_people=True,
        )
    chairing = Caller(http, key)
    asked = victims_safety_to_end(callers, routed)

    ended = confirm(chairing, asked["id"], "pat.dean")

    assert ended.status_code == 201, ended.text
    assert chairing.get(f"/v1/needs/{asked['need_id']}").status_code == 404
    shown = ended.json()
    assert (shown["end_reason"], shown["owners"], shown["proposals"]) == ("DECEASED", [], [])


def test_new_owner_is_not_held_up_by_what_the_owner_before_said(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    named = open_actions(callers, routed["case_id"])
    need = need_of(routed)
    before = end(callers.hub, need, "DECEASED", occurred_on="2026-03-09", actions_continue=named).json()

    taken_by_probation(callers, routed, clock)

    read = callers.coordinator.get(f"/v1/endings/{before['id']}").json()
    named = open_actions(callers, routed["case_id"])
    after = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named)
    assert (read["state"], read["answered_by"]) == ("WITHDRAWN", "ANYTOWN-PROBATION")
    assert "MAPPA_L1_LEAD_AGENCY" in read["answer"]
    assert confirm(callers.coordinator, before["id"]).status_code == 409
    assert after.status_code == 201, after.text


def test_chairs_new_word_takes_the_place_of_the_one_that_a_new_action_overtook(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    first = victims_safety_to_end(callers, routed)
    clock.set(clock.now() + timedelta(hours=1))
    added = callers.chair.post(f"/v1/cases/{routed['case_id']}/actions", an_agreed_action())
    added.raise_for_status()

    overtaken = confirm(callers.idva, first["id"])
    second = victims_safety_to_end(callers, routed)

    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "ending-overtaken")
    assert "actions_continue" not in overtaken.json()["detail"]
    anew = "by the owning forum's chair, with every action named"
    assert overtaken.json()["next_moves"] == [f"POST /v1/needs/{first['need_id']}/endings {anew}"]
    replaced = callers.idva.get(f"/v1/endings/{first['id']}").json()
    assert (replaced["state"], replaced["answered_by"]) == ("WITHDRAWN", "ANYTOWN-POLICE/jo.smith")
    assert confirm(callers.idva, first["id"]).status_code == 409
    assert confirm(callers.idva, second["id"]).status_code == 201


def test_who_confirms_is_told_to_refuse_while_a_forum_is_asked_to_lead_since(
    routed: dict[str, Any], callers: Callers, clock: SettableClock
) -> None:
    """Only the chair withdraws the proposal; whoever confirms says that the need goes on."""
    need = taken_by_probation(callers, routed, clock)
    named = open_actions(callers, routed["case_id"])
    asked = end(callers.probation, need, "RISK_RESOLVED", occurred_on="2026-03-10", actions_continue=named).json()
    sent = {"forum": "MAPPA_L2", "reason": "The chair asks level two once more"}
    proposed = callers.chair.post(f"/v1/needs/{need['id']}/proposals", sent)
    assert proposed.status_code == 201, proposed.text

    answer = confirm(callers.coordinator, asked["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "ending-overtaken")
    assert answer.json()["detail"].startswith("a forum is being asked to lead this need; refuse this ending")
    assert answer.json()["next_moves"] == [f"POST /v1/endings/{asked['id']}/refusals"]
    assert refuse(callers.coordinator, asked["id"]).json()["state"] == "DECLINED"


def test_who_confirms_is_told_to_refuse_when_the_custody_is_on_record_no_more(callers: Callers) -> None:
    perpetrator = {"ref": "P-1", "age": 40, "in_custody": True}
    body = callers.hub.post("/v1/referrals", a_referral(perpetrator=perpetrator)).json()
    named = open_actions(callers, body["case_id"])
    asked = end(
        callers.hub, need_of(body), "CUSTODY_NO_RELEASE", occurred_on="2026-03-09", actions_continue=named
    ).json()
    facts = {"perpetrator": {"in_custody": False}}
    callers.hub.post(f"/v1/referrals/{body['referral_id']}/facts", facts).raise_for_status()

    answer = confirm(callers.coordinator, asked["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "ending-overtaken")
    assert "custody" in answer.json()["detail"]
    assert answer.json()["next_moves"] == [f"POST /v1/endings/{asked['id']}/refusals"]


def test_chair_is_told_which_proposal_to_withdraw_before_the_risk_is_resolved(
    routed: dict[str, Any], callers: Callers
) -> None:
    need = need_of(routed)

    answer = end(callers.hub, need, "RISK_RESOLVED", occurred_on="2026-03-10").json()

    waiting = {one["id"] for one in need["proposals"] if (one["kind"], one["state"]) == ("LEAD", "PROPOSED")}
    assert set(answer["next_moves"]) == {f"POST /v1/proposals/{one}/withdrawals" for one in waiting}


def test_chair_whom_no_other_agency_could_confirm_is_told_which_post_to_have_filled(
    routed: dict[str, Any], callers: Callers, sessions: sessionmaker[Session]
) -> None:
    named = open_actions(callers, routed["case_id"])
    with sessions.begin() as session:
        scope_to_system(session)
        for role in (Role.IDVA, Role.MARAC_COORDINATOR, Role.MARAC_CHAIR):
            session.merge(Post(area="ANYTOWN", role=role, agency="ANYTOWN-POLICE"))

    answer = end(
        callers.hub, need_of(routed, "VICTIM_SAFETY"), "DECEASED", occurred_on="2026-03-09", actions_continue=named
    ).json()

    assert answer["code"] == "nobody-to-confirm"
    command = "app.cli directory fill-post ANYTOWN IDVA AGENCY"
    assert answer["next_moves"] == [f"ask whoever runs the service to let another agency fill a post: {command}"]


IMPOSSIBLE_PROOFS = {
    "none": (None, "/"),
    "nobody who certifies": ({"source": "NEIGHBOUR", "reference_kind": "MEDICAL_CERTIFICATE"}, "/death/source"),
    "dated before the death": (
        {"source": "DOCTOR", "reference_kind": "MEDICAL_CERTIFICATE", "dated": "2026-03-08"},
        "/death/dated",
    ),
    "dated in the future": (
        {"source": "DOCTOR", "reference_kind": "MEDICAL_CERTIFICATE", "dated": "2026-03-11"},
        "/death/dated",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE_PROOFS)
def test_death_without_a_proof_that_can_be_is_refused(name: str, routed: dict[str, Any], callers: Callers) -> None:
    proof, pointer = IMPOSSIBLE_PROOFS[name]
    need, named = need_of(routed, "VICTIM_SAFETY"), open_actions(callers, routed["case_id"])
    death = {"dated": "2026-03-09"} | proof if proof else None

    answer = end(callers.hub, need, "DECEASED", occurred_on="2026-03-09", actions_continue=named, death=death)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_second_person_reads_who_certified_the_death(routed: dict[str, Any], callers: Callers) -> None:
    need, named = need_of(routed, "VICTIM_SAFETY"), open_actions(callers, routed["case_id"])
    asked = end(callers.hub, need, "DECEASED", occurred_on="2026-03-09", actions_continue=named).json()

    read = callers.idva.get(f"/v1/endings/{asked['id']}").json()

    assert (read["death_source"], read["death_reference"], read["death_dated"]) == (
        "DOCTOR",
        "MEDICAL_CERTIFICATE",
        "2026-03-09",
    )


def test_colleague_does_not_confirm_that_a_perpetrator_died(routed: dict[str, Any], callers: Callers) -> None:
    need, named = need_of(routed, "PERPETRATOR"), open_actions(callers, routed["case_id"])
    asked = end(callers.hub, need, "DECEASED", occurred_on="2026-03-09", actions_continue=named).json()

    colleague, other_agency = (confirm(one, asked["id"]) for one in (callers.hub, callers.coordinator))

    assert (colleague.status_code, other_agency.status_code) == (403, 201)
