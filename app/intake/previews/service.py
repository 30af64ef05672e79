"""Previews the decision on a referral: the same conversion to facts and the same rules, and nothing stored."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.access.models import Area
from app.access.repository import area_by_code
from app.foundation.errors import Conflict, Invalid
from app.foundation.storage.transaction import Transaction
from app.intake.case_history import gather_case_knowledge, with_marac_clock
from app.intake.previews.preview_identity import PreviewIdentity, preview_identity
from app.intake.previews.unstored_rows import (
    UNSTORED,
    under_names_of_case,
    unstored_case,
    unstored_incidents,
    unstored_referral,
)
from app.intake.service import decision_on, marac_hearing
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.ownership.repository import open_needs_of_case
from app.policies.registry import policy_in_force
from app.referrals.impossible.refusal import refuse_impossible
from app.referrals.models import Case, Incident
from app.referrals.named_persons import couple_of
from app.referrals.repository import case_of_pair, referral_by_source, related_incidents, under_names
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.service import SENT_BEFORE
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.gathering import facts_from, referral_statement
from app.routing.comparison.case_difference import parameter_values
from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.events import distinct_events
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.record.decision import RoutingDecision
from app.vocabulary import NeedKind


@dataclass(frozen=True, slots=True)
class Preview:
    """The decision that would be made now, when MARAC would hear the case, and the case the referral would join.

    `stated` are the signs of danger that are reported.
    """

    decision: RoutingDecision
    stated: tuple[str, ...]
    hearing: HearingEstimate
    case_id: str | None


def preview_referral(tx: Transaction, sent: ReferralRequest) -> Preview:
    """Returns the decision that the referral would get now. Raises what the referral itself would raise."""
    client = tx.caller.client_id
    if referral_by_source(tx.session, client, sent.source_system, sent.source_reference) is not None:
        raise Conflict(SENT_BEFORE, code="referral-already-received")
    area = area_by_code(tx.session, sent.area)
    if area is None:
        raise Invalid("`area` is not an area of this service")
    refuse_impossible(sent, couple_of(sent), tx.now)
    identity = preview_identity(tx.session, sent)
    known_case = case_of_pair(tx.session, identity.victim_refs, identity.perpetrator_refs)
    case = known_case or unstored_case(tx, sent)
    hearing = marac_hearing(tx, case, area)
    snapshot = _snapshot(tx, sent, identity, case, hearing)
    policy = policy_in_force(tx.session, _policy_profile(tx.session, area, case), tx.now)
    if known_case is not None:
        snapshot = with_marac_clock(tx.session, known_case, snapshot, policy, tx.now)
    decision = decision_on(policy, snapshot, tx.now)
    stated = danger_signs(snapshot, tx.now, parameter_values(policy))
    return Preview(decision, stated, hearing, known_case.id if known_case else None)


def _policy_profile(session: Session, area: Area, case: Case) -> str:
    """Returns the profile of the case's own area, also when another area sends the new referral."""
    own = area if case.area == area.code else area_by_code(session, case.area)
    return (own or area).policy_profile


def _snapshot(
    tx: Transaction, sent: ReferralRequest, identity: PreviewIdentity, case: Case, hearing: HearingEstimate
) -> CaseSnapshot:
    """Returns the case as routing would see it: everything on record, and the referral with its incidents."""
    names = identity.names(case.victim_ref, case.perpetrator_ref)
    sent = under_names_of_case(sent, names)
    fresh = unstored_incidents(sent, case, tx.now)
    recorded = [under_names(row, names) for row in _incidents_on_record(tx, identity)]
    incidents = sorted([*recorded, *fresh], key=lambda row: row.occurred_at)
    # No row has this case, so there is no history to gather.
    unsent = unstored_referral(tx, sent, case)
    stated = facts_from(unsent, [referral_statement(unsent)])
    if case.id == UNSTORED:
        return snapshot_of(stated, incidents, History(working_days_to_hearing=hearing.working_days))
    needs = {need.kind: need for need in open_needs_of_case(tx.session, case.id)}
    known = gather_case_knowledge(tx, case, unsent, needs.get(NeedKind.PERPETRATOR), hearing).snapshot
    all_incidents = snapshot_of(stated, incidents, History()).incidents
    # New events are new facts, and on new facts a forum that declined may be asked again (I5).
    is_new = distinct_events(all_incidents or ()) != distinct_events(known.incidents or ())
    return replace(known, incidents=all_incidents, refusals=() if is_new else known.refusals)


def _incidents_on_record(tx: Transaction, identity: PreviewIdentity) -> list[Incident]:
    by_id = {
        row.id: row
        for victim, perpetrator in identity.recorded_as
        for row in related_incidents(tx.session, victim, perpetrator, tx.now)
    }
    return list(by_id.values())
