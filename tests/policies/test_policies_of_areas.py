"""A draft belongs to the areas that it is for: only their people read it, propose it and put it in force."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import add_client, scope_to_system
from app.foundation.clock import SettableClock
from app.foundation.storage.row_scope import open_row_scope
from app.policies.registry import policy_of_area
from tests.given import Caller, Callers
from tests.policies.given import (
    FEWER_TICKS,
    a_draft,
    activate,
    drafted,
    post_draft,
    propose,
    proposed,
)

BOTH = ("ANYTOWN", "OTHERTOWN")


@pytest.fixture
def county(
    http: TestClient, neighbours: Callers, sessions: sessionmaker[Session], clock: SettableClock, owner: Engine
) -> Caller:
    """The chair's system of a county that is two areas, whose people work in both."""
    client = {"name": "County", "agency": "ANYTOWN-MARAC", "role": "marac.chair", "areas": list(BOTH)}
    with sessions.begin() as session:
        _, key = add_client(session, **client, now=clock.now(), speaks_for_people=True)
    let_work_in(owner, *BOTH)
    return Caller(http, key)


def let_work_in(owner: Engine, *areas: str) -> None:
    """The people of ANYTOWN's MARAC work in these areas from now on."""
    with owner.begin() as connection:
        connection.execute(
            text("UPDATE account SET areas = :areas WHERE agency = 'ANYTOWN-MARAC'"), {"areas": list(areas)}
        )


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def bytes_but_for(answer: Any, asked: str) -> tuple[int, str]:
    """The answer without what the caller sent itself and the number of the request."""
    body = answer.json()
    return answer.status_code, answer.text.replace(body.get("trace_id", "none"), "").replace(asked, "")


def test_draft_of_other_areas_looks_exactly_like_one_that_does_not_exist(callers: Callers, neighbours: Callers) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))
    missing = f"pdr_{'0' * 32}"
    chair = neighbours.chair

    tries = {
        name: (
            chair.get(f"/v1/policy-drafts/{name}"),
            chair.get("/v1/policy-diffs", **{"from": "national-baseline", "to": name}),
            chair.get("/v1/policy-diffs", **{"from": name, "to": "national-baseline"}),
            propose(chair, name),
            activate(chair, name),
        )
        for name in (draft_id, missing)
    }

    foreign, absent = ([bytes_but_for(answer, name) for answer in answers] for name, answers in tries.items())
    assert foreign == absent
    assert {status for status, _ in foreign} == {404}
    assert chair.get("/v1/policy-drafts").json()["items"] == []


def everything_said_of(caller: Caller, name: str) -> list[tuple[int, str]]:
    """What the caller is answered about a draft of that id, whether or not there is one."""
    answers = (
        caller.get(f"/v1/policy-drafts/{name}"),
        caller.get("/v1/policy-diffs", **{"from": "national-baseline", "to": name}),
        caller.post(f"/v1/policy-drafts/{name}/proposals", {"reason": "agreed by the board"}),
        caller.post(f"/v1/policy-drafts/{name}/activations", {"approved_where": "The board of 3 March"}),
    )
    return [bytes_but_for(answer, name) for answer in answers]


def test_draft_is_read_by_no_client_that_names_nobody(callers: Callers) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))

    told = everything_said_of(callers.chair, draft_id)

    assert told == everything_said_of(callers.chair, f"pdr_{'0' * 32}")
    assert {status for status, _ in told} == {404}
    assert callers.chair.get("/v1/policy-drafts").json()["items"] == []


def test_draft_of_two_areas_is_read_by_nobody_who_works_in_one_of_them(
    county: Caller, callers: Callers, neighbours: Callers
) -> None:
    draft_id = proposed(county, a_draft(FEWER_TICKS), areas=BOTH)

    for chair in (callers.chair, neighbours.chair):
        caller = replace(chair, speaks_for="sam.reid")
        told = everything_said_of(caller, draft_id)

        assert told == everything_said_of(caller, f"pdr_{'0' * 32}")
        assert {status for status, _ in told} == {404}
        assert caller.get("/v1/policy-drafts").json()["items"] == []


def test_draft_is_read_by_named_people_of_all_its_areas(county: Caller) -> None:
    draft_id = proposed(county, a_draft(FEWER_TICKS), areas=BOTH)
    person = replace(county, speaks_for="sam.reid")

    listed = person.get("/v1/policy-drafts").json()["items"]
    read = person.get(f"/v1/policy-drafts/{draft_id}")

    assert ([one["id"] for one in listed], read.status_code) == ([draft_id], 200)


