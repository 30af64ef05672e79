"""The use cases of ownership: needs are opened with an owner, leads proposed, and owned only on acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.actions.action_transfer import Holder, follow_the_lead
from app.foundation.caller import Caller
from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.ownership import repository
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.proposals.answers import answer, refuse_unless_waiting, tell, withdraw
from app.ownership.proposals.handshake import may_replace, outranks
from app.ownership.spans import Takeover, hand_over, open_need
from app.people.service import first_ref_of
from app.referrals.decisions import reported_facts_hash
from app.referrals.models import Case
from app.referrals.repository import latest_decision_of
from app.reminders.deadline import Deadline
from app.reminders.service import Watched, set_ladder
from app.routing.policy.types import DueRule, DueUnit
from app.vocabulary import EventType, Forum, NeedKind, ProposalState, Role

LEAD, SUPPORT = "LEAD", "SUPPORT"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which forum is asked, in which role, how long it has, and why."""

    forum: Forum
    role: str
    accept_within: DueRule
    because: str
    kind: str = LEAD


@dataclass(frozen=True, slots=True)
class Basis:
    """What a proposal rests on: the decision, a hash of the facts, and who sends it."""

    decision_id: str | None
    facts_sha256: str
    sender_agency: str


def basis_now(session: Session, case: Case, agency: str) -> Basis:
    """The latest decision of the case, and what it was told: who said no to something else may be asked again."""
    decision = latest_decision_of(session, case.id)
    assert decision is not None  # noqa: S101 - a need is opened by a routed case
    return Basis(decision.id, reported_facts_hash(decision), agency)


def open_needs(session: Session, case: Case, referring_agency: str, now: datetime) -> dict[NeedKind, Need]:
    """Both needs of the case are open and owned. New ones start with a holder already ACCEPTED (I0).

    Victim safety starts with the referring agency, the perpetrator with the police hub. A perpetrator who is
    already in another case keeps the one need he has.
    """
    hub = agency_in_post(session, case.area, Role.PVP_HUB) or referring_agency
    victim = first_ref_of(session, case.victim_ref)
    subject = first_ref_of(session, case.perpetrator_ref) if case.perpetrator_ref else f"unknown:{case.id}"
    referrer = Takeover(Forum.REFERRING_AGENCY, Role.REFERRER, referring_agency, "intake")
    holder = Takeover(Forum.HUB, Role.PVP_HUB, hub, "intake")
    safety, management = NeedKind.VICTIM_SAFETY, NeedKind.PERPETRATOR
    return {
        safety: open_need(session, [case], safety, victim, case.area, referrer, now),
        management: open_need(session, [case], management, subject, case.area, holder, now),
    }


def propose(
    session: Session, need: Need, case: Case, asked: Sequence[Asked], basis: Basis, now: datetime
) -> list[Proposal]:
    """Each forum has been asked, unless it owns the need, is being asked, or said no on the same facts (I5)."""
    owner = repository.current_ownership(session, need).forum
    declined = {p.forum for p, _ in repository.declines_on_facts(session, need.id, basis.facts_sha256)}
    earlier = repository.proposals_of_need(session, need.id)
    waiting = {(p.forum, p.kind) for p in earlier if p.state == ProposalState.PROPOSED}
    supporting = {p.forum for p in earlier if p.state == ProposalState.ACCEPTED and p.kind == SUPPORT}
    wanted = [
        one
        for one in asked
        if one.forum not in declined
        and one.forum != owner
        and (one.forum, one.kind) not in waiting
        and not (one.kind == SUPPORT and one.forum in supporting)
        and not (one.kind == LEAD and need.kind == NeedKind.PERPETRATOR and outranks(owner, one.forum))
    ]
    return [send(session, need, case, one, basis, now) for one in wanted]


def send(
    session: Session,
    need: Need,
    case: Case,
    asked: Asked,
    basis: Basis,
    now: datetime,
    agency: str | None = None,
) -> Proposal:
    """The forum has been asked and is reminded until it answers. It owns nothing yet."""
    agency = agency or agency_in_post(session, need.area, asked.role)
    nation = nation_of_area(session, need.area)
    proposal = Proposal(
        id=new_id("prop"),
        need_id=need.id,
        case_id=case.id,
        decision_id=basis.decision_id,
        area=need.area,
        agencies=sorted({name for name in (agency, basis.sender_agency, *case.agencies) if name}),
        kind=asked.kind,
        forum=asked.forum,
        role=asked.role,
        agency=agency,
        sender_agency=basis.sender_agency,
        because=asked.because,
        facts_sha256=basis.facts_sha256,
        proposed_at=now,
        answer_by=answer_by(asked.accept_within, now, nation),
        state=ProposalState.PROPOSED,
    )
    session.add(proposal)
    session.flush()
    watched = Watched("proposal", proposal.id, case.id, need.area, nation, agency, asked.role)
    set_ladder(session, watched, Deadline(None, proposal.answer_by, life_safety=False), 1, now)
    tell(session, EventType.LEAD_PROPOSED, proposal, need, now)
    return proposal


def answer_by(within: DueRule, now: datetime, nation: str) -> datetime:
    """When an answer is late: so many hours on, or the end of the last working day (London)."""
    if within.unit is DueUnit.HOURS:
        return now + timedelta(hours=within.amount)
    last = working_days_of(nation).add(london_date(now), within.amount)
    return london_instant(last + timedelta(days=1), 0)


def accept(
    session: Session, caller: Caller, proposal: Proposal, need: Need, note: str | None, now: datetime
) -> None:
    """The forum owns the need from now; the earlier owner's span ends at the same instant (I2)."""
    refuse_unless_waiting(proposal)
    if proposal.kind == LEAD:
        _take_over(session, proposal, need, proposal.agency or caller.agency, caller.answerable, now)
    answer(session, proposal, ProposalState.ACCEPTED, note or "accepted", caller.answerable, now)
    tell(session, EventType.LEAD_ACCEPTED, proposal, need, now)


def _take_over(session: Session, proposal: Proposal, need: Need, agency: str, by: str, now: datetime) -> None:
    owner = repository.current_ownership(session, need)
    _refuse_moving_down(session, proposal, need, owner)
    was = Holder(owner.forum, owner.agency, owner.role)
    hand_over(session, need, owner, Takeover(proposal.forum, proposal.role, agency, by, proposal.id), now)
    _withdraw_overtaken(session, need, proposal, by, now)
    if need.kind == NeedKind.PERPETRATOR:
        cases = repository.cases_of_need(session, need.id)
        became = Holder(proposal.forum, agency, proposal.role)
        follow_the_lead(session, cases, was, became, by, now)


def _refuse_moving_down(session: Session, proposal: Proposal, need: Need, owner: Ownership) -> None:
    """Down the order a perpetrator moves only where a chair decided it, and only from the owner the chair saw."""
    if may_replace(need.kind, owner.forum, proposal.forum):
        return
    override = repository.override_of_proposal(session, proposal.id)
    if override is None:
        raise Conflict(
            f"{owner.forum} owns this need and comes before {proposal.forum}; decline, or agree to support"
        )
    if override.stands_against != owner.id:
        raise Conflict(
            f"{owner.forum} has taken this need since the chair decided; the chair must decide anew"
        )


def _withdraw_overtaken(session: Session, need: Need, accepted: Proposal, by: str, now: datetime) -> None:
    """Forums below the new owner are no longer asked; those above it still are."""
    for other in repository.waiting_proposals(session, need.id, LEAD):
        if other.id != accepted.id and not may_replace(need.kind, accepted.forum, other.forum):
            withdraw(session, other, need, f"{accepted.forum} accepted", by, now)
