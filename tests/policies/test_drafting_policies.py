"""Two people change a policy: it is drafted and proved, proposed, and activated by a second person."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.policies.registry import policy_of_area
from tests.given import Callers
from tests.policies.given import (
    ACTIVATOR,
    FEWER_TICKS,
    PROPOSER,
    UNSOUND,
    WRITER,
    a_draft,
    activate,
    drafted,
    post_draft,
    propose,
    proposed,
)
from tests.promises.test_openapi_examples_work import example
from tests.routing.given import altered


def test_draft_that_leaves_somebody_without_an_owner_is_refused_with_line_and_situation(
    callers: Callers,
) -> None:
    answer = post_draft(callers.chair, a_draft(UNSOUND))

    faults = answer.json()["policy_faults"]
    assert (answer.status_code, answer.json()["code"]) == (422, "policy-refused")
    gap = next(fault for fault in faults if "somebody would have no owner" in fault["message"])
    assert gap["file"] == "anytown.toml"
    assert 'pdp_path = "met"' in gap["situation"]
    assert any(fault["line"] for fault in faults)


def test_draft_that_misspells_a_fact_is_refused_at_its_line(callers: Callers) -> None:
    rule = (
        '\n[[rule]]\nid = "LOCAL-01"\nthen = "marac"\nwhen = ["tikcs >= 5"]\n'
        'says = "x"\nreason = "y"\nsource = "DESIGN"\n'
    )
    wrong = a_draft(rule)

    answer = post_draft(callers.coordinator, wrong)

    fault = answer.json()["policy_faults"][0]
    assert fault["line"] == 1 + wrong.splitlines().index('when = ["tikcs >= 5"]')
    assert "'tikcs'" in fault["message"]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("[param]\nescalation_incidents = 4\n", "escalation_incidents = 4", "must be a table"),
        ('[drop]\nid = "D04"\nreason = "x"\nsource = "DESIGN"\n', "[drop]", "in double brackets"),
        ('[[drop]]\nid = ["D04"]\nreason = "x"\nsource = "DESIGN"\n', "[[drop]]", "needs an `id` that is a text"),
        ('[[drop]]\nid = "D08"\nreason = "x"\nsource = "DESIGN"\n', 'id = "D08"', "no local policy may drop it"),
    ],
)
def test_draft_that_nobody_could_read_or_that_takes_protection_away_is_refused_at_its_line(
    callers: Callers, body: str, line: str, message: str
) -> None:
    text_ = a_draft(body)

    answer = post_draft(callers.chair, text_)

    assert (answer.status_code, answer.json()["code"]) == (422, "policy-refused")
    (fault,) = answer.json()["policy_faults"]
    assert message in fault["message"]
    assert fault["line"] == 1 + text_.splitlines().index(line)


def whole(*changes: tuple[str, str]) -> str:
    """A second version of Anytown's policy that extends nothing: the baseline under another name."""
    named = ('id = "national-baseline"', 'id = "anytown"')
    begins = ("in_force = 2013-01-01T00:00:00+00:00", "in_force = 2026-06-01T00:00:00+01:00")
    return altered(named, begins, *changes).text


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (('when = ["seen_alone == false"]', 'when = ["seen_alone == false", "judged_high == true"]'),),
        (('within = "12 hours" }, silence = "ask"', 'within = "12 hours" }, silence = "ask", meanwhile = "STANDARD"'),),
        (('applies_to = "new and reopened referrals"', 'applies_to = "new"\nextends = ""'),),
    ],
)
def test_draft_that_extends_no_shipped_policy_is_refused_at_its_line(
    callers: Callers, changes: tuple[tuple[str, str], ...]
) -> None:
    """Nothing would prove that it protects, and it could be activated after an overlay of the same name."""
    text_ = whole(*changes)

    answer = post_draft(callers.chair, text_)

    assert (answer.status_code, answer.json()["code"]) == (422, "policy-refused")
    (fault,) = answer.json()["policy_faults"]
    assert "extends no shipped policy" in fault["message"]
    assert fault["line"] == 1 + text_.splitlines().index("[policy]")


def test_draft_that_extends_an_activated_policy_is_refused(callers: Callers) -> None:
    activate(callers.chair, proposed(callers.chair, a_draft(FEWER_TICKS))).raise_for_status()
    text_ = a_draft(version="2.0.0").replace("national-baseline 2.0.0", "anytown 1.0.0")

    answer = post_draft(callers.chair, text_)

    (fault,) = answer.json()["policy_faults"]
    assert (answer.status_code, "which was not given" in fault["message"]) == (422, True)


