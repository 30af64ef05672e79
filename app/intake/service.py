"""A referral or an incident arrives: stored, decided, owned, acted on, told. One transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.directory import area_of
from app.access.models import Area
from app.actions.models import Action
from app.actions.recording.assignment import assign_duties
from app.actions.repository import hold_case, open_duties_of_case
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.working_days import working_days_of
from app.intake.case_history import gather
from app.intake.duties import VISIT, DutyContext, duties_of
from app.intake.review_prompts import prompt_other_holders
from app.intake.supervision import supervising_services
from app.meetings.lists.hearings import hearing_estimate, list_case
from app.meetings.repository import listing_ahead
from app.meetings.schemas import HearingEstimate
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership.models import Need
from app.ownership.needs.opening import open_needs
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import Basis, propose
from app.policies.registry import policy_in_force
from app.referrals import service as referrals
from app.referrals.decisions import store_decision
from app.referrals.models import Case, Decision, Referral
from app.referrals.schemas import IncidentRequest, LearnedRequest, ReferralRequest
from app.routing.engine.decide import decide
from app.routing.facts.derived import derive
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.record.decision import RoutingDecision
from app.vocabulary import EventType, Forum, NeedKind


@dataclass(frozen=True, slots=True)
class Routed:
    """What came of it: the decision, who owns and who was asked, what must be done, when it can be heard."""

    referral: Referral
    case: Case
    decision: Decision
    needs: tuple[Need, ...]
    actions: tuple[Action, ...]
    hearing: HearingEstimate


def receive_referral(session: Session, caller: Caller, sent: ReferralRequest, now: datetime) -> Routed:
    """The referral is stored, routed and owned; every duty has an owner and a deadline, also on her other cases."""
    referral, case = referrals.receive(session, caller, sent, now)
    routed = route(session, caller, referral, case, "referral received", EventType.REFERRAL_ROUTED, now)
    prompt_other_holders(session, case, now)
    return routed


def receive_incident(
    session: Session, caller: Caller, referral: Referral, case: Case, sent: IncidentRequest, now: datetime
) -> Routed:
    """The incident and what it taught are stored, and the case is decided anew; the earlier decision stays."""
    referrals.add_incident(session, referral, case, sent.incident, now)
    referrals.learn(session, caller, referral, sent, now)
    return route(session, caller, referral, case, "new incident", EventType.REFERRAL_REROUTED, now)


def receive_facts(
    session: Session, caller: Caller, referral: Referral, case: Case, sent: LearnedRequest, now: datetime
) -> Routed:
    """What was learned is stored beside the referral, and the case is decided anew."""
    referrals.learn(session, caller, referral, sent, now)
    return route(session, caller, referral, case, "facts learned", EventType.REFERRAL_REROUTED, now)


def route(
    session: Session,
    caller: Caller,
    referral: Referral,
    case: Case,
    because: str,
    kind: EventType,
    now: datetime,
) -> Routed:
    """The middle of the story: facts, decision, needs, proposals, duties, event. Two decisions of a case go in turn."""
    hold_case(session, case.id)
    area = area_of(session, case.area)
    hearing = hearing_of(session, case, area, now)
    needs = open_needs(session, case, referral.referring_agency, now)
    known = gather(session, case, referral, needs[NeedKind.PERPETRATOR], hearing, now)
    policy = policy_in_force(session, area.policy_profile, now)
    figures = {name: parameter.value for name, parameter in policy.parameters.items()}
    decision = decide(policy, derive(known.snapshot, now, figures))
    stored = store_decision(session, referral, case, decision, known.basis, because, now)
    basis = Basis(case, stored.id, known.basis, caller.agency)
    for need_kind, need in needs.items():
        propose(session, need, first_proposals(decision, need_kind), basis, now)
    if is_settled_for_marac(decision):
        list_case(session, case, hearing, now)
    services = supervising_services(session, case.area, known.snapshot, london_date(now))
    standing = DutyContext(
        stored, case, area.nation, hearing, services, _visit_on(session, case, known.snapshot)
    )
    actions = assign_duties(session, duties_of(policy, decision, standing, known.snapshot, now), now)
    _tell(session, kind, referral, stored, decision, now)
    return Routed(referral, case, stored, tuple(needs.values()), tuple(actions), hearing)


def hearing_of(session: Session, case: Case, area: Area, now: datetime) -> HearingEstimate:
    """When MARAC hears the case: the meeting it is listed for, or the next one it can still make."""
    today = london_date(now)
    estimate = hearing_estimate(session, case.area, area.nation, Forum.MARAC, today)
    listed = listing_ahead(session, case.id, Forum.MARAC)
    if listed is None or listed[1].held_on < today:
        return estimate
    meeting = listed[1]
    return estimate.model_copy(
        update={
            "meeting_id": meeting.id,
            "held_on": meeting.held_on,
            "cut_off_on": meeting.cut_off_on,
            "working_days": working_days_of(area.nation).between(today, meeting.held_on),
            "missed_cut_off_on": None,
            "missed_meeting_on": None,
        }
    )


def is_settled_for_marac(decision: RoutingDecision) -> bool:
    """Whether a MARAC ground is met whatever the unknown facts turn out to be."""
    unsettled = {question.outcome for question in decision.unsettled}
    return decision.outcomes["marac"] == "yes" and "marac" not in unsettled


def _visit_on(session: Session, case: Case, snapshot: CaseSnapshot) -> date | None:
    """The day by which the agreed joint visit is to be made, where it is an open action already."""
    visits = open_duties_of_case(session, case.id).get(VISIT, []) if snapshot.joint_visit_agreed else []
    return next((visit.due_on for visit in visits), None)


def _tell(
    session: Session,
    kind: EventType,
    referral: Referral,
    stored: Decision,
    decision: RoutingDecision,
    now: datetime,
) -> None:
    news = EventDraft(
        type=kind,
        subject_type="referral",
        subject_id=referral.id,
        area=stored.area,
        agencies=(referral.referring_agency, *stored.agencies),
        case_id=referral.case_id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        details={
            "decision_id": stored.id,
            "victim_lead": decision.victim.forum,
            "perpetrator_lead": decision.perpetrator.forum,
            "provisional": decision.provisional,
            "policy": f"{decision.policy_id} {decision.policy_version}",
        },
        priority=URGENT,
    )
    record_event(session, news, now)
