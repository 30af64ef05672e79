"""Reads the orders and bail conditions that protect somebody, as each author states or returns them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.flows import repository
from app.flows.reading.stored_facts import StoredFacts
from app.flows.state import OrderOnRecord
from app.meetings.research_schemas import OrderHeld
from app.referrals.schemas.order import OrderIn
from app.referrals.statements.reading import read
from app.referrals.statements.standing import standing


def orders_on_record(session: Session, facts: StoredFacts) -> Iterator[OrderOnRecord]:
    """Yields every order that runs today, by the case that it is on record in.

    What an agency returns before a hearing is on record as what it reports is (DHR "Jean" 14.2.11).
    """
    for case_id in facts.case_ids:
        for stated in standing(facts.statements_of(case_id)).get(("orders",), {}).values():
            for entry in stated.value:
                order = read(OrderIn, entry)
                if _runs(order.starts_on, order.ends_on, facts.today):
                    whose = order.protected_ref or ""
                    yield _order(case_id, order.kind, whose, order.ends_on, entry.get("breached"))
    for row in repository.returns_of(session, facts.case_ids):
        for entry in _returned(row.document):
            held = read(OrderHeld, entry)
            if _runs(None, held.ends_on, facts.today):
                yield _order(row.case_id, held.kind, "returned", held.ends_on, entry.get("breached"))


def _returned(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list((document.get("supervision") or {}).get("orders") or ())


def _order(case_id: str, kind: str, whose: str, until: date | None, breached: bool | None) -> OrderOnRecord:
    key = f"{case_id}:{kind}:{whose}:{until or ''}" + (":BREACHED" if breached else "")
    return OrderOnRecord(key, case_id, kind, until, breached)


def _runs(starts_on: date | None, ends_on: date | None, today: date) -> bool:
    return (starts_on is None or starts_on <= today) and (ends_on is None or today <= ends_on)
