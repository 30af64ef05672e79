"""MAPPA is asked by whoever sees the need: any responsible or co-operating agency, not only probation.

Source: Criminal Justice Act 2003 s325; DHR "Jean" 14.2.15: no agency referred him to level 2.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.actions.recording.assignment import Assignment, assign_duties
from app.foundation.caller import Caller
from app.foundation.clock import london_date, london_instant
from app.foundation.errors import Conflict, Forbidden
from app.foundation.identifiers import new_id
from app.meetings import case_repository
from app.meetings.decision_schemas import MappaReferralRequest
from app.meetings.parameters import number, policy_of
from app.meetings.record_models import MappaReferral
from app.ownership.models import Need, Proposal
from app.ownership.proposal_repository import waiting_proposals
from app.ownership.proposals.proposing import LEAD, ProposalDraft, basis_now, propose
from app.ownership.repository import current_ownership, need_for_change, open_needs_of_case
from app.referrals.models import Case, Referral
from app.referrals.repository import case_by_id
from app.referrals.service import as_now_known
from app.referrals.snapshots import History, snapshot_of
from app.reminders.deadline import Deadline
from app.routing.facts.snapshot import Perpetrator
from app.routing.facts.supervision import days_to_licence_end
from app.routing.policy.types import DueRule, DueUnit, Policy
from app.vocabulary import Forum, NeedKind, Role

COORDINATORS = frozenset({"marac.coordinator", "marac.chair"})
RESPONSIBLE = frozenset({Role.PVP_HUB, Role.SUPERVISING_PRACTITIONER, Role.SENIOR_PROBATION, Role.PRISON_OMU})
CO_OPERATING = frozenset(
    {Role.YOUTH_JUSTICE, Role.CHILDRENS_SOCIAL_CARE, Role.ADULT_SOCIAL_CARE, Role.HOUSING}
)
ANSWER_WITHIN = DueRule(DueUnit.WORKING_DAYS, 5, "decision")  # as row PERP-07 of the policy
LICENCE_END = "D47"


def refer_to_mappa(
    session: Session, caller: Caller, case: Case, sent: MappaReferralRequest, now: datetime
) -> MappaReferral:
    """MAPPA has been asked to lead, once, and the referral is on record. The present owner keeps him until it accepts."""
    agency = _referring_agency(session, caller, case, sent)
    found = next(
        (need for need in open_needs_of_case(session, case.id) if need.kind == NeedKind.PERPETRATOR), None
    )
    need = need_for_change(session, found.id) if found else None
    if need is None or case.perpetrator_ref is None:
        raise Conflict(
            "nobody has identified him yet: MAPPA manages a person; the hub owns finding out who it is"
        )
    proposal = _proposal(session, case, need, agency, sent, now)
    made = MappaReferral(
        id=new_id("mpr"),
        case_id=case.id,
        need_id=need.id,
        proposal_id=proposal.id,
        area=case.area,
        agencies=sorted({agency, *proposal.agencies}),
        level=sent.level,
        grounds=sent.grounds,
        referring_agency=agency,
        referred_by=caller.answerable,
        referred_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _referring_agency(session: Session, caller: Caller, case: Case, sent: MappaReferralRequest) -> str:
    agency = sent.referring_agency or caller.agency
    if agency != caller.agency and caller.role not in COORDINATORS:
        raise Forbidden("an agency refers for itself; only MARAC's co-ordinator or chair records for another")
    if not case_repository.posts_of(session, case.area, agency) & (RESPONSIBLE | CO_OPERATING):
        raise Forbidden(
            "a responsible or co-operating agency of this area refers to MAPPA; ask the co-ordinator to name one"
        )
    return agency


def _proposal(
    session: Session, case: Case, need: Need, agency: str, sent: MappaReferralRequest, now: datetime
) -> Proposal:
    """The proposal that already waits at that level, or a new one."""
    forum = Forum.MAPPA_L3 if sent.level == 3 else Forum.MAPPA_L2  # noqa: PLR2004 - the statute's own number
    if current_ownership(session, need).forum == forum:
        raise Conflict(f"{forum} has accepted him already; send it what is new")
    waiting = next((p for p in waiting_proposals(session, need.id, LEAD) if p.forum == forum), None)
    if waiting is not None:
        return waiting
    asked = ProposalDraft(forum, Role.MAPPA_COORDINATOR, ANSWER_WITHIN, sent.grounds)
    made = propose(session, need, [asked], basis_now(session, case, agency), now)
    if not made:
        raise Conflict(
            f"{forum} was not asked: it declined on the same facts, or ranks below the present owner; "
            "add what is new to the referral, and it may be asked again"
        )
    return made[0]


def open_licence_end_duties(session: Session, now: datetime) -> int:
    """How many cases newly owe the question who owns him once his supervision ends (D47). For the worker.

    Nobody need report anything for a licence to run out: the day itself is the event.
    """
    return sum(
        _open_licence_end_duty(session, row, now)
        for row in case_repository.referrals_naming_licences(session)
    )


def _open_licence_end_duty(session: Session, referral: Referral, now: datetime) -> bool:
    case = case_by_id(session, referral.case_id)
    known = snapshot_of(as_now_known(session, referral), (), History()).perpetrator
    ends_on = licence_end(known, london_date(now))
    if case is None or ends_on is None:
        return False
    notice = timedelta(days=number(session, case.area, "licence_end_notice_days", now))
    began_at = london_instant(ends_on - notice, 0)
    if now < began_at or case_repository.duty_since(session, case.id, LICENCE_END, began_at):
        return False
    policy = policy_of(session, case.area, now)
    assign_duties(session, [_licence_end(policy, case, ends_on, now)], now)
    return True


def licence_end(person: Perpetrator, today: date) -> date | None:
    """The day the last running licence or order ends; None when none runs or its end is not known."""
    left = days_to_licence_end(person, today)
    return None if left is None else today + timedelta(days=left)


def _licence_end(policy: Policy, case: Case, ends_on: date, now: datetime) -> Assignment:
    duty = next(one for one in policy.duties if one.id == LICENCE_END)
    due_on = max(ends_on - timedelta(days=abs(duty.due.amount)), london_date(now))
    return Assignment(
        case_id=case.id,
        area=case.area,
        what=f"{duty.do} (ends {ends_on.isoformat()})",
        done_when=duty.done_when,
        recipient=duty.recipient or None,
        owner_role=duty.owner,
        deadline=Deadline(due_on, None),
        duty=duty.id,
        informed=tuple(case.agencies),
    )
