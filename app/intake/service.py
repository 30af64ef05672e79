"""Receives referrals, incidents and facts, and routes their case. Each use case is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.access.directory import area_of
from app.access.models import Area
from app.actions.models import Action
from app.actions.recording.assignment import assign_duties
from app.actions.repository import hold_case
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import working_days_of
from app.intake.case_history import gather_case_knowledge
from app.intake.deceased import sentence_about_deceased
from app.intake.duties import DecidedCase, duty_assignments
from app.intake.review_prompts import prompt_owner_of_crossed_case, prompt_owners_of_other_cases
from app.meetings.lists.case_listing import list_case
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.lists.meeting_calendar import hearing_estimate
from app.meetings.repositories.listing_repository import listing_ahead
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership.models import Need
from app.ownership.needs.opening import open_needs
from app.ownership.proposals.leads import first_proposals
from app.ownership.proposals.proposing import ProposalBasis, propose
from app.policies.registry import policy_in_force
from app.referrals import service as referrals
from app.referrals.decisions import MadeDecision, store_decision
from app.referrals.models import Case, Decision, Referral
from app.referrals.schemas import IncidentRequest, LearnedRequest, ReferralRequest
from app.routing.comparison.case_difference import parameter_values
from app.routing.engine.decide import decide
from app.routing.facts.derived import derive
from app.routing.facts.snapshot import CaseSnapshot
from app.routing.policy.types import Policy
from app.routing.record.decision import RoutingDecision
from app.vocabulary import EventType, Forum, NeedKind, SubjectType


@dataclass(frozen=True, slots=True)
class RoutingTrigger:
    """Why a case is decided now, and the type of the event that tells partners about the decision."""

    because: str
    event: EventType = EventType.REFERRAL_REROUTED


@dataclass(frozen=True, slots=True)
class Routed:
    """What follows from a decision: who owns each need and who was asked, the actions, and the MARAC hearing.

    `deceased` is one sentence for the sender when a person of the case died; `retracted` are the JSON pointers of the
    facts that this request took back.
    """

    referral: Referral
    case: Case
    decision: Decision
    needs: tuple[Need, ...]
    actions: tuple[Action, ...]
    hearing: HearingEstimate
    deceased: str | None
    retracted: tuple[str, ...] = ()


def receive_referral(tx: Transaction, sent: ReferralRequest) -> Routed:
    """Stores and routes a referral, and prompts the owners of the cases it puts in another light to review them."""
    referral, case = referrals.store_referral(tx, sent)
    routed = route(tx, referral, case, RoutingTrigger("referral received", EventType.REFERRAL_ROUTED))
    prompt_owners_of_other_cases(tx, case)
    prompt_owner_of_crossed_case(tx, case)
    return routed


def receive_incident(tx: Transaction, referral: Referral, case: Case, sent: IncidentRequest) -> Routed:
    """Stores an incident and the facts learned from it, and decides the case anew. Earlier decisions stay."""
    referrals.store_incident(tx, referral, case, sent.incident)
    retracted = referrals.store_learned_facts(tx, referral, sent)
    routed = route(tx, referral, case, RoutingTrigger("new incident"))
    prompt_owner_of_crossed_case(tx, case)
    return replace(routed, retracted=tuple(retracted))


def receive_facts(tx: Transaction, referral: Referral, case: Case, sent: LearnedRequest) -> Routed:
    """Stores facts beside the referral, and decides the case anew. Earlier decisions stay."""
    retracted = referrals.store_learned_facts(tx, referral, sent)
    routed = route(tx, referral, case, RoutingTrigger("facts learned"))
    return replace(routed, retracted=tuple(retracted))


def route(tx: Transaction, referral: Referral, case: Case, trigger: RoutingTrigger) -> Routed:
    """Decides a case on everything now known, asks the leads, lists it for MARAC, sets its duties, tells partners.

    A person who died is decided on record only: nobody is asked to lead on them or sent to them.
    """
    hold_case(tx.session, case.id)  # two decisions about one case go one after the other
    # The area that has the case now, not the sender's: its policy, its meetings and its holidays count.
    area = area_of(tx.session, case.area)
    hearing = marac_hearing(tx, case, area)
    needs = open_needs(tx.session, case, referral.referring_agency, tx.now)
    known = gather_case_knowledge(tx, case, referral, needs.opened.get(NeedKind.PERPETRATOR), hearing)
    policy = policy_in_force(tx.session, area.policy_profile, tx.now)
    decision = decision_on(policy, known.snapshot, tx.now)
    made = MadeDecision(referral, case, decision, known.told_sha256, trigger.because)
    stored = store_decision(tx.session, made, tx.now)
    _ask_leads(tx, needs.opened, made, stored)
    victim_died = NeedKind.VICTIM_SAFETY in needs.deceased
    if (
        is_settled_for_marac(decision) and not victim_died
    ):  # a case that only may meet MARAC is asked, not listed (decision 0007)
        list_case(tx, case, hearing)
    died = frozenset(needs.deceased)
    decided = DecidedCase(case, policy, decision, stored, known.snapshot, hearing, died)
    actions = assign_duties(tx.session, duty_assignments(tx, decided), tx.now)
    _record_routing_event(tx, trigger.event, made, stored)
    sentence = sentence_about_deceased(tx.session, needs.deceased)
    return Routed(referral, case, stored, needs.shown(), tuple(actions), hearing, sentence)


def marac_hearing(tx: Transaction, case: Case, area: Area) -> HearingEstimate:
    """Returns when MARAC hears the case.

    At the meeting that lists it, or at the next one whose cut-off has not passed.
    """
    today = london_date(tx.now)
    estimate = hearing_estimate(tx.session, case.area, area.nation, Forum.MARAC, today)
    listed = listing_ahead(tx.session, case.id, Forum.MARAC)
    if listed is None or listed[1].held_on < today:
        return estimate
    meeting = listed[1]
    return replace(
        estimate,
        meeting_id=meeting.id,
        held_on=meeting.held_on,
        cut_off_on=meeting.cut_off_on,
        working_days=working_days_of(area.nation).between(today, meeting.held_on),
        missed_cut_off_on=None,
        missed_meeting_on=None,
    )


def decision_on(policy: Policy, snapshot: CaseSnapshot, now: datetime) -> RoutingDecision:
    """Returns the policy's decision on the facts of a snapshot, with its own parameters for every count and window."""
    return decide(policy, derive(snapshot, now, parameter_values(policy)))


def is_settled_for_marac(decision: RoutingDecision) -> bool:
    """Returns whether a MARAC ground is met whatever the unknown facts turn out to be."""
    unsettled = {question.outcome for question in decision.unsettled}
    return decision.outcomes["marac"] == "yes" and "marac" not in unsettled


def _ask_leads(tx: Transaction, needs: Mapping[NeedKind, Need], made: MadeDecision, stored: Decision) -> None:
    basis = ProposalBasis(made.case, stored.id, made.told_sha256, tx.caller.agency)
    for kind, need in needs.items():
        propose(tx.session, need, first_proposals(made.decision, kind), basis, tx.now)


def _record_routing_event(tx: Transaction, kind: EventType, made: MadeDecision, stored: Decision) -> None:
    """Records the event that tells partners of the decision, in the commit of the decision."""
    referral, decision = made.referral, made.decision
    event = EventDraft(
        type=kind,
        subject_type=SubjectType.REFERRAL,
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
    record_event(tx.session, event, tx.now)
