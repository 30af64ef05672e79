"""Meetings count with the deadlines of the policy in force for the area, and with no copy of the baseline's."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.demo.replay_run import ReplayRun
from app.demo.replay_steps import STEPS
from app.foundation.clock import SettableClock
from app.routing.loading.drafts import load_draft
from app.routing.policy.faults import PolicyErrors
from tests.given import Callers
from tests.meetings.sitting import Sitting, noon
from tests.meetings.test_mappa import not_in_mappa, refer
from tests.ownership.test_handshake import need_of, proposal_to
from tests.policies.given import a_draft, activate, proposed
from tests.routing.given import altered

LATER_DEADLINES = """
[[duty]]
id = "D07"
kind = "act"
once_for = "victim"
do = "Decide whether to hold an emergency meeting, with the reason"
owner = "MARAC_CHAIR"
with = ["MARAC_COORDINATOR"]
due = "3 working days from decision"
when = ["repeat == true", "marac_stage in REFERRED LISTED"]
done_when = "yes or no with the chair's reason is recorded"
says = "the same couple again before the hearing: the chair decides"
reason = "the chair sits twice a week"
source = "DESIGN"

[[duty]]
id = "D11"
kind = "step"
once_for = "victim"
do = "Obtain every agency's research return"
owner = "MARAC_COORDINATOR"
due = "5 working days before next_hearing"
when = ["marac == yes", "declined_marac == false", "marac_stage in NOT_REFERRED REFERRED LISTED"]
done_when = "each agency has returned or its absence is recorded"
says = "MARAC hears a case on every agency's return, which is due even when the practitioner cannot come"
reason = "the pack is printed a week before"
source = "DESIGN"

[[perpetrator_lead]]
id = "PERP-07"
when = ["mappa_path == propose_l2", "identified == yes", "youth_path in none declined", "custody_path in none declined"]
lead = "MAPPA_L2"
role = "MAPPA_COORDINATOR"
holder = "MAPPA_L1_LEAD_AGENCY"
accept_within = "8 working days"
says = "the risk has risen: level 2 is asked, and the lead agency is asked to hold the case meanwhile"
reason = "the panel meets every week"
source = "DESIGN"

[param]
joint_visit_working_days = { value = 7, reason = "two teams share one car", source = "DESIGN" }
"""
FOR_THE_IDENTIFIED = '", "identified == yes", "youth_path in none declined", "custody_path in none declined"]'
ASKS_LEVEL_TWO, ASKS_THE_HUB = 'lead = "MAPPA_L2"\nrole = "MAPPA_COORDINATOR"', 'lead = "HUB"\nrole = "PVP_HUB"'


@pytest.fixture
def later(sitting: Sitting) -> Sitting:
    """Wednesday 11 March 2026; the area is routed by a policy of its own with later deadlines."""
    draft = proposed(sitting.callers.chair, a_draft(LATER_DEADLINES, in_force="2026-03-11T00:00:00+00:00"))
    activate(sitting.callers.chair, draft).raise_for_status()
    sitting.clock.set(noon(sitting.clock.now().date().replace(day=11)))
    return sitting


def test_chair_answers_about_an_emergency_meeting_within_the_days_of_the_area(later: Sitting) -> None:
    later.cycle()
    body = later.referred()
    later.clock.set(later.clock.now().replace(hour=15))

    later.incident(body, "2026-03-11T14:00:00Z")

    # An earlier deadline replaces a later one, so a copy of the baseline's one day would show.
    (duty,) = later.actions(body["case_id"], "D07")
    assert (duty["state"], duty["due_on"]) == ("OPEN", "2026-03-16")
    assert "before 2026-03-26" in duty["what"]


def test_research_is_due_as_many_days_before_the_hearing_as_the_area_says(later: Sitting) -> None:
    meeting = later.cycle()[0]
    later.taken()

    (entry,) = later.listed(meeting["id"])

    # The area changes D11 only: a supervising service returns every part (D12) when the baseline says.
    assert {(one["form"], one["due_on"]) for one in entry["research"]} == {
        ("AGENCY", "2026-03-19"), ("SUPERVISION", "2026-03-23")
    }  # fmt: skip


def test_mappa_answers_a_referral_within_the_days_of_the_area(later: Sitting, callers: Callers) -> None:
    body = later.referred(perpetrator=not_in_mappa())

    refer(callers.hub, body["case_id"]).raise_for_status()

    need = need_of(callers.chair.get(f"/v1/cases/{body['case_id']}").json())
    # Eight working days after 11 March is Monday 23 March; an answer on that day is in time.
    assert proposal_to(need, "MAPPA_L2")["answer_by"] == "2026-03-24T00:00:00Z"


def test_replay_measures_the_joint_visit_by_the_days_of_the_area(
    later: Sitting, sessions: sessionmaker[Session]
) -> None:
    clock = SettableClock(later.clock.now())
    run = ReplayRun(later.callers.hub.client, sessions, clock, "ANYTOWN", {})

    reply = STEPS["working days"](run, {"since": clock.now().date().replace(year=2018)})

    assert reply.brief.endswith("where 7 is the limit")


def test_policy_that_never_asks_mappa_is_refused() -> None:
    paths = ("propose_l2", "propose_l2_alone", "refer", "refer_supervised")
    rows = [f'"mappa_path == {path}{FOR_THE_IDENTIFIED}\n' for path in paths]
    changed = altered(*((row + ASKS_LEVEL_TWO, row + ASKS_THE_HUB) for row in rows))

    with pytest.raises(PolicyErrors, match="no row of perpetrator_lead asks MAPPA level 2"):
        load_draft(changed, None)
