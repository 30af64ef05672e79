"""An answer about a report belongs to that report for good; an answer about the case stands until it is denied."""

from datetime import timedelta
from typing import Any

import pytest

from tests.enquiries.given_enquiries import (
    DAY,
    Asked,
    an_answered_form,
    cannot_find_out,
    facts_of,
    half_answered,
    moved_here,
    outcomes_of,
    posted,
    value,
)
from tests.given import an_incident, with_its_case

NEW_INCIDENT = an_incident("2026-03-10T08:00:00Z")


def quiet_report(asked: Asked, reference: str = "DV-2", **changes: Any) -> dict[str, Any]:
    """A second report, complete and STANDARD, about something else."""
    return asked.referred(reference, **{"assessment": an_answered_form(3), "incidents": [NEW_INCIDENT], **changes})


def bare_incident(asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/referrals/{body['referral_id']}/incidents"
    return posted(asked.callers.hub, path, {"incident": NEW_INCIDENT})


@pytest.mark.parametrize("second", ["referral", "incident"])
def test_ticks_that_are_answered_after_a_second_report_complete_the_form_of_the_first(
    second: str, asked: Asked
) -> None:
    body = asked.referred()
    asked.pass_time(timedelta(hours=1))
    later = quiet_report(asked) if second == "referral" else bare_incident(asked, body)

    answer = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 16))

    assert answer.status_code == 201, answer.text
    assert facts_of(asked, later)["ticks"] == 16
    assert outcomes_of(asked, later)["marac"] == "yes"
    assert "ticks" not in asked.open_facts(body["case_id"])


def test_later_report_opens_nothing_that_was_answered_about_an_earlier_one(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 16))

    later = quiet_report(asked)

    assert (facts_of(asked, later)["ticks"], outcomes_of(asked, later)["marac"]) == (16, "yes")
    assert "ticks" not in asked.open_facts(body["case_id"])


def test_answer_of_another_agency_completes_the_form_of_the_one_that_reported(asked: Asked) -> None:
    sent = {
        "source_system": "IDVA",
        "source_reference": "H-1",
        "area": "ANYTOWN",
        "help_sought_by": "VICTIM",
        "victim": {"ref": "V-9"},
        "perpetrator": {"ref": "P-9"},
        "assessment": half_answered(),
    }
    body = with_its_case(asked.callers, posted(asked.callers.idva, "/v1/help-requests", sent))

    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 9))

    assert "ticks" not in asked.open_facts(body["case_id"])
    decided = asked.rows("SELECT record -> 'facts' ->> 'ticks' AS ticks FROM decision ORDER BY number DESC LIMIT 1")
    assert decided == [{"ticks": "9"}]


def test_every_report_whose_form_is_open_is_asked_about_by_itself_on_its_own_clock(asked: Asked) -> None:
    body = asked.referred()
    asked.pass_time(timedelta(hours=3))
    second = asked.referred("DV-2", incidents=[NEW_INCIDENT])
    asked.pass_time(timedelta(hours=3))
    quiet_report(asked, "DV-3")

    waiting = [one for one in asked.questions(body["case_id"]) if one["fact"] == "ticks" and one["ended"] is None]
    assert [(one["report_id"], one["until"]) for one in waiting] == [
        (body["referral_id"], "2026-03-11T09:30:00Z"),
        (second["referral_id"], "2026-03-11T12:30:00Z"),
    ]
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 8, report_id=body["referral_id"]))
    assert "ticks" in asked.open_facts(body["case_id"])
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("ticks", 9))
    assert facts_of(asked, second)["ticks"] == 9
    assert "ticks" not in asked.open_facts(body["case_id"])


def test_form_that_nobody_can_complete_is_not_asked_about_as_if_it_were_the_next_report(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", cannot_find_out("ticks"))

    quiet_report(asked)

    assert "ticks" not in asked.open_facts(body["case_id"])
    asked.pass_time(DAY)
    assert asked.end_clocks() == 1
    assert outcomes_of(asked, body)["marac"] == "yes"


def test_lapsed_question_of_a_form_decides_nothing_about_another(asked: Asked) -> None:
    body = asked.referred()
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", cannot_find_out("ticks"))
    asked.pass_time(DAY)
    asked.end_clocks()
    asked.pass_time(timedelta(days=500))

    later = asked.referred("DV-2", incidents=[an_incident("2027-07-20T08:00:00Z")])

    assert outcomes_of(asked, later)["marac"] == "open"


@pytest.mark.parametrize(("fact", "known"), [("incidents_in_window", 5), ("repeat", True)])
def test_what_was_looked_up_of_the_case_stands_after_a_later_report(fact: str, known: object, asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="MEDIUM"), **moved_here())
    assert fact in asked.open_facts(body["case_id"])
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value(fact, known))
    before = outcomes_of(asked, body)["marac"]

    later = quiet_report(asked, **moved_here())

    assert (before, outcomes_of(asked, later)["marac"]) == ("yes", "yes")
    assert facts_of(asked, later)[fact] == known
    assert fact not in asked.open_facts(body["case_id"])


def test_count_that_was_looked_up_passes_with_its_window(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="MEDIUM"), **moved_here())
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("incidents_in_window", 5))
    asked.pass_time(timedelta(days=400))

    later = quiet_report(asked, incidents=[an_incident("2027-04-10T08:00:00Z")])

    assert facts_of(asked, later)["incidents_in_window"] != 5


def test_count_that_met_nothing_is_asked_anew_with_the_next_report(asked: Asked) -> None:
    body = asked.referred(assessment=an_answered_form(9, grade="MEDIUM"), **moved_here())
    asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", value("incidents_in_window", 1))

    quiet_report(asked, assessment=an_answered_form(9, grade="MEDIUM"), **moved_here())

    assert "incidents_in_window" in asked.open_facts(body["case_id"])
