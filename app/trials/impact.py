"""Works out what a policy would decide on stored decisions, area by area. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.meetings.marac_processes import marac_hearings, marac_processes
from app.policies.registry import policies_in_service
from app.referrals.models import Decision
from app.referrals.repositories.case_repository import case_by_id, perpetrator_then
from app.referrals.repositories.incident_repository import related_incidents
from app.referrals.repositories.report_repository import referral_by_id
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import known_facts
from app.referrals.stored_records import decision_of, printed_under
from app.routing.comparison.case_difference import (
    CaseDifference,
    compare_decision,
    counted_differently,
    facts_for,
    same_parameters,
)
from app.routing.facts.derived import facts_of
from app.routing.policy.faults import FactErrors
from app.routing.policy.types import Fact, Policy
from app.routing.record.decision import RoutingDecision

MAX_CHANGED_SHOWN = 500
ImpactRecord = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """A policy to try on stored decisions. `by_sha256` holds the policies in service by fingerprint."""

    session: Session
    policy: Policy
    by_sha256: Mapping[str, Policy]


def trial_of(session: Session, policy: Policy) -> Trial:
    """Returns the trial of a policy among those in service."""
    return Trial(session, policy, {each.sha256: each for each in policies_in_service(session)})


def empty_impact() -> ImpactRecord:
    """Returns the impact before any decision is read."""
    return {"changed": [], "changed_more": 0, "undecidable": [], "areas": {}, "change_counts": {}}


def add_decisions(trial: Trial, decisions: Sequence[Decision], impact: ImpactRecord) -> ImpactRecord:
    """Adds to `impact` what the policy decides differently on these decisions, and returns it."""
    for stored in decisions:
        area = impact["areas"].setdefault(stored.area, _empty_area(stored))
        area["decisions"] += 1
        area["last_decided_at"] = stored.decided_at.isoformat()
        difference = difference_on(trial, stored)
        if difference is None:
            impact["undecidable"].append(stored.id)
        elif not difference.is_nothing:
            _add_difference(impact, stored, difference)
    return impact


def difference_on(trial: Trial, stored: Decision) -> CaseDifference | None:
    """Returns what the policy decides differently on the facts of a stored decision.

    None when it cannot decide on them.
    """
    try:
        was = _decision_made(trial, stored)
        facts = facts_for(trial.policy, was.facts, _counted_again(trial, stored))
        return compare_decision(was, trial.policy, facts)
    except FactErrors:
        return None


def _decision_made(trial: Trial, stored: Decision) -> RoutingDecision:
    policy = trial.by_sha256.get(stored.policy_sha256)
    return printed_under(policy, stored).decision if policy else decision_of(trial.session, stored)


def _empty_area(stored: Decision) -> ImpactRecord:
    return {
        "decisions": 0,
        "changed": 0,
        "hearings_more": 0,
        "hearings_fewer": 0,
        "first_decided_at": stored.decided_at.isoformat(),
        "last_decided_at": stored.decided_at.isoformat(),
    }


def _add_difference(impact: ImpactRecord, stored: Decision, difference: CaseDifference) -> None:
    area = impact["areas"][stored.area]
    area["changed"] += 1
    area["hearings_more"] += difference.hearings > 0
    area["hearings_fewer"] += difference.hearings < 0
    for each in difference.changes:
        change = f"{each.what}: {each.was} -> {each.now}"
        impact["change_counts"][change] = impact["change_counts"].get(change, 0) + 1
    if len(impact["changed"]) >= MAX_CHANGED_SHOWN:
        impact["changed_more"] += 1
        return
    impact["changed"].append(
        {
            "decision_id": stored.id,
            "case_id": stored.case_id,
            "area": stored.area,
            **difference_to_dict(difference),
        }
    )


def difference_to_dict(difference: CaseDifference) -> dict[str, Any]:
    """Returns the difference as plain data."""
    return {
        "changes": [{"what": each.what, "was": each.was, "now": each.now} for each in difference.changes],
        "duties_gained": list(difference.duties_gained),
        "duties_lost": list(difference.duties_lost),
    }


def _counted_again(trial: Trial, stored: Decision) -> Mapping[str, Fact]:
    """Returns the facts that the policy's parameters count differently from those of the policy that decided."""
    old = trial.by_sha256.get(stored.policy_sha256)
    if old is None or same_parameters(old, trial.policy):
        return {}
    case = case_by_id(trial.session, stored.case_id)
    referral = referral_by_id(trial.session, stored.referral_id)
    if case is None or referral is None:
        return {}
    at = stored.decided_at
    stated = known_facts(trial.session, referral, at)
    incidents = related_incidents(trial.session, case.victim_ref, perpetrator_then(case, at), at)
    snapshot = snapshot_of(stated, incidents, _history(trial.session, stored, at))
    before, after = (facts_of(policy, snapshot, at) for policy in (old, trial.policy))
    return counted_differently(before, after)


def _history(session: Session, stored: Decision, at: datetime) -> History:
    """Returns what was known of the case at MARAC when the decision was made: all that a repeat window runs from."""
    processes = marac_processes(session, stored.case_id, before=stored.number)
    return History(
        nation=nation_of_area(session, stored.area),
        processes=processes,
        heard_at=marac_hearings(session, stored.case_id, at),
    )