def test_draft_stays_with_its_areas_when_it_is_in_force_and_the_policy_is_published(
    callers: Callers, neighbours: Callers
) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))
    made = activate(callers.chair, draft_id).json()

    assert neighbours.chair.get("/v1/policies/anytown").status_code == 200
    assert neighbours.idva.get("/v1/policies/anytown/changelog").json()["items"][0]["areas"] == ["ANYTOWN"]
    assert neighbours.chair.get(f"/v1/policy-drafts/{draft_id}").status_code == 404
    assert neighbours.chair.get(f"/v1/policy-activations/{made['id']}/cases").status_code == 404


def test_draft_and_its_proposal_are_hidden_from_other_areas_by_the_database_too(
    callers: Callers, neighbours: Callers, engine: Engine
) -> None:
    proposed(callers.chair, a_draft(FEWER_TICKS))
    count = text("SELECT (SELECT count(*) FROM policy_draft), (SELECT count(*) FROM policy_proposal)")

    with engine.connect() as connection:
        seen = {}
        for area in BOTH:
            open_row_scope(connection, "area", f"{area}-MARAC", area)
            seen[area] = tuple(connection.execute(count).one())
        connection.rollback()

    assert seen == {"ANYTOWN": (1, 1), "OTHERTOWN": (0, 0)}


def test_nobody_drafts_for_an_area_that_is_not_theirs(callers: Callers, neighbours: Callers) -> None:
    for areas in (["OTHERTOWN"], BOTH, ["ATLANTIS"]):
        answer = post_draft(callers.chair, a_draft(), areas=areas)

        assert refusal(answer) == (403, "policy-of-other-areas")


def test_account_that_works_in_fewer_areas_than_its_system_rules_those_only(county: Caller, owner: Engine) -> None:
    draft_id = proposed(county, a_draft(FEWER_TICKS), areas=BOTH)
    unproposed = str(drafted(county, a_draft(), areas=BOTH)["id"])
    let_work_in(owner, "ANYTOWN")

    assert refusal(post_draft(county, a_draft(), areas=BOTH)) == (403, "policy-of-other-areas")
    assert refusal(propose(county, unproposed)) == (404, "not-found")
    assert refusal(activate(county, draft_id)) == (404, "not-found")


def test_policy_that_two_areas_follow_is_changed_by_people_of_both(
    county: Caller, callers: Callers, neighbours: Callers
) -> None:
    activate(county, proposed(county, a_draft(FEWER_TICKS, policy_id="county"), areas=BOTH)).raise_for_status()
    later = a_draft(policy_id="county", version="2.0.0", in_force="2026-05-01T00:00:00+01:00")

    alone = post_draft(callers.chair, later)
    for_one = post_draft(county, later)
    for_both = post_draft(county, later, areas=BOTH)

    assert refusal(alone) == (403, "policy-of-other-areas")
    assert refusal(for_one) == (422, "invalid")
    assert [fault["pointer"] for fault in for_one.json()["errors"]] == ["/areas"]
    assert for_both.status_code == 201
    # Neither area reads alone what the two draft, or puts it in force.
    assert refusal(propose(neighbours.chair, for_both.json()["id"])) == (404, "not-found")


def test_area_that_has_moved_to_a_policy_of_its_own_is_asked_no_longer(
    county: Caller, callers: Callers, clock: SettableClock
) -> None:
    activate(county, proposed(county, a_draft(FEWER_TICKS, policy_id="county"), areas=BOTH)).raise_for_status()
    own = a_draft(policy_id="anytown", in_force="2026-05-01T00:00:00+01:00")
    activate(callers.chair, proposed(callers.chair, own)).raise_for_status()
    third = a_draft(policy_id="county", version="2.0.0", in_force="2026-08-01T00:00:00+01:00")
    before = post_draft(county, third, areas=["OTHERTOWN"])

    clock.set(clock.now().replace(month=5, day=2))

    after = post_draft(county, third, areas=["OTHERTOWN"])
    assert (before.status_code, after.status_code) == (422, 201)


def test_draft_for_too_few_areas_is_drafted_anew_once_another_follows_the_policy(county: Caller) -> None:
    narrow = proposed(county, a_draft(version="1.0.0"))
    wide = proposed(county, a_draft(version="2.0.0", in_force="2026-05-01T00:00:00+01:00"), areas=BOTH)
    activate(county, wide).raise_for_status()

    answer = activate(county, narrow)

    assert answer.status_code == 409
    assert "draft it anew" in answer.json()["detail"]