def test_draft_without_a_named_person_is_refused(callers: Callers) -> None:
    answer = callers.chair.post("/v1/policy-drafts", {"text": a_draft(), "areas": ["ANYTOWN"]})

    assert (answer.status_code, answer.json()["code"]) == (422, "no-person")


def test_draft_decides_nothing_until_a_second_person_has_activated_it(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    draft_id = proposed(callers.coordinator, a_draft(FEWER_TICKS))
    before = callers.hub.get("/v1/policies").json()["items"]

    made = activate(callers.chair, draft_id).json()

    after = callers.hub.get("/v1/policies").json()["items"]
    assert "anytown" not in {line["id"] for line in before}
    assert [line["standing"] for line in after if line["id"] == "anytown"] == ["activated"]
    assert (made["proposed_by"], made["activated_by"]) == (
        f"ANYTOWN-MARAC/{PROPOSER}",
        f"ANYTOWN-MARAC/{ACTIVATOR}",
    )


@pytest.mark.parametrize("same", [WRITER, PROPOSER, f" {PROPOSER.upper()} "])
def test_person_who_wrote_or_proposed_a_policy_cannot_activate_it(same: str, callers: Callers) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))

    answer = activate(callers.chair, draft_id, same)

    assert (answer.status_code, answer.json()["code"]) == (409, "same-person")


def test_database_refuses_an_activation_by_the_proposer_whatever_the_code_does(callers: Callers, owner: Engine) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS))
    statement = text(
        "INSERT INTO policy_activation SELECT 'pac_x', d.id, d.areas, d.drafted_by, p.id, p.proposed_by, "
        "p.proposed_by, d.drafted_at, d.policy_id, d.version, d.in_force, 'nowhere', 'nothing', '[]' "
        "FROM policy_draft d JOIN policy_proposal p ON p.draft_id = d.id WHERE d.id = :id"
    )

    with owner.connect() as connection, pytest.raises(IntegrityError, match="second_person"):
        connection.execute(statement, {"id": draft_id})


def test_stored_draft_cannot_be_edited_even_by_the_owner_of_the_database(
    callers: Callers, owner: Engine, engine: Engine
) -> None:
    drafted(callers.chair, a_draft(FEWER_TICKS))

    with owner.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("UPDATE policy_draft SET text = 'other'"))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("UPDATE policy_draft SET text = 'other'"))


def test_draft_that_nobody_proposed_cannot_be_activated(callers: Callers) -> None:
    draft_id = drafted(callers.coordinator, a_draft(FEWER_TICKS))["id"]

    answer = activate(callers.chair, draft_id)

    assert answer.status_code == 409
    assert "has not been proposed" in answer.json()["detail"]


def test_co_ordinator_may_propose_but_only_a_chair_activates(callers: Callers) -> None:
    draft_id = proposed(callers.coordinator, a_draft(FEWER_TICKS))

    assert activate(callers.coordinator, draft_id).status_code == 403


def test_policy_that_would_have_begun_in_the_past_is_not_activated(callers: Callers, clock: SettableClock) -> None:
    draft_id = proposed(callers.chair, a_draft(FEWER_TICKS, in_force="2026-03-01T00:00:00+00:00"))

    answer = activate(callers.chair, draft_id)

    assert answer.status_code == 409
    assert "never changes what was decided" in answer.json()["detail"]


def test_version_that_is_in_service_cannot_be_used_again(callers: Callers) -> None:
    activate(callers.chair, proposed(callers.chair, a_draft(FEWER_TICKS))).raise_for_status()
    again = proposed(callers.chair, a_draft(FEWER_TICKS, in_force="2026-05-01T00:00:00+01:00"))

    answer = activate(callers.chair, again)

    assert answer.status_code == 409
    assert "new version" in answer.json()["detail"]


def test_changelog_is_written_by_the_difference_with_reason_and_situations(callers: Callers) -> None:
    activate(callers.chair, proposed(callers.chair, a_draft(FEWER_TICKS))).raise_for_status()

    (entry,) = callers.idva.get("/v1/policies/anytown/changelog").json()["items"]

    assert entry["follows"] == "national-baseline 2.0.0"
    assert entry["approved_where"].endswith("minute 7.2")
    assert any(line.startswith("Parameter dash24_ticks") and "14 ticks" in line for line in entry["changelog"])
    for moved in ("open -> yes", "no -> yes", "no -> open"):
        said = f"whether the criteria of MARAC are met: {moved} in"
        assert any(line.startswith(said) for line in entry["changelog"]), moved
    assert "  - " in "".join(entry["changelog"])
    assert "Reason for param dash24_ticks: the board wants earlier hearings (DESIGN)." in entry["changelog"]


