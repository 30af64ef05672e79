"""The use cases of ownership: needs are opened with an owner, leads proposed, and owned only on acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.access.repository import agency_in_post, area_by_code
from app.actions.service import person
from app.foundation.caller import Caller
from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.working_days import working_days_of
from app.outbox.service import URGENT, News, record_event
from app.ownership import repository
from app.ownership.handshake import may_replace, outranks
from app.ownership.models import Answer, Need, Ownership, Proposal
from app.referrals.models import Case
from app.reminders.service import Due, Watched, cancel_ladder, set_ladder
from app.routing.types import DueRule, DueUnit
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


def open_needs(session: Session, case: Case, referring_agency: str, now: datetime) -> dict[NeedKind, Need]:
    """Both needs of the case are open and owned. New ones start with a holder already ACCEPTED (I0).

    Victim safety starts with the referring agency, the perpetrator with the police hub. A perpetrator who is
    already in another case keeps the one need he has.
    """
    hub = agency_in_post(session, case.area, Role.PVP_HUB) or referring_agency
    subject = case.perpetrator_ref or f"unknown:{case.id}"
    return {
        NeedKind.VICTIM_SAFETY: _open_need(
            session,
            case,
            NeedKind.VICTIM_SAFETY,
            case.victim_ref,
            Forum.REFERRING_AGENCY,
            referring_agency,
            now,
        ),
        NeedKind.PERPETRATOR: _open_need(session, case, NeedKind.PERPETRATOR, subject, Forum.HUB, hub, now),
    }


def _open_need(
    session: Session, case: Case, kind: NeedKind, subject: str, holder: Forum, agency: str, now: datetime
) -> Need:
    row = {
        "id": new_id("need"),
        "kind": kind,
        "subject_ref": subject,
        "area": case.area,
        "agencies": sorted({agency, *case.agencies}),
        "opened_at": now,
    }
    need, is_new = repository.open_need(session, row)
    repository.link_need_to_case(session, case.id, need.id)
    if is_new:
        role = Role.PVP_HUB if holder is Forum.HUB else Role.REFERRER
        session.add(_span(need, holder, role, agency, None, "intake", now))
        session.flush()
    return need


def _span(
    need: Need, forum: Forum, role: str, agency: str, proposal_id: str | None, by: str, now: datetime
) -> Ownership:
    return Ownership(
        id=new_id("own"),
        need_number=need.number,
        area=need.area,
        agencies=sorted({*need.agencies, agency}),
        during=Range(now, None, bounds="[)"),
        forum=forum,
        role=role,
        agency=agency,
        proposal_id=proposal_id,
        accepted_by=by,
    )


def propose(
    session: Session, need: Need, case: Case, asked: Sequence[Asked], basis: Basis, now: datetime
) -> list[Proposal]:
    """Each forum has been asked, unless it owns the need, is being asked, or said no on the same facts (I5)."""
    owner = repository.current_ownership(session, need).forum
    declined = {p.forum for p, _ in repository.declines_on_facts(session, need.id, basis.facts_sha256)}
    waiting = {
        (p.forum, p.kind) for p in repository.proposals_of_need(session, need.id) if p.state == "PROPOSED"
    }
    accepted = {
        p.forum
        for p in repository.proposals_of_need(session, need.id)
        if p.state == ProposalState.ACCEPTED and p.kind == SUPPORT
    }
    wanted = [
        one
        for one in asked
        if one.forum not in declined | accepted
        and one.forum != owner
        and (one.forum, one.kind) not in waiting
        and not (one.kind == LEAD and need.kind == NeedKind.PERPETRATOR and outranks(owner, one.forum))
    ]
    return [_send(session, need, case, one, basis, now) for one in wanted]


def _send(session: Session, need: Need, case: Case, asked: Asked, basis: Basis, now: datetime) -> Proposal:
    agency = agency_in_post(session, need.area, asked.role)
    nation = _nation(session, need.area)
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
    set_ladder(session, watched, Due(None, proposal.answer_by, life_safety=False), 1, now)
    tell(session, EventType.LEAD_PROPOSED, proposal, need, now)
    return proposal


def answer_by(within: DueRule, now: datetime, nation: str) -> datetime:
    """When an answer is late: so many hours on, or the end of the last working day (London)."""
    if within.unit is DueUnit.HOURS:
        return now + timedelta(hours=within.amount)
    last = working_days_of(nation).add(london_date(now), within.amount)
    return london_instant(last + timedelta(days=1), 0)


def _nation(session: Session, area: str) -> str:
    known = area_by_code(session, area)
    return known.nation if known else "ENG"


def accept(
    session: Session, caller: Caller, proposal: Proposal, need: Need, note: str | None, now: datetime
) -> None:
    """The forum owns the need from now; the earlier owner's span ends at the same instant (I2)."""
    refuse_unless_waiting(proposal)
    agency = proposal.agency or caller.agency
    if proposal.kind == LEAD:
        owner = repository.current_ownership(session, need)
        if not may_replace(need.kind, owner.forum, proposal.forum):
            raise Conflict(
                f"{owner.forum} owns this need and comes before {proposal.forum}; decline, or agree to support"
            )
        _hand_over(session, need, owner, proposal, agency, person(caller), now)
        _withdraw_overtaken(session, need, proposal, now)
    answer(session, proposal, ProposalState.ACCEPTED, note or "accepted", person(caller), now)
    cancel_ladder(session, proposal.id, "accepted", now)
    tell(session, EventType.LEAD_ACCEPTED, proposal, need, now)


