"""What two agencies say of one case, and what is decided on it. Nothing is stored: a law is tried on many pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.referrals.models import Incident, Referral
from app.referrals.schemas.incident import IncidentIn
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.births import with_births
from app.referrals.statements.gathering import facts_from
from app.referrals.statements.statement import AgencyStatement, StatementKind
from app.routing.engine.decide import decide
from app.routing.policy.types import Fact
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Nation
from tests.routing.given import baseline, facts_at

Body = dict[str, Any]
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
POLICE, PROBATION, IDVA = "ANYTOWN-POLICE", "ANYTOWN-PROBATION", "ANYTOWN-IDVA"
MAY_SAY = frozenset({POLICE, PROBATION})


@dataclass(frozen=True, slots=True)
class Said:
    """What one agency says at one time: facts, and events of its own."""

    agency: str
    document: Body
    incidents: Sequence[Body] = ()
    kind: StatementKind = StatementKind.REFERRAL


def known(*said: Said) -> dict[str, Fact]:
    """The facts of the case when these agencies have said this, an hour apart, the last of them now."""
    first = NOW - timedelta(hours=len(said) - 1)
    times = [first + timedelta(hours=number) for number in range(len(said))]
    statements = [
        with_births(
            AgencyStatement(one.agency, one.document, one.kind, f"ref-{number}", f"ref-{number}", at, _may_say(one))
        )
        for number, (one, at) in enumerate(zip(said, times, strict=True))
    ]
    referral = Referral(
        id="ref-0",
        referring_agency=said[0].agency,
        received_at=times[0],
        document={
            "source_system": "S",
            "source_reference": "R",
            "area": "ANYTOWN",
            "incidents": [],
            "victim": {"ref": "V-1"},
        },
    )
    stated = replace(facts_from(referral, statements), may_say=MAY_SAY)
    rows = [_row(incident, one.agency, at) for one, at in zip(said, times, strict=True) for incident in one.incidents]
    return facts_at(snapshot_of(stated, rows, History(Nation.ENGLAND)), NOW)


def _may_say(one: Said) -> bool:
    return one.agency in MAY_SAY


def decided(facts: Mapping[str, Fact]) -> RoutingDecision:
    """What is decided on these facts."""
    return decide(baseline(), facts)


def _row(incident: Body, agency: str, at: datetime) -> Incident:
    sent = IncidentIn.model_validate(incident)
    return Incident(
        victim_ref=sent.victim_ref or "V-1",
        perpetrator_ref=sent.perpetrator_ref or "P-1",
        occurred_at=sent.occurred_at,
        recorded_at=at,
        reported_by=agency,
        document=sent.model_dump(mode="json", exclude_unset=True),
    )