def test_activated_policy_decides_in_its_areas_from_its_own_instant_on_and_not_before(
    callers: Callers, sessions: sessionmaker[Session], clock: SettableClock
) -> None:
    first = a_draft(FEWER_TICKS)
    activate(callers.chair, proposed(callers.chair, first)).raise_for_status()
    later = first.replace("1.0.0", "2.0.0", 1).replace("value = 12", "value = 11")
    later = later.replace("2026-04-01", "2026-06-01")
    activate(callers.chair, proposed(callers.chair, later)).raise_for_status()

    with sessions.begin() as session:
        scope_to_system(session)
        months = (clock.now().replace(month=month) for month in (3, 4, 6))
        in_march, in_april, in_june = (policy_of_area(session, "ANYTOWN", instant) for instant in months)

    assert in_march.id == "national-baseline"
    assert (in_april.version, in_april.parameters["dash24_ticks"].value) == ("1.0.0", 12)
    assert (in_june.version, in_june.parameters["dash24_ticks"].value) == ("2.0.0", 11)


def test_second_version_follows_the_first_in_its_changelog(callers: Callers) -> None:
    first = a_draft(FEWER_TICKS)
    activate(callers.chair, proposed(callers.chair, first)).raise_for_status()
    later = first.replace("1.0.0", "2.0.0", 1).replace("value = 12", "value = 11")

    made = activate(callers.chair, proposed(callers.chair, later.replace("2026-04-01", "2026-06-01"))).json()

    assert made["follows"] == "anytown 1.0.0"
    assert any("12 ticks" in line and "11 ticks" in line for line in made["changelog"])


def test_draft_shows_how_far_it_has_come(callers: Callers) -> None:
    draft_id = drafted(callers.chair, a_draft(FEWER_TICKS))["id"]
    reader = replace(callers.chair, speaks_for=WRITER)
    states = [reader.get(f"/v1/policy-drafts/{draft_id}").json()["state"]]

    propose(callers.chair, draft_id).raise_for_status()
    states.append(reader.get(f"/v1/policy-drafts/{draft_id}").json()["state"])
    activate(callers.chair, draft_id).raise_for_status()
    states.append(reader.get("/v1/policy-drafts").json()["items"][0]["state"])

    assert states == ["drafted", "proposed", "activated"]


def test_published_examples_take_a_policy_from_draft_to_activation(callers: Callers) -> None:
    chair = callers.chair

    draft = chair.post("/v1/policy-drafts", example("draftPolicy"), **chair.on_behalf_of(WRITER)).json()
    here = f"/v1/policy-drafts/{draft['id']}"
    tried = chair.post("/v1/policy-what-ifs", example("askWhatIf"), **chair.on_behalf_of(WRITER))
    asked = chair.post(f"{here}/proposals", example("proposePolicy"), **chair.on_behalf_of(PROPOSER))
    made = chair.post(f"{here}/activations", example("activatePolicy"), **chair.on_behalf_of(ACTIVATOR))

    preview = callers.hub.post("/v1/routing-previews", example("previewRouting"))
    assert [answer.status_code for answer in (tried, asked, made, preview)] == [200, 201, 201, 200]


LONGER_MINUTES = """
[param]
minutes_working_days = { value = 5, reason = "the county shares one minute taker", source = "DESIGN" }
"""


def test_meetings_count_with_the_activated_policy_and_not_with_a_shipped_one(
    callers: Callers, clock: SettableClock
) -> None:
    activate(callers.chair, proposed(callers.chair, a_draft(LONGER_MINUTES))).raise_for_status()
    clock.set(clock.now().replace(month=4, day=1, hour=9))
    meeting = {"area": "ANYTOWN", "forum": "MARAC", "held_on": "2026-04-02", "cut_off_on": "2026-04-02"}
    meeting_id = callers.coordinator.post("/v1/meetings", meeting).json()["id"]
    case_id = callers.hub.post("/v1/referrals", example("submitReferral")).json()["case_id"]
    clock.set(clock.now().replace(day=2))

    heard = callers.coordinator.post(f"/v1/cases/{case_id}/hearings", {"meeting_id": meeting_id})

    # Good Friday, the weekend and Easter Monday do not count; the baseline's three days would end on 9 April.
    assert heard.json()["minutes_due_on"] == "2026-04-13"