def _hand_over(
    session: Session, need: Need, owner: Ownership, proposal: Proposal, agency: str, by: str, now: datetime
) -> None:
    began = owner.during.lower
    ends = max(now, began) if began else now
    owner.during = Range(began, ends, bounds="[)")
    session.flush()
    need.agencies = sorted({*need.agencies, agency})
    session.add(_span(need, Forum(proposal.forum), proposal.role, agency, proposal.id, by, ends))
    session.flush()


def _withdraw_overtaken(session: Session, need: Need, accepted: Proposal, now: datetime) -> None:
    """Forums below the new owner are no longer asked; those above it still are."""
    for other in repository.waiting_proposals(session, need.id, LEAD):
        if other.id != accepted.id and not may_replace(need.kind, accepted.forum, other.forum):
            answer(session, other, ProposalState.WITHDRAWN, f"{accepted.forum} accepted", "service", now)
            cancel_ladder(session, other.id, "withdrawn", now)


def refuse_unless_waiting(proposal: Proposal) -> None:
    """A proposal is answered once; its answer is history."""
    if proposal.state != ProposalState.PROPOSED:
        raise Conflict(f"this proposal is already {proposal.state}; propose again to ask anew")


def answer(
    session: Session,
    proposal: Proposal,
    state: ProposalState,
    reason: str,
    by: str,
    now: datetime,
    *,
    code: str | None = None,
    claimed_forum: str | None = None,
    claim_holds: bool | None = None,
) -> Answer:
    """The proposal has its one answer."""
    proposal.state = state
    made = Answer(
        id=new_id("ans"),
        proposal_id=proposal.id,
        area=proposal.area,
        agencies=proposal.agencies,
        state=state,
        code=code,
        claimed_forum=claimed_forum,
        claim_holds=claim_holds,
        reason=reason,
        answered_by=by,
        answered_at=now,
    )
    session.add(made)
    session.flush()
    return made


def tell(
    session: Session,
    kind: EventType,
    proposal: Proposal,
    need: Need,
    now: datetime,
    **details: str | bool | None,
) -> None:
    """The sender, the forum asked, the sending chair, the co-ordinator and the referrer are told (I7)."""
    chair_and_coordinator = [
        agency_in_post(session, proposal.area, role) for role in (Role.MARAC_CHAIR, Role.MARAC_COORDINATOR)
    ]
    news = News(
        type=kind,
        subject_type="proposal",
        subject_id=proposal.id,
        area=proposal.area,
        agencies=(*proposal.agencies, *chair_and_coordinator, *need.agencies),
        case_id=proposal.case_id,
        forums=(proposal.forum,),
        owner_agency=proposal.agency,
        details={
            "need_id": need.id,
            "need": need.kind,
            "forum": proposal.forum,
            "kind": proposal.kind,
            "state": proposal.state,
            "answer_by": proposal.answer_by,
            **details,
        },
        priority=URGENT,
    )
    record_event(session, news, now)
