"""A stored decision takes little room, and its reader is told when the row is not what was stored."""

from statistics import median

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.access.service import scope_to_system
from app.foundation.clock import SettableClock
from app.policies.registry import load_shipped_policies
from app.referrals.decisions import MadeDecision, store_decision
from app.referrals.models import Decision
from app.referrals.repositories.case_repository import case_by_id
from app.referrals.repositories.report_repository import referral_by_id
from app.routing.engine.decide import decide
from tests.given import Callers, a_referral
from tests.intake.test_short_answers import the_largest
from tests.journeys.portfolio.test_cases_are_told_apart import ROWS, posted
from tests.routing.given import examples_of

MEDIAN_BYTES, MOST_BYTES = 6_000, 9_000
ROW_HEADER = 24
SOME_ROWS = [*ROWS][::3]
SIZE = " + ".join(f"coalesce(pg_column_size({column.name}), 0)" for column in Decision.__table__.columns)


def sizes(engine: Engine) -> list[int]:
    """The bytes of each stored decision, its compressed parts as they lie on disk."""
    with engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT {SIZE} + {ROW_HEADER} FROM decision ORDER BY number")))


def assert_small(found: list[int]) -> None:
    assert median(found) <= MEDIAN_BYTES, f"median {median(found)} of {len(found)}"
    assert max(found) <= MOST_BYTES, f"most {max(found)} of {len(found)}"


def test_decisions_of_the_portfolio_are_small(callers: Callers, owner_engine: Engine) -> None:
    for number, name in enumerate(SOME_ROWS):
        people = {"victim": {"ref": f"V-{number}"}, "perpetrator": {"ref": f"P-{number}"}}
        sent = posted(ROWS[name])
        named = {role: sent[role] | ref for role, ref in people.items() if sent[role].get("known", True)}
        callers.hub.post("/v1/referrals", {**sent, **named, "source_reference": f"DV-{number}"}).raise_for_status()
    callers.hub.post("/v1/referrals", the_largest()).raise_for_status()

    assert_small(sizes(owner_engine))


@pytest.mark.parametrize("registered", load_shipped_policies(), ids=lambda each: each.policy.id)
def test_decisions_on_every_example_of_a_policy_are_small(
    registered: object,
    callers: Callers,
    sessions: sessionmaker[Session],
    owner_engine: Engine,
    clock: SettableClock,
) -> None:
    policy = registered.policy  # type: ignore[attr-defined]
    sent = callers.hub.post("/v1/referrals", a_referral()).json()
    with sessions.begin() as session:
        scope_to_system(session)
        referral, case = referral_by_id(session, sent["referral_id"]), case_by_id(session, sent["case_id"])
        assert referral is not None
        assert case is not None
        for example in examples_of(policy.id):
            made = MadeDecision(referral, case, decide(policy, example.given), "0" * 64, "facts learned", ("a sign",))
            store_decision(session, made, clock.now())

    assert_small(sizes(owner_engine))


def test_reader_is_told_when_the_stored_row_was_changed(callers: Callers, owner_engine: Engine) -> None:
    decision_id = callers.hub.post("/v1/referrals", a_referral()).json()["decision_id"]
    with owner_engine.begin() as connection:
        connection.execute(text("ALTER TABLE decision DISABLE TRIGGER decision_append_only"))
        connection.execute(
            text("UPDATE decision SET record = jsonb_set(record, '{facts,grade}', '\"STANDARD\"') WHERE id = :id"),
            {"id": decision_id},
        )
        connection.execute(text("ALTER TABLE decision ENABLE TRIGGER decision_append_only"))

    shown = callers.hub.get(f"/v1/decisions/{decision_id}").json()

    assert shown["printing"] == "altered"
