"""Receives referrals, incidents and facts, and routes their case. Each use case is one transaction.

The module is long because a reader follows a report through it from its receipt to its decision.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.access.directory import area_of
from app.access.models import Area
from app.actions.models import Action
from app.actions.recording.assignment import assign_duties
from app.actions.repository import hold_cases
from app.foundation.clock import london_date
from app.foundation.storage.transaction import Transaction
from app.foundation.working_days import working_days_of
from app.intake.case_history import CaseRecords, gather_case_knowledge, referred_to_marac_at, with_marac_clock
from app.intake.case_reviews.identified_review import follow_identification
from app.intake.case_reviews.review_prompts import (
    prompt_owner_of_crossed_case,
    prompt_owners_in_other_areas,
    prompt_owners_of_other_cases,
)
from app.intake.deceased import sentence_about_deceased
from app.intake.duties.assignments import duty_assignments
from app.intake.duties.decided import DecidedCase
from app.intake.duties.ended import (
    end_agreement_on_contact,
    end_notices_of_no_use,
    end_what_is_done_or_not_owed,
    end_what_is_owed_about_the_dead,
)
from app.intake.duties.steps import steps_of
from app.intake.leads.asking import LeadRequest, ask_leads
from app.intake.notices import put_notices_right
from app.intake.questions import ask_what_is_open
from app.meetings.lists.case_listing import list_case
from app.meetings.lists.hearing_estimate import HearingEstimate
from app.meetings.lists.meeting_calendar import hearing_estimate
from app.meetings.repositories.listing_repository import listing_ahead
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership.models import Need
from app.ownership.needs.identified import end_need_of_unidentified
from app.ownership.needs.opening import CaseNeeds, open_needs
from app.ownership.repository import is_owned_by
from app.policies.registry import policy_of_area
from app.referrals import service as referrals
from app.referrals.decisions import MadeDecision, store_decision
from app.referrals.impossible.people import Couple
from app.referrals.impossible.refusal import refuse_impossible
from app.referrals.models import Case, Decision, Referral
from app.referrals.named_persons import couple_of, refs_of_referral
from app.referrals.repositories.case_repository import other_cases_of_victim
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.repositories.report_repository import newest_report_at
from app.referrals.schemas.requests import IncidentRequest, LearnedRequest, ReferralRequest
from app.referrals.statements.effects import NOTHING_LEARNED, Learned, what_report_follows
from app.routing.engine.decide import decide
from app.routing.facts.danger_signs import danger_signs
from app.routing.facts.derived import facts_of
from app.routing.facts.snapshot.case import CaseSnapshot
from app.routing.policy.parameters import parameter_values
from app.routing.policy.types import Policy
from app.routing.policy.vocabulary import MaracStage
from app.routing.record.decision import RoutingDecision
from app.vocabulary import ActionState, EventType, Forum, NeedKind, SubjectType

_NOT_LISTED = frozenset({MaracStage.NOT_REFERRED, MaracStage.REFERRED})


@dataclass(frozen=True, slots=True)
class RoutingTrigger:
    """Why a case is decided now, and the type of the event that tells partners about the decision."""

    because: str
    event: EventType = EventType.REFERRAL_REROUTED


@dataclass(frozen=True, slots=True)
class Routed:
    """What follows from a decision: who owns each need and who was asked, the actions, and the MARAC hearing.

    `made` is the whole of the stored decision. `deceased` is one sentence for the sender when a person of the case
    died; `learned` says what this request took back, and what it did not lower. `incident_id` names the incident that
    was added.
    """

    referral: Referral
    case: Case
    decision: Decision
    made: RoutingDecision
    needs: tuple[Need, ...]
    actions: tuple[Action, ...]
    hearing: HearingEstimate
    deceased: str | None
    learned: Learned = NOTHING_LEARNED
    incident_id: str | None = None


def receive_referral(tx: Transaction, sent: ReferralRequest) -> Routed:
    """Stores and routes a referral, and prompts the owners of the cases it puts in another light to review them."""
    refuse_impossible(sent, couple_of(sent), tx.now)
    referral, case = referrals.store_referral(tx, sent)
    routed = route(tx, referral, case, RoutingTrigger("referral received", EventType.REFERRAL_ROUTED))
    prompt_owners_of_other_cases(tx, case)
    prompt_owners_in_other_areas(tx, case)
    prompt_owner_of_crossed_case(tx, case)
    return replace(routed, learned=what_report_follows(tx.session, referral))


def receive_incident(tx: Transaction, referral: Referral, case: Case, sent: IncidentRequest) -> Routed:
    """Stores an incident and the facts learned from it, and decides the case anew. Earlier decisions stay."""
    _refuse_impossible_facts(tx, referral, case, sent)
    incident = referrals.store_incident(tx, referral, case, sent.incident, sent_later=True)
    was_known = case.perpetrator_ref is not None
    learned = referrals.store_learned_facts(tx, referral, sent, incident)
    routed = route(tx, referral, case, RoutingTrigger("new incident"))
    prompt_owners_in_other_areas(tx, case)
    prompt_owner_of_crossed_case(tx, case)
    _follow_if_identified(tx, case, was_known=was_known)
    return replace(routed, learned=learned, incident_id=incident.id)


def receive_facts(tx: Transaction, referral: Referral, case: Case, sent: LearnedRequest) -> Routed:
    """Stores facts beside the referral, and decides the case anew. Earlier decisions stay."""
    _refuse_impossible_facts(tx, referral, case, sent)
    was_known = case.perpetrator_ref is not None
    learned = referrals.store_learned_facts(tx, referral, sent)
    routed = route(tx, referral, case, RoutingTrigger("facts learned"))
    prompt_owners_in_other_areas(tx, case)
    _follow_if_identified(tx, case, was_known=was_known)
    return replace(routed, learned=learned)


def _follow_if_identified(tx: Transaction, case: Case, *, was_known: bool) -> None:
    if not was_known and case.perpetrator_ref is not None:
        follow_identification(tx, case)


def _refuse_impossible_facts(tx: Transaction, referral: Referral, case: Case, sent: LearnedRequest) -> None:
    victim, perpetrator = refs_of_referral(referral, case)
    refuse_impossible(sent, Couple(victim, sent.perpetrator.ref or perpetrator), tx.now)


def route(tx: Transaction, referral: Referral, case: Case, trigger: RoutingTrigger) -> Routed:
    """Decides a case on everything now known, asks the leads, lists it for MARAC, sets its duties, tells partners.

    A person who died is decided on record only: nobody is asked to lead on them or sent to them.
    """
    hold_cases(tx.session, [case.id])  # two decisions about one case go one after the other
    # The area that has the case now, not the sender's: its policy, its meetings and its holidays count.
    area = area_of(tx.session, case.area)
    hearing = marac_hearing(tx, case, area)
    needs = open_needs(tx.session, case, referral.referring_agency, tx.now)
    _end_need_of_unidentified(tx, case, needs)
    known = gather_case_knowledge(tx, case, referral, CaseRecords(needs, hearing))
    policy = policy_of_area(tx.session, area.code, tx.now)
    snapshot = with_marac_clock(tx.session, case, known.snapshot, policy, tx.now)
    marac_owns = is_owned_by(tx.session, case.id, NeedKind.VICTIM_SAFETY, Forum.MARAC)
    decision = decided_for_owner(policy, snapshot, tx.now, marac_owns=marac_owns)
    referred_at = referred_to_marac_at(snapshot, tx.now, asked=asks_marac(decision))
    made = MadeDecision(
        referral,
        case,
        decision,
        known.told_sha256,
        trigger.because,
        danger_signs(snapshot, tx.now, parameter_values(policy)),
        referred_at,
    )
    before = latest_decision_of(tx.session, case.id)
    stored = store_decision(tx.session, made, tx.now)
    reported_at = newest_report_at(tx.session, case.id)
    deceased = frozenset(needs.deceased)
    decided = DecidedCase(case, policy, decision, stored, snapshot, hearing, deceased, reported_at)
    ask_what_is_open(tx, decided, referral.referring_agency)
    ask_leads(tx, needs.opened, LeadRequest(made, stored, before))
    victim_died = NeedKind.VICTIM_SAFETY in needs.deceased
    if not victim_died and _is_listed_now(tx, case, decision, marac_owns=marac_owns):
        list_case(tx, case, hearing)
    if case.identified_at == tx.now:
        end_what_is_owed_about_the_dead(tx, decided)
    end_agreement_on_contact(tx, decided)
    end_what_is_done_or_not_owed(tx, decided)
    end_notices_of_no_use(tx, decided)
    steps = steps_of(tx, decided)
    assigned = assign_duties(tx.session, duty_assignments(tx, decided), tx.now, steps)
    actions = [one for one in assigned if one.state == ActionState.OPEN]
    put_notices_right(tx, other_cases_of_victim(tx.session, case))
    _record_routing_event(tx, trigger.event, made, stored)
    sentence = sentence_about_deceased(tx.session, needs.deceased)
    return Routed(referral, case, stored, decision, needs.shown(), tuple(actions), hearing, sentence)


def _end_need_of_unidentified(tx: Transaction, case: Case, needs: CaseNeeds) -> None:
    """Ends the need about an unidentified perpetrator, once the case says who it is."""
    if case.identified_at is not None:
        goes_on = needs.opened.get(NeedKind.PERPETRATOR) or needs.deceased[NeedKind.PERPETRATOR]
        end_need_of_unidentified(tx, case, goes_on)


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
    return decide(policy, facts_of(policy, snapshot, now))


def decided_for_owner(policy: Policy, snapshot: CaseSnapshot, now: datetime, *, marac_owns: bool) -> RoutingDecision:
    """Returns the decision. Where MARAC is asked and has the victim already, the case is on its list with the decision.

    Nobody refers it then, and MARAC has nothing to accept.
    """
    decision = decision_on(policy, snapshot, now)
    if marac_owns and asks_marac(decision) and snapshot.marac_stage in _NOT_LISTED:
        return decision_on(policy, replace(snapshot, marac_stage=MaracStage.LISTED), now)
    return decision


def asks_marac(decision: RoutingDecision) -> bool:
    """Returns whether MARAC is asked: its criteria are met, or nobody answered in time what decides them."""
    return decision.outcomes["marac"] == "yes"


def meets_marac_on_facts(decision: RoutingDecision) -> bool:
    """Returns whether a fact of the case meets MARAC, and not only the end of a clock.

    Such a case is listed at once; one that is asked for because nobody answered is listed when MARAC accepts it.
    """
    grounds = [finding for finding in decision.findings if finding.outcome == "marac"]
    return asks_marac(decision) and any(
        all(used.fact != "marac_unanswered" for used in finding.used) for finding in grounds
    )


def _is_listed_now(tx: Transaction, case: Case, decision: RoutingDecision, *, marac_owns: bool) -> bool:
    """Returns whether the case comes on MARAC's list without an answer of MARAC, or is there already.

    Of a victim whom MARAC has, whatever it is asked about is listed, and what waits is listed on.
    """
    if meets_marac_on_facts(decision):
        return True
    waits = listing_ahead(tx.session, case.id, Forum.MARAC) is not None
    return (asks_marac(decision) and (waits or marac_owns)) or (waits and marac_owns)


def _record_routing_event(tx: Transaction, kind: EventType, made: MadeDecision, stored: Decision) -> None:
    """Records the event that tells partners of the decision, in the commit of the decision."""
    referral, decision = made.referral, made.decision
    event = EventDraft(
        type=kind,
        subject_type=SubjectType.REFERRAL,
        subject_id=referral.id,
        area=stored.area,
        # Who takes part in the case. Whoever only reported is told of no case that was there before.
        agencies=tuple(stored.agencies),
        case_id=referral.case_id,
        forums=tuple(sorted({decision.victim.forum, decision.perpetrator.forum})),
        details={
            "decision_id": stored.id,
            "victim_lead": decision.victim.forum,
            "perpetrator_lead": decision.perpetrator.forum,
            "open": ", ".join(question.outcome for question in decision.open),
            "policy": f"{decision.policy_id} {decision.policy_version}",
        },
        priority=URGENT,
    )
    record_event(tx.session, event, tx.now)
