"""A forum lets a case go: never of a person nobody has taken, and never before those it kept waiting have answered.

Source: DHR "Jean" 14.2.4: MARAC discharged a case whose perpetrator nobody managed, and MATAC was barred meanwhile.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.actions.repository import unfinished_actions_of_case
from app.foundation.caller import Caller
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.meetings.duties_done import report_done
from app.meetings.events import tell
from app.meetings.models import Discharge
from app.meetings.parameters import policy_of
from app.meetings.schemas import DischargeRequest
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.proposals.leads import asked_first
from app.ownership.proposals.service import Asked, basis_now, propose
from app.ownership.repository import (
    cases_for_change,
    current_ownership,
    declines_on_facts,
    need_for_change,
    open_needs_of_case,
    proposals_of_need,
)
from app.referrals.decisions import MadeDecision, store_decision
from app.referrals.models import Case
from app.referrals.repository import latest_decision_of, latest_referral_of
from app.routing.engine.decide import decide
from app.routing.policy.refusals import REFUSERS, declined_fact
from app.routing.policy.types import Fact
from app.routing.policy.vocabulary import MaracStage
from app.routing.record.codec import from_dict
from app.routing.record.decision import RoutingDecision
from app.vocabulary import EventType, Forum, NeedKind, ProposalState

BARRED = "matac_barred"
LETS_GO = "MARAC lets the case go, so MATAC may be asked"
OWN_RECORDS = {
    "owned_by_lead_agency": Forum.MAPPA_L1_LEAD_AGENCY,
    "owned_by_iom": Forum.IOM,
    "owned_by_dapp": Forum.DAPP,
}


def discharge(
    session: Session, caller: Caller, case: Case, sent: DischargeRequest, now: datetime
) -> Discharge | list[Proposal]:
    """The case is let go and every need has an accepted owner outside the forum; otherwise `Conflict` (I6).

    Where the area's policy kept MATAC from being asked while MARAC had the case, it is asked now and nothing is
    discharged: the proposals that must be answered first are returned.
    """
    waiting = ask_who_was_barred(session, caller, case, sent.forum, now)
    if waiting:
        return waiting
    _refuse_while_unowned(session, case, sent.forum)
    _refuse_while_actions_are_unnamed(session, case, sent)
    made = Discharge(
        id=new_id("dch"),
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        forum=sent.forum,
        plan=sent.plan,
        discharged_by=caller.answerable,
        discharged_at=now,
    )
    session.add(made)
    report_done(session, caller, case.id, ("D41", "E06"), f"The discharge {made.id} passed its gate", now)
    tell(session, EventType.CASE_DISCHARGED, case, sent.forum, now)
    return made


def ask_who_was_barred(
    session: Session, caller: Caller, case: Case, forum: Forum, now: datetime
) -> list[Proposal]:
    """The proposals to MATAC that a discharge waits for: made now, or made at an earlier try and not answered."""
    stored = latest_decision_of(session, case.id)
    need = _perpetrator_need(session, case)
    if forum is not Forum.MARAC or stored is None or need is None:
        return []
    before = from_dict(stored.record)
    if before.outcomes[BARRED] == "yes":
        _ask(session, caller, case, need, before, now)
    return [
        proposal
        for proposal in proposals_of_need(session, need.id)
        if proposal.forum == Forum.MATAC
        and proposal.case_id == case.id
        and proposal.state == ProposalState.PROPOSED
        and _rests_on_discharge(session, case)
    ]


def _rests_on_discharge(session: Session, case: Case) -> bool:
    """Whether the case's newest decision was made because MARAC wants to let it go, and not by news after it did."""
    stored = latest_decision_of(session, case.id)
    return stored is not None and stored.because == LETS_GO


def _ask(
    session: Session, caller: Caller, case: Case, need: Need, before: RoutingDecision, now: datetime
) -> None:
    """MATAC is asked as the policy would have it asked once MARAC is out, unless it declined on these facts."""
    basis = basis_now(session, case, caller.agency)
    facts = facts_after_discharge(session, need, before, basis.facts_sha256)
    after = decide(policy_of(session, case.area, now), facts)
    asked: Sequence[Asked] = [
        one for one in asked_first(after, NeedKind.PERPETRATOR) if one.forum is Forum.MATAC
    ]
    referral = latest_referral_of(session, case.id)
    if after.outcomes[BARRED] == "yes" or not asked or referral is None:
        return
    stored = store_decision(session, MadeDecision(referral, case, after, basis.facts_sha256, LETS_GO), now)
    propose(session, need, case, asked, replace(basis, decision_id=stored.id), now)


def facts_after_discharge(
    session: Session, need: Need, before: RoutingDecision, basis: str
) -> dict[str, Fact]:
    """The facts of the last decision with our own records as they stand now, and MARAC out of the case."""
    owner = current_ownership(session, need).forum
    refused = {proposal.forum for proposal, _ in declines_on_facts(session, need.id, basis)}
    facts: dict[str, Fact] = dict(before.facts)
    # A fact that held while somebody else owned the need rests on a confirmed claim and goes on holding.
    owned = {
        name: owner == forum or (facts[name] is True and facts["held_by"] != forum)
        for name, forum in OWN_RECORDS.items()
    }
    declined = {declined_fact(forum): forum in refused for forum in REFUSERS}
    return {
        **facts,
        **owned,
        **declined,
        "refusals": len(refused),
        "held_by": owner,
        "marac_stage": MaracStage.DISCHARGED,
    }


def _perpetrator_need(session: Session, case: Case) -> Need | None:
    found = next(
        (need for need in open_needs_of_case(session, case.id) if need.kind == NeedKind.PERPETRATOR), None
    )
    if found is None:
        return None
    cases_for_change(session, [found.id])  # before the need, as a referral locks them
    return need_for_change(session, found.id)


def _refuse_while_unowned(session: Session, case: Case, forum: Forum) -> None:
    owned = [(need, current_ownership(session, need)) for need in open_needs_of_case(session, case.id)]
    blocking = [need for need, owner in owned if not _is_owned_outside(need, owner, forum)]
    if not blocking:
        return
    kinds = " and ".join(_in_words(need) for need in blocking)
    raise Conflict(
        f"{forum} cannot let this case go: {kinds} would have no accepted owner outside {forum}",
        code="discharge-without-owner",
        blocked_by=[{"need_id": need.id, "need": need.kind} for need in blocking],
        next_moves=[
            f"POST /v1/needs/{need.id}/proposals to ask a forum or agency, then its POST …/acceptances"
            for need in blocking
        ],
    )


def _is_owned_outside(need: Need, owner: Ownership, forum: Forum) -> bool:
    """The hub's holding from intake does not count for a perpetrator: somebody must have said yes."""
    if owner.forum == forum:
        return False
    return need.kind != NeedKind.PERPETRATOR or owner.proposal_id is not None


def _in_words(need: Need) -> str:
    return "the perpetrator" if need.kind == NeedKind.PERPETRATOR else "the victim's safety"


def _refuse_while_actions_are_unnamed(session: Session, case: Case, sent: DischargeRequest) -> None:
    unnamed = [a for a in unfinished_actions_of_case(session, case.id) if a.id not in sent.actions_continue]
    if unnamed:
        raise Conflict(
            f"{len(unnamed)} action(s) of this case are not finished; finish each, or name it in actions_continue",
            code="discharge-with-open-actions",
            open_actions=[{"action_id": action.id, "what": action.what} for action in unnamed[:50]],
        )
