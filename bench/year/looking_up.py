"""What people answer to the questions of an enquiry, as `behaviour.toml` says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.enquiries.values import FOUND_IN_RECORDS
from app.enquiries.vocabulary import HUB_REVIEW
from bench.year.force import Force
from tests.given import Caller

A_DUTY = re.compile(r"[DE]\d")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is found wherever somebody looks, and what each referral reported, by its id."""

    found: Mapping[str, Any]
    assessed: dict[str, dict[str, Any]] = field(default_factory=dict)


def look_up(force: Force, caller: Caller, enquiry: str, known: Knowledge) -> None:
    """Reads what the enquiry still asks, and answers all of it."""
    asked = caller.get(f"/v1/enquiries/{enquiry}").json()
    answers = [said_of(item, known) for item in asked["items"] if item["ended"] is None]
    if answers:
        person = caller.on_behalf_of("jo.smith")
        force.posted("answer", caller, f"/v1/enquiries/{enquiry}/answers", {"answers": answers}, **person)


def said_of(item: Mapping[str, Any], known: Knowledge) -> dict[str, Any]:
    """The answer to one question."""
    fact, report = item["fact"], item["report_id"]
    about = {"fact": fact} | ({"report_id": report} if report else {})
    told = known.assessed.get(report or "", {})
    if fact in {HUB_REVIEW, "grade"}:
        grade = told.get("officer_grade", "MEDIUM")
        return about | {"kind": "VALUE", "value": grade, "reason": "The report says so"}
    if fact == "ticks" and "ticks" in told:
        return about | {"kind": "VALUE", "value": told["ticks"]}
    if A_DUTY.match(fact):
        return about | {"kind": "VALUE", "value": True, "reason": "Looked into, and done"}
    if fact in known.found:
        return about | {"kind": "VALUE", "value": known.found[fact]}
    if fact in FOUND_IN_RECORDS:
        return about | {"kind": "NOTHING_RECORDED", "looked_in": "The force's records"}
    return about | {"kind": "CANNOT_FIND_OUT", "reason": "No record says it"}
