"""A case with the decision just made on it, and what its duties depend on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import calendar_of_area
from app.actions.repository import open_duties_of_case
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import WorkingDays
from app.intake.supervision import SupervisingServices, supervising_services
from app.meetings.lists.contact_bars import barred_contacts
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.vocabulary import NotToContact
from app.ownership.repository import cases_of_need, open_needs_of_case
from app.referrals.models import Case, Decision
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.duty_ids import JOINT_VISIT
from app.routing.policy.types import Policy
from app.routing.record.decision import RoutingDecision
from app.vocabulary import NeedKind


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case with the decision just made on it, the policy and facts behind that, and when MARAC hears it.

    `deceased` names the needs whose person died; `reported_at` is when the newest report came: what was done since is
    not asked for again.
    """

    case: Case
    policy: Policy
    decision: RoutingDecision
    stored: Decision
    snapshot: CaseSnapshot
    hearing: HearingEstimate
    deceased: frozenset[NeedKind]
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class DutyContext:
    """What owners, words and deadlines of duties depend on.

    `visit_on` is the day of an agreed joint visit, if one is open; `barred` are those whom nobody may contact,
    `perpetrators_side` the agencies that work with the perpetrator; the hub and MARAC are of the victim's side;
    `other_cases` the further cases of each of the two people.
    """

    services: SupervisingServices
    calendar: WorkingDays
    visit_on: date | None
    now: datetime
    barred: Sequence[NotToContact]
    perpetrators_side: frozenset[str] = frozenset()
    other_cases: Mapping[NeedKind, tuple[str, ...]] = field(default_factory=dict)


def duty_context(tx: Transaction, decided: DecidedCase) -> DutyContext:
    case, snapshot = decided.case, decided.snapshot
    return DutyContext(
        # On the London date: a licence that ended yesterday names nobody any more.
        services=supervising_services(tx.session, case.area, snapshot, london_date(tx.now)),
        calendar=calendar_of_area(tx.session, case.area),
        visit_on=_open_visit_due_on(tx.session, case) if snapshot.joint_visit_agreed else None,
        now=tx.now,
        barred=barred_contacts(tx.session, case.id),
    )


def _open_visit_due_on(session: Session, case: Case) -> date | None:
    """Returns the day by which the joint visit is due, when it is an open action already."""
    visits = open_duties_of_case(session, case.id).get(JOINT_VISIT, [])
    return next((visit.due_on for visit in visits), None)


def other_cases_of_both(session: Session, case_id: str) -> dict[NeedKind, tuple[str, ...]]:
    """Returns the further cases that each open need of the case serves: those of the same person."""
    return {
        NeedKind(need.kind): tuple(one for one in cases_of_need(session, need.id) if one != case_id)
        for need in open_needs_of_case(session, case_id)
    }
