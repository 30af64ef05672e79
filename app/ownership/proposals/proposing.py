"""Asks forums to lead or to support. A forum that is asked owns nothing until it accepts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.foundation.clock import london_date, london_instant
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.ownership import proposal_repository, repository
from app.ownership.models import Need, Proposal
from app.ownership.proposals.answers import Withdrawal, withdraw_proposal
from app.ownership.proposals.events import record_proposal_event
from app.ownership.proposals.standing_now import asked_by_a_person, owner_stays
from app.ownership.vocabulary import ProposalKind
from app.referrals.decisions import reported_facts_hash
from app.referrals.models import Case
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.repositories.report_repository import latest_referral_of
from app.referrals.service import as_now_known
from app.referrals.supervision import PerpetratorServices, perpetrator_services
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.routing.policy.types import DueRule, DueUnit
from app.routing.record.owners import outranks
from app.vocabulary import EventType, Forum, Nation, NeedKind, ProposalState, SubjectType

BY = "service"
_NAMED_BY_FACTS: Mapping[Forum, Callable[[PerpetratorServices], str | None]] = {
    Forum.MAPPA_L1_LEAD_AGENCY: lambda services: services.level_1_lead,
    Forum.SUPERVISING_SERVICE: lambda services: services.supervisor,
    Forum.MAPPA_L2: lambda services: services.mappa_coordinator,
    Forum.MAPPA_L3: lambda services: services.mappa_coordinator,
}


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """A forum about to be asked: in which role, how long it has, and why. Without `agency`, whoever fills the role."""

    forum: Forum
    role: str
    accept_within: DueRule
    because: str
    kind: ProposalKind = ProposalKind.LEAD
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalBasis:
    """What a proposal rests on: the case, its decision, a hash of the facts, and the agency that sends it."""

    case: Case
    decision_id: str | None
    facts_sha256: str
    sender_agency: str


def basis_now(session: Session, case: Case, agency: str) -> ProposalBasis:
    """Returns the basis of the case's latest decision.

    A forum that declined on other facts may be asked again on these.
    """
    decision = latest_decision_of(session, case.id)
    assert decision is not None  # noqa: S101 - a need is opened by a routed case
    return ProposalBasis(case, decision.id, reported_facts_hash(decision), agency)


def propose(
    session: Session, need: Need, drafts: Sequence[ProposalDraft], basis: ProposalBasis, now: datetime
) -> list[Proposal]:
    """Asks each forum, unless it owns the need, is being asked, or declined on the same facts (I5)."""
    owner = repository.current_ownership(session, need).forum
    answers = proposal_repository.declines_on_facts(session, need.id, basis.facts_sha256)
    declined = {proposal.forum for proposal, _ in answers}
    earlier = proposal_repository.proposals_of_need(session, need.id)
    waiting = {(p.forum, p.kind) for p in earlier if p.state == ProposalState.PROPOSED}
    supporting = {p.forum for p in earlier if p.state == ProposalState.ACCEPTED and p.kind == ProposalKind.SUPPORT}
    wanted = [
        one
        for one in drafts
        if one.forum not in declined
        and one.forum != owner
        and (one.forum, one.kind) not in waiting
        and not (one.kind == ProposalKind.SUPPORT and one.forum in supporting)
    ]
    # Below an owner whose ground has ended somebody is asked; the owner keeps the need until they accept.
    below = [one for one in wanted if one.kind == ProposalKind.LEAD and outranks(owner, one.forum)]
    if need.kind == NeedKind.PERPETRATOR and below and owner_stays(session, need):
        wanted = [one for one in wanted if one not in below]
    asked = [one for one in wanted if _asked_once(session, need, one, now)]
    return [send_proposal(session, need, one, basis, now) for one in asked]


def _asked_once(session: Session, need: Need, draft: ProposalDraft, now: datetime) -> bool:
    """Returns whether to ask, once an unanswered request of the other kind to this forum is taken back.

    A forum is asked either to lead or to support. What a person asked it stands before what a decision would.
    """
    for waiting in proposal_repository.waiting_proposals(session, need.id):
        if waiting.forum == draft.forum and waiting.kind != draft.kind:
            if waiting.kind == ProposalKind.LEAD and asked_by_a_person(session, need, waiting):
                return False
            withdraw_proposal(session, waiting, need, Withdrawal(f"asked to {draft.kind.lower()} instead", BY), now)
    return True


def send_proposal(session: Session, need: Need, draft: ProposalDraft, basis: ProposalBasis, now: datetime) -> Proposal:
    """Records the proposal, tells everyone whom it concerns, and sets the reminders until it is answered."""
    agency = draft.agency or _agency_of(session, need, draft, basis, now)
    nation = nation_of_area(session, need.area)
    proposal = Proposal(
        id=new_id("prop"),
        need_id=need.id,
        case_id=basis.case.id,
        decision_id=basis.decision_id,
        area=need.area,
        agencies=sorted({name for name in (agency, basis.sender_agency, *basis.case.agencies) if name}),
        kind=draft.kind,
        forum=draft.forum,
        role=draft.role,
        agency=agency,
        sender_agency=basis.sender_agency,
        because=draft.because,
        facts_sha256=basis.facts_sha256,
        proposed_at=now,
        answer_by=answer_by(draft.accept_within, now, nation),
        state=ProposalState.PROPOSED,
    )
    session.add(proposal)
    session.flush()
    watched = ReminderSubject(SubjectType.PROPOSAL, proposal.id, basis.case.id, need.area, nation, agency, draft.role)
    set_ladder(session, watched, Deadline(None, proposal.answer_by, life_safety=False), 1, now)
    record_proposal_event(session, EventType.LEAD_PROPOSED, proposal, need, now)
    return proposal


def _agency_of(session: Session, need: Need, draft: ProposalDraft, basis: ProposalBasis, now: datetime) -> str | None:
    """Returns the agency that the facts name for that forum, else the one that fills the role in the area."""
    named = _NAMED_BY_FACTS.get(draft.forum)
    referral = latest_referral_of(session, basis.case.id) if named else None
    if named is None or referral is None:
        return agency_in_post(session, need.area, draft.role)
    person = as_now_known(session, referral).perpetrator
    return named(perpetrator_services(session, need.area, person, london_date(now)))


def answer_by(within: DueRule, now: datetime, nation: Nation) -> datetime:
    """Returns the instant (UTC) from which an answer is late: hours on, or the end of the last working day."""
    if within.unit is DueUnit.HOURS:
        return now + timedelta(hours=within.amount)
    # An answer given on the last day is in time: it is late from the first instant of the next London day.
    # The day of the question does not count.
    last = working_days_of(nation).add(london_date(now), within.amount)
    return london_instant(last + timedelta(days=1), 0)