def test_areas_follow_a_policy_from_its_instant_on_and_the_next_one_after_it(
    county: Caller, callers: Callers, clock: SettableClock, sessions: sessionmaker[Session]
) -> None:
    activate(county, proposed(county, a_draft(policy_id="county"), areas=BOTH)).raise_for_status()
    own = a_draft(policy_id="anytown", in_force="2026-05-01T00:00:00+01:00")
    activate(callers.chair, proposed(callers.chair, own)).raise_for_status()

    with sessions.begin() as session:
        scope_to_system(session)
        followed = {
            area: [policy_of_area(session, area, clock.now().replace(month=month)).id for month in (3, 4, 5)]
            for area in BOTH
        }

    assert followed == {
        "ANYTOWN": ["national-baseline", "county", "anytown"],
        "OTHERTOWN": ["national-baseline", "county", "county"],
    }


def test_area_does_not_begin_to_follow_two_policies_at_once(callers: Callers) -> None:
    activate(callers.chair, proposed(callers.chair, a_draft())).raise_for_status()
    draft_id = proposed(callers.chair, a_draft(policy_id="anytown-two"))

    answer = activate(callers.chair, draft_id)

    assert answer.status_code == 409
    assert "very same instant" in answer.json()["detail"]


@pytest.mark.parametrize("policy_id", ["national-baseline", "northumbria"])
def test_policy_that_ships_with_the_product_is_changed_by_a_release_and_not_over_http(
    policy_id: str, callers: Callers
) -> None:
    """Whoever answers for every area today does not answer for the next one, which begins under it."""
    answer = post_draft(callers.chair, a_draft(FEWER_TICKS, policy_id=policy_id, version="3.0.0"))

    assert refusal(answer) == (403, "shipped-policy")


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"policy_id": "../../etc"}, "id"),
        ({"policy_id": "a" * 61}, "id"),
        ({"policy_id": "any town"}, "id"),
        ({"policy_id": r"anytown\n"}, "id"),
        ({"version": "../1"}, "version"),
        ({"version": "1.0.0-" + "9" * 99}, "version"),
    ],
)
def test_id_or_version_that_could_lead_elsewhere_is_refused_at_its_line(
    names: dict[str, str], field: str, callers: Callers
) -> None:
    text_ = a_draft(**names)

    answer = post_draft(callers.chair, text_)

    assert refusal(answer) == (422, "policy-refused")
    (fault,) = answer.json()["policy_faults"]
    assert fault["message"].startswith(f"`{field}` must be")
    assert text_.splitlines()[fault["line"] - 1].startswith(f"{field} =")
    assert all(named not in fault["message"] for named in names.values())


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.toml", ".toml", "a" * 101])
def test_file_name_that_could_lead_elsewhere_is_refused_by_its_field(name: str, callers: Callers) -> None:
    body = {"text": a_draft(), "name": name, "areas": ["ANYTOWN"]}

    answer = callers.chair.post("/v1/policy-drafts", body, **callers.chair.on_behalf_of("ana.lima"))

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/name"]


@pytest.mark.parametrize(("column", "value"), [("policy_id", "../../etc"), ("version", "1/2")])
def test_database_keeps_no_id_or_version_that_could_lead_elsewhere(
    column: str, value: str, callers: Callers, owner: Engine
) -> None:
    drafted(callers.chair, a_draft())
    names = ["id", "areas", "policy_id", "version", "in_force", "text", "sha256", "drafted_by", "drafted_at"]
    read = ", ".join({"id": "id || '0'", column: ":value"}.get(name, name) for name in names)
    statement = text(f"INSERT INTO policy_draft ({', '.join(names)}) SELECT {read} FROM policy_draft")

    with owner.connect() as connection, pytest.raises(IntegrityError, match=f"ck_policy_draft_{column}"):
        connection.execute(statement, {"value": value})


def test_service_itself_cannot_lead_an_area_to_another_policy(callers: Callers, engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("UPDATE area SET policy_profile = 'northumbria'"))


def test_database_refuses_a_draft_that_names_an_area_of_others(callers: Callers, engine: Engine) -> None:
    statement = text(
        "INSERT INTO policy_draft (id, areas, policy_id, version, in_force, text, sha256, drafted_by, drafted_at) "
        "VALUES ('pdr_x', '{ANYTOWN,OTHERTOWN}', 'x', '1', now(), '', '', 'ANYTOWN-MARAC/a', now())"
    )

    with engine.connect() as connection:
        open_row_scope(connection, "area", "ANYTOWN-MARAC", "ANYTOWN")
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(statement)
