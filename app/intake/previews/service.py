"""Previews the decision on a referral: the same conversion to facts and the same rules, and nothing stored."""

from dataclasses import dataclass, replace

from app.access.directory import nation_of_area
from app.access.repository import area_by_code
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Invalid
from app.foundation.storage.transaction import Transaction
from app.intake.case_history import CaseRecords, gather_case_knowledge, history_of, with_marac_clock
from app.intake.previews.preview_identity import PreviewIdentity, preview_identity
from app.intake.previews.unstored_rows import (
    UNSTORED,
    under_names_of_case,
    unstored_case,
    unstored_incidents,
    unstored_referral,
)
from app.intake.service import decided_for_owner, marac_hearing
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.ownership.needs.opening import needs_in_place
from app.ownership.repository import current_ownership
from app.policies.registry import policy_of_area
from app.referrals.decisions import hash_of_reported_facts
from app.referrals.impossible.refusal import refuse_impossible
from app.referrals.models import Case, Incident
from app.referrals.named_persons import couple_of
from app.referrals.repositories.case_repository import case_of_pair
from app.referrals.repositories.incident_repository import related_incidents, under_names
from app.referrals.repositories.report_repository import (
    referral_by_source,
    referrals_about_perpetrator,
    referrals_about_victim,
    referrals_of_couple,
)
from app.referrals.schemas.requests import ReferralRequest
from app.referrals.service import SENT_BEFORE
from app.referrals.snapshots import History, snapshot_of
from app.referrals.statements.contradictions import refuse_contradictions
from app.referrals.statements.gathering import OnRecord, stated_of_case
from app.referrals.statements.stored import stated_of_victim
from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.events import events_by_anybody
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import parameter_values
from app.routing.record.decision import RoutingDecision
from app.vocabulary import Forum, NeedKind


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
    if referral_by_source(tx.session, tx.caller.agency, sent.source_system, sent.source_reference) is not None:
        raise Conflict(SENT_BEFORE, code="referral-already-received")
    area = area_by_code(tx.session, sent.area)
    if area is None:
        raise Invalid("`area` is not an area of this service")
    refuse_impossible(sent, couple_of(sent), tx.now)
    refuse_contradictions(sent, (sent.victim.ref, sent.perpetrator.ref), london_date(tx.now))
    identity = preview_identity(tx.session, sent)
    known_case = case_of_pair(tx.session, sent.area, identity.victim_refs, identity.perpetrator_refs)
    case = known_case or unstored_case(tx, sent)
    hearing = marac_hearing(tx, case, area)
    records = _records(tx, sent, identity, hearing)
    snapshot = _snapshot(tx, sent, identity, case, records)
    # Of the case's own area, also when another area sends the new referral.
    policy = policy_of_area(tx.session, case.area, tx.now)
    if known_case is not None:
        snapshot = with_marac_clock(tx.session, known_case, snapshot, policy, tx.now)
    decision = decided_for_owner(policy, snapshot, tx.now, marac_owns=_marac_owns(tx, records))
    stated = danger_signs(snapshot, tx.now, parameter_values(policy))
    return Preview(decision, stated, hearing, known_case.id if known_case else None)


def _snapshot(
    tx: Transaction, sent: ReferralRequest, identity: PreviewIdentity, case: Case, records: CaseRecords
) -> CaseSnapshot:
    """Returns the case as routing would see it: everything on record, and the referral with its incidents."""
    names = identity.names(case.victim_ref, case.perpetrator_ref)
    sent = under_names_of_case(sent, names)
    fresh = unstored_incidents(sent, case, tx.now)
    recorded = [under_names(row, names) for row in _incidents_on_record(tx, identity)]
    incidents = sorted([*recorded, *fresh], key=lambda row: row.occurred_at)
    unsent = unstored_referral(tx, sent, case)
    stated = stated_of_case(tx.session, case, unsent, _on_record(tx, identity), tx.now)
    of_law = History(nation=nation_of_area(tx.session, case.area))
    if case.id == UNSTORED:
        told_sha256 = hash_of_reported_facts(snapshot_of(stated, incidents, of_law))
        return snapshot_of(stated, incidents, history_of(tx.session, case, records, told_sha256))
    known = gather_case_knowledge(tx, case, unsent, records).snapshot
    all_incidents = snapshot_of(stated, incidents, of_law).incidents
    # New events are new facts, and on new facts a forum that declined may be asked again (I5).
    is_new = events_by_anybody(all_incidents or ()) != events_by_anybody(known.incidents or ())
    return replace(known, incidents=all_incidents, refusals=() if is_new else known.refusals)


def _on_record(tx: Transaction, identity: PreviewIdentity) -> OnRecord:
    """Returns what is on record of the two people under every pseudonym, those that the referral would link too."""
    victim, perpetrator = identity.victim_refs, identity.perpetrator_refs
    of_couple = referrals_of_couple(tx.session, victim, perpetrator, tx.now)
    of_victim = referrals_about_victim(tx.session, victim, {one.id for one in of_couple}, tx.now)
    return OnRecord(
        of_couple,
        referrals_about_perpetrator(tx.session, perpetrator, victim, tx.now),
        stated_of_victim(tx.session, of_victim, tx.now),
    )


def _records(
    tx: Transaction, sent: ReferralRequest, identity: PreviewIdentity, hearing: HearingEstimate
) -> CaseRecords:
    """Returns the needs that the referral would find, by whom the two people are known as, and the hearing."""
    known_as = unstored_case(tx, sent)
    known_as.victim_ref, known_as.perpetrator_ref = identity.recorded_as[-1]
    return CaseRecords(needs_in_place(tx.session, known_as), hearing, identity.victim_refs, identity.perpetrator_refs)


def _marac_owns(tx: Transaction, records: CaseRecords) -> bool:
    need = records.needs.opened.get(NeedKind.VICTIM_SAFETY)
    return need is not None and current_ownership(tx.session, need).forum == Forum.MARAC


def _incidents_on_record(tx: Transaction, identity: PreviewIdentity) -> list[Incident]:
    by_id = {
        row.id: row
        for victim, perpetrator in identity.recorded_as
        for row in related_incidents(tx.session, victim, perpetrator, tx.now)
    }
    return list(by_id.values())
