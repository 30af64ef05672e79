"""A breach counts the same wherever it is said: of an order, in the answers of a form, or by whoever is asked."""

from datetime import timedelta
from typing import Any

import pytest

from app.routing.facts.answers.questions import DASH24
from tests.enquiries.given_enquiries import DAY, Asked, an_answered_form, cannot_find_out, facts_of, outcomes_of, value
from tests.given import an_incident

LEVEL_1 = {"ref": "P-1", "mappa": {"level": 1, "category": 2, "last_reviewed_on": "2026-02-01"}, "on_bail": False}
BESIDE_THE_FORM = {"honour_based": False, "forced_marriage": False, "immigration_control": False}
BROKEN = {
    "tool": "DASH24",
    "answers": dict.fromkeys(DASH24, "NO") | {"broke_bail_or_order": "YES"},
    "officer_grade": "STANDARD",
    "seen_alone": True,
    **BESIDE_THE_FORM,
}


def at_level_1(asked: Asked, reference: str = "DV-1", **changes: Any) -> dict[str, Any]:
    return asked.referred(reference, **{"perpetrator": LEVEL_1, "assessment": BROKEN, **changes})


def newest(asked: Asked, body: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The rules and the duties of the newest decision of the case."""
    made = asked.decisions(body)[-1]["decision"]
    return {one["rule"] for one in made["findings"]}, {one["id"] for one in made["duties"]}


def replied(asked: Asked, body: dict[str, Any], answer: dict[str, Any]) -> None:
    taken = asked.answer(asked.callers.hub, body["case_id"], "PVP_HUB", answer)
    assert taken.status_code == 201, taken.text


def test_breach_that_an_answer_tells_of_is_asked_about_even_where_nothing_else_is_wrong(asked: Asked) -> None:
    body = at_level_1(asked)

    question = asked.question(body["case_id"], "order_breached")
    assert (question["until"], outcomes_of(asked, body)["mappa"]) == ("2026-03-10T10:30:00Z", "l1")
    assert "E12" not in newest(asked, body)[1]


@pytest.mark.parametrize("said", ["of an order", "to whoever asks"])
def test_every_rule_and_duty_reads_the_same_breach_wherever_it_is_said(said: str, asked: Asked) -> None:
    breached = {"orders": [{"kind": "RESTRAINING_ORDER", "breached": True}]}
    stated: dict[str, Any] = breached if said == "of an order" else {}
    body = at_level_1(asked, **stated)
    if said != "of an order":
        replied(asked, body, value("order_breached", True))

    rules, duties = newest(asked, body)

    assert {"MAPPA-05b", "REVIEW-01"} <= rules
    assert {"E12", "D17.review", "D20"} <= duties
    assert "hub_review" in asked.open_facts(body["case_id"])
    assert "order_breached" not in asked.open_facts(body["case_id"])


def test_agreement_on_contact_that_was_broken_is_no_breach(asked: Asked) -> None:
    body = at_level_1(asked)

    replied(asked, body, value("order_breached", False))

    assert (facts_of(asked, body)["order_breached"], outcomes_of(asked, body)["mappa"]) == (False, "l1")
    assert "E12" not in newest(asked, body)[1]


@pytest.mark.parametrize("broken", [True, False])
def test_reply_about_a_breach_stands_after_a_later_report_that_tells_of_none(broken: bool, asked: Asked) -> None:
    body = at_level_1(asked)
    replied(asked, body, value("order_breached", broken))
    asked.pass_time(DAY)

    later = at_level_1(asked, "DV-2", assessment=an_answered_form(0), incidents=[an_incident("2026-03-11T08:00:00Z")])

    assert facts_of(asked, later)["order_breached"] is broken
    assert "order_breached" not in asked.open_facts(body["case_id"])


def test_breach_that_a_later_form_tells_of_is_asked_about_anew(asked: Asked) -> None:
    body = at_level_1(asked)
    replied(asked, body, value("order_breached", False))
    asked.pass_time(DAY)

    later = at_level_1(asked, "DV-2", incidents=[an_incident("2026-03-11T08:00:00Z")])

    assert facts_of(asked, later)["order_breached"] is None
    assert "order_breached" in asked.open_facts(body["case_id"])


def test_breach_of_which_nobody_can_find_out_more_is_reviewed_by_the_hub(asked: Asked) -> None:
    body = at_level_1(asked)

    replied(asked, body, cannot_find_out("order_breached"))
    asked.pass_time(timedelta(hours=1))

    assert "hub_review" in asked.open_facts(body["case_id"])
    assert facts_of(asked, body)["order_breached"] is None
