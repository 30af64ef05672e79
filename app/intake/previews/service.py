"""What would be decided on a referral if it were sent: the same crossing and the same rules, and nothing stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Area
from app.access.repository import area_by_code
from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Invalid
from app.intake.case_history import gather
from app.intake.previews.preview_identity import PreviewIdentity, foreseen
from app.intake.service import hearing_of
from app.meetings.schemas import HearingEstimate
from app.ownership.repository import needs_of_case
from app.policies.registry import policy_in_force
from app.referrals.models import Case, Incident, Referral
from app.referrals.repository import referral_by_source, related_incidents
from app.referrals.schemas import IncidentIn, ReferralRequest
from app.referrals.service import KEPT_APART
from app.referrals.snapshots import History, snapshot_of
from app.routing.comparison.case_difference import parameter_values
from app.routing.engine.decide import decide
from app.routing.facts.derived import derive
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.record.decision import RoutingDecision
from app.vocabulary import NeedKind

UNSTORED = "unstored"


@dataclass(frozen=True, slots=True)
class Preview:
    """The decision that would be made now, when MARAC would hear the case, and the case it would join."""

    decision: RoutingDecision
    hearing: HearingEstimate
    case_id: str | None


def preview(session: Session, caller: Caller, sent: ReferralRequest, now: datetime) -> Preview:
    """The decision on the referral as sent. Refused exactly where the referral itself would be."""
    if referral_by_source(session, caller.client_id, sent.source_system, sent.source_reference) is not None:
        raise Conflict(
            "this source reference was sent before; read that referral, or post an incident to it",
            code="referral-already-received",
        )
    area = area_by_code(session, sent.area)
    if area is None:
        raise Invalid("`area` is not an area of this service")
    tried = foreseen(session, sent)
    known_case = _case_of(session, tried)
    case = known_case or _unstored_case(sent, caller.agency, now)
    hearing = hearing_of(session, case, area, now)
    snapshot = _snapshot(session, caller, sent, tried, case, hearing, now)
    policy = policy_in_force(session, _profile(session, area, case), now)
    decision = decide(policy, derive(snapshot, now, parameter_values(policy)))
    return Preview(decision, hearing, known_case.id if known_case else None)


def _profile(session: Session, area: Area, case: Case) -> str:
    """A case keeps its own area's policy, whichever area sends the new referral."""
    own = area if case.area == area.code else area_by_code(session, case.area)
    return (own or area).policy_profile


def _case_of(session: Session, tried: PreviewIdentity) -> Case | None:
    """The case of these two people under any pseudonym, read without taking it; none while he is unknown."""
    both = (Case.victim_ref.in_(tried.hers), Case.perpetrator_ref.in_(tried.his))
    return session.scalar(select(Case).where(*both).order_by(Case.opened_at, Case.id).limit(1))


def _unstored_case(sent: ReferralRequest, agency: str, now: datetime) -> Case:
    return Case(
        id=UNSTORED,
        reference=UNSTORED,
        area=sent.area,
        agencies=[agency],
        victim_ref=sent.victim.ref,
        perpetrator_ref=sent.perpetrator.ref if sent.perpetrator.known else None,
        opened_at=now,
    )


def _snapshot(
    session: Session,
    caller: Caller,
    sent: ReferralRequest,
    tried: PreviewIdentity,
    case: Case,
    hearing: HearingEstimate,
    now: datetime,
) -> CaseSnapshot:
    """The case as routing would see it: everything on record, and the referral's own incidents with it."""
    names = tried.names(case.victim_ref, case.perpetrator_ref)
    sent = _renamed(sent, names)
    fresh = [
        _incident(one.model_dump(mode="json", exclude_unset=True), case, sent, now) for one in sent.incidents
    ]
    on_record = {row.id: row for her, him in tried.named for row in related_incidents(session, her, him, now)}
    recorded = [_under(names, row) for row in on_record.values()]
    incidents = sorted([*recorded, *fresh], key=lambda row: row.occurred_at)
    if case.id == UNSTORED:
        return snapshot_of(sent, incidents, History(working_days_to_hearing=hearing.working_days))
    need = next(need for need in needs_of_case(session, case.id) if need.kind == NeedKind.PERPETRATOR)
    gathered = gather(session, case, _unstored_referral(caller, sent, case, now), need, hearing, now).snapshot
    with_fresh = snapshot_of(sent, incidents, History()).incidents
    # New incidents are new facts, and on new facts whoever declined may be asked again.
    return replace(gathered, incidents=with_fresh, refusals=() if fresh else gathered.refusals)


def _renamed(sent: ReferralRequest, names: Mapping[str, str]) -> ReferralRequest:
    """The referral with its people under the pseudonyms of the case, as a stored one is read."""
    his = sent.perpetrator.ref
    victim = sent.victim.model_copy(update={"ref": names[sent.victim.ref]})
    perpetrator = (
        sent.perpetrator.model_copy(update={"ref": names.get(his, his)}) if his else sent.perpetrator
    )
    incidents = [_with_roles(one, names) for one in sent.incidents]
    return sent.model_copy(update={"victim": victim, "perpetrator": perpetrator, "incidents": incidents})


def _with_roles(one: IncidentIn, names: Mapping[str, str]) -> IncidentIn:
    roles = {role: getattr(one, role) for role in ("victim_ref", "perpetrator_ref")}
    return one.model_copy(update={role: names[ref] for role, ref in roles.items() if ref in names})


def _under(names: Mapping[str, str], row: Incident) -> Incident:
    """A copy of the incident outside the session, its people under those names."""
    kept = {column.key: getattr(row, column.key) for column in Incident.__mapper__.column_attrs}
    her, him = row.victim_ref, row.perpetrator_ref
    return Incident(
        **kept | {"victim_ref": names.get(her, her), "perpetrator_ref": names.get(him or "", him)}
    )


def _incident(document: dict[str, object], case: Case, sent: ReferralRequest, now: datetime) -> Incident:
    return Incident(
        id=UNSTORED,
        case_id=case.id,
        area=sent.area,
        victim_ref=document.get("victim_ref") or case.victim_ref,
        perpetrator_ref=document.get("perpetrator_ref") or case.perpetrator_ref,
        occurred_at=datetime.fromisoformat(str(document["occurred_at"])),
        recorded_at=now,
        document=document,
    )


def _unstored_referral(caller: Caller, sent: ReferralRequest, case: Case, now: datetime) -> Referral:
    return Referral(
        id=UNSTORED,
        case_id=case.id,
        area=sent.area,
        agencies=[caller.agency],
        client_id=caller.client_id,
        source_system=sent.source_system,
        source_reference=sent.source_reference,
        referring_agency=caller.agency,
        received_at=now,
        document=sent.model_dump(mode="json", exclude_unset=True, exclude=KEPT_APART),
    )
