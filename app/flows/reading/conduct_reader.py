"""Reads how the perpetrator keeps to supervision: missed contacts, breaches, arrest, bail and release, by their day."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.flows.reading.stored_facts import StoredFacts
from app.flows.state import ConductOnRecord
from app.foundation.clock import london_date
from app.referrals.statements.statement import AgencyStatement

_STATED: Mapping[str, str] = {
    "missed_supervision": "MISSED_CONTACT",
    "breach_suspected": "BREACH",
    "arrested_without_charge": "ARREST",
    "on_bail": "BAIL",
}


def conduct_on_record(facts: StoredFacts) -> Iterator[ConductOnRecord]:
    """Yields each of these once for a case and a day. Stated again on another day, it happened again."""
    found = (one for statement in facts.statements for one in _stated_in(facts, statement))
    yield from {one.key: one for one in found}.values()


def _stated_in(facts: StoredFacts, statement: AgencyStatement) -> Iterator[ConductOnRecord]:
    perpetrator = statement.document.get("perpetrator") or {}
    case_id, day = facts.case_of[statement.referral], london_date(statement.stated_at)
    yield from (_conduct(case_id, what, day) for name, what in _STATED.items() if perpetrator.get(name) is True)
    release_on = perpetrator.get("release_on")
    if release_on is not None:
        yield _conduct(case_id, "RELEASE", _day(release_on))


def _conduct(case_id: str, what: str, day: date) -> ConductOnRecord:
    return ConductOnRecord(f"{case_id}:{what}:{day}", case_id, what, day)


def _day(stated: Any) -> date:  # noqa: ANN401 - as the document holds it
    return date.fromisoformat(str(stated))
