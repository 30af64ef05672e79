"""What a draft would have decided on stored decisions, area by area. Reads; changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.clock import london_date
from app.meetings.repositories.listing_repository import last_heard_on
from app.policies.registry import policies_in_service
from app.referrals.models import Decision
from app.referrals.repository import case_by_id, referral_by_id, related_incidents
from app.referrals.schemas import ReferralRequest
from app.referrals.snapshots import History, overlaid, snapshot_of
from app.routing.comparison.impact import (
    CaseDifference,
    counted_differently,
    differing_on,
    facts_for,
    figures_of,
    same_figures,
)
from app.routing.facts.derived import derive
from app.routing.policy.faults import FactErrors
from app.routing.policy.types import Fact, Policy
from app.routing.record.codec import from_dict
from app.trials import repository
from app.vocabulary import Forum

MOST_SHOWN = 500
Found = dict[str, Any]


def nothing_found() -> Found:
    """A what-if that has looked at no decision yet."""
    return {"changed": [], "changed_more": 0, "undecidable": [], "areas": {}, "moves": {}}


def look_at(session: Session, draft: Policy, decisions: Sequence[Decision], found: Found) -> Found:
    """What was found, with these decisions looked at too."""
    by_sha = {policy.sha256: policy for policy in policies_in_service(session)}
    for stored in decisions:
        area = found["areas"].setdefault(stored.area, _empty_area(stored))
        area["decisions"] += 1
        area["last_decided_at"] = stored.decided_at.isoformat()
        difference = difference_on(session, draft, stored, by_sha)
        if difference is None:
            found["undecidable"].append(stored.id)
        elif not difference.is_nothing:
            _note(found, area, stored, difference)
    return found


def difference_on(
    session: Session, policy: Policy, stored: Decision, by_sha: Mapping[str, Policy]
) -> CaseDifference | None:
    """What the policy decides differently on the facts of a stored decision; None when it cannot decide on them.

    `by_sha` are the policies at hand by fingerprint: the one that decided says what its figures counted.
    """
    old = by_sha.get(stored.policy_sha256)
    try:
        facts = facts_for(policy, stored.record["facts"], _recounted(session, stored, old, policy))
        return differing_on(from_dict(stored.record), policy, facts)
    except FactErrors:
        return None


def _empty_area(stored: Decision) -> Found:
    return {
        "decisions": 0,
        "changed": 0,
        "hearings_more": 0,
        "hearings_fewer": 0,
        "first_decided_at": stored.decided_at.isoformat(),
        "last_decided_at": stored.decided_at.isoformat(),
    }


def _note(found: Found, area: Found, stored: Decision, difference: CaseDifference) -> None:
    area["changed"] += 1
    area["hearings_more"] += difference.hearings > 0
    area["hearings_fewer"] += difference.hearings < 0
    for moved in difference.moved:
        move = f"{moved.what}: {moved.was} -> {moved.now}"
        found["moves"][move] = found["moves"].get(move, 0) + 1
    if len(found["changed"]) >= MOST_SHOWN:
        found["changed_more"] += 1
        return
    found["changed"].append(
        {
            "decision_id": stored.id,
            "case_id": stored.case_id,
            "area": stored.area,
            **plain(difference),
        }
    )


def plain(difference: CaseDifference) -> Found:
    """The difference as plain data."""
    return {
        "moved": [{"what": each.what, "was": each.was, "now": each.now} for each in difference.moved],
        "duties_gained": list(difference.duties_gained),
        "duties_lost": list(difference.duties_lost),
    }


def _recounted(session: Session, stored: Decision, old: Policy | None, draft: Policy) -> Mapping[str, Fact]:
    """The facts that the draft's figures count differently from those of the policy that decided."""
    if old is None or same_figures(old, draft):
        return {}
    case, referral = case_by_id(session, stored.case_id), referral_by_id(session, stored.referral_id)
    if case is None or referral is None:
        return {}
    at = stored.decided_at
    learned = [row.document for row in repository.learned_by(session, referral.id, at)]
    told = ReferralRequest.model_validate(overlaid(referral.document, learned))
    incidents = related_incidents(session, case.victim_ref, case.perpetrator_ref, at)
    snapshot = snapshot_of(told, incidents, _history(session, stored, at))
    before, after = (derive(snapshot, at, figures_of(policy)) for policy in (old, draft))
    return counted_differently(before, after)


def _history(session: Session, stored: Decision, at: datetime) -> History:
    """What was known of the case at MARAC when the decision was made: all that a window can run from."""
    referred_at = repository.earlier_marac_referral_at(session, stored.case_id, stored.number)
    heard_on = last_heard_on(session, stored.case_id, Forum.MARAC)
    return History(
        last_referral_on=london_date(referred_at) if referred_at else None,
        last_heard_on=heard_on if heard_on and heard_on <= london_date(at) else None,
    )
