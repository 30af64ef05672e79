"""Discharges a case from a forum, once every need has an accepted owner outside the forum (I6).

Source: DHR "Jean" 14.2.4: MARAC discharged a case whose perpetrator nobody managed, and MATAC was barred meanwhile.
"""

from app.actions.repository import unfinished_actions_of_case
from app.foundation.errors import Conflict
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.meetings.casework.matac_before_discharge import ask_matac_before_discharge
from app.meetings.events import record_case_event
from app.meetings.models import Discharge
from app.meetings.schemas import DischargeRequest
from app.ownership.models import Need, Ownership, Proposal
from app.ownership.repository import current_ownership, open_needs_of_case
from app.referrals.models import Case
from app.vocabulary import EventType, Forum, NeedKind


def discharge(tx: Transaction, case: Case, sent: DischargeRequest) -> Discharge | list[Proposal]:
    """Discharges the case from the forum. Raises `Conflict` while a need has no accepted owner outside it (I6).

    Where the area's policy kept MATAC from being asked while MARAC had the case, asks MATAC now, discharges nothing and
    returns the proposals that must be answered first.
    """
    waiting = ask_matac_before_discharge(tx, case, sent.forum)
    if waiting:
        return waiting
    _refuse_while_unowned(tx, case, sent.forum)
    _refuse_while_actions_are_unnamed(tx, case, sent)
    made = Discharge(
        id=new_id("dch"),
        case_id=case.id,
        area=case.area,
        agencies=case.agencies,
        forum=sent.forum,
        plan=sent.plan,
        discharged_by=tx.by,
        discharged_at=tx.now,
    )
    tx.session.add(made)
    record_case_event(tx, EventType.CASE_DISCHARGED, case, sent.forum)
    return made


def _refuse_while_unowned(tx: Transaction, case: Case, forum: Forum) -> None:
    owned = [(need, current_ownership(tx.session, need)) for need in open_needs_of_case(tx.session, case.id)]
    blocking = [need for need, owner in owned if not _is_owned_outside(need, owner, forum)]
    if not blocking:
        return
    kinds = " and ".join(_need_words(need) for need in blocking)
    raise Conflict(
        f"{forum} cannot discharge this case: {kinds} would have no accepted owner outside {forum}",
        code="discharge-without-owner",
        blocked_by=[{"need_id": need.id, "need": need.kind} for need in blocking],
        next_moves=[
            f"POST /v1/needs/{need.id}/proposals to ask a forum or agency, then its POST …/acceptances"
            for need in blocking
        ],
    )


def _is_owned_outside(need: Need, owner: Ownership, forum: Forum) -> bool:
    """Returns whether somebody outside the forum owns the need; for a perpetrator they must have accepted a proposal.

    The hub owns a perpetrator's need from intake without having accepted it, so its ownership does not count.
    """
    if owner.forum == forum:
        return False
    # An ownership without a proposal began at intake: nobody has said yes to it.
    return need.kind != NeedKind.PERPETRATOR or owner.proposal_id is not None


def _need_words(need: Need) -> str:
    return "the perpetrator" if need.kind == NeedKind.PERPETRATOR else "the victim's safety"


def _refuse_while_actions_are_unnamed(tx: Transaction, case: Case, sent: DischargeRequest) -> None:
    unfinished = unfinished_actions_of_case(tx.session, case.id)
    unnamed = [action for action in unfinished if action.id not in sent.actions_continue]
    if unnamed:
        raise Conflict(
            f"{len(unnamed)} action(s) of this case are not finished; finish each, or name it in actions_continue",
            code="discharge-with-open-actions",
            open_actions=[{"action_id": action.id, "what": action.what} for action in unnamed[:50]],
        )
