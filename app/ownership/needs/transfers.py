"""The victim moves: another area is asked to own the victim's safety, with plan, minutes and IDVA handover.

Until it accepts, the area that the victim leaves owns it (DHR "Jean" 14.3.15: nothing reached the next area;
SafeLives MARAC to MARAC).
"""

from collections.abc import Sequence
from datetime import datetime

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.access.vocabulary import COORDINATORS, CallerRole, role_of_post
from app.actions.action_transfer import move_actions_to_area
from app.actions.models import Action
from app.actions.repository import unfinished_actions_of_case
from app.foundation.caller import Caller, is_second_person
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.ownership import repository
from app.ownership.models import Ending, Need, Transfer
from app.ownership.needs import transfer_repository
from app.ownership.needs.ending_checks import NeedToEnd
from app.ownership.needs.endings import close_need
from app.ownership.needs.taking_over import take_over_need
from app.ownership.needs.transfer_answers import record_transfer_answer
from app.ownership.needs.transfer_events import record_transfer_event
from app.ownership.ownership_periods import NeedSubject, NewOwner, open_need
from app.ownership.proposals.answers import AnswerDraft
from app.ownership.proposals.leads import ANSWER_WITHIN
from app.ownership.proposals.proposing import answer_by
from app.ownership.schemas import TransferRequest
from app.people.service import refs_of_same_person
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.vocabulary import EndReason, EventType, Forum, Nation, NeedKind, ProposalState, Role, SubjectType


def request_transfer(tx: Transaction, case: Case, need: Need, cases: Sequence[Case], sent: TransferRequest) -> Transfer:
    """Asks the receiving co-ordinator, with everything needed to carry on, and sets the reminders until it answers.

    `cases` are all that the need serves. Raises `Conflict` while another area is asked, and `Invalid` for an area that
    cannot accept or an action that cannot move: one that is about the perpetrator stays.
    """
    receiver = _receiver(tx, need, sent.to_area)
    _refuse_for_the_dead(tx, need)
    if transfer_repository.waiting_transfer(tx.session, need.id) is not None:
        raise Conflict("another area is being asked to take this need; await its answer")
    _refuse_unknown_actions(tx, cases, sent)
    nation = nation_of_area(tx.session, sent.to_area)
    transfer = Transfer(
        id=new_id("trf"),
        case_id=case.id,
        need_id=need.id,
        area=need.area,
        agencies=sorted({tx.caller.agency, receiver, *need.agencies, *case.agencies}),
        sender_agency=tx.caller.agency,
        receiver_agency=receiver,
        requested_by=tx.by,
        requested_at=tx.now,
        answer_by=answer_by(ANSWER_WITHIN, tx.now, nation),
        state=ProposalState.PROPOSED,
        **sent.model_dump(exclude={"actions_handed_over"}),
        actions_handed_over=list(sent.actions_handed_over),
    )
    tx.session.add(transfer)
    tx.session.flush()
    _remind_receiver(tx, transfer, nation)
    record_transfer_event(tx.session, EventType.TRANSFER_PROPOSED, transfer, tx.now)
    return transfer


def _remind_receiver(tx: Transaction, transfer: Transfer, nation: Nation) -> None:
    watched = ReminderSubject(
        SubjectType.TRANSFER,
        transfer.id,
        transfer.case_id,
        transfer.to_area,
        nation,
        transfer.receiver_agency,
        Role.MARAC_COORDINATOR,
    )
    set_ladder(tx.session, watched, Deadline(None, transfer.answer_by, life_safety=False), 1, tx.now)


def accept_transfer(tx: Transaction, transfer: Transfer, need: Need, cases: Sequence[Case], note: str | None) -> Need:
    """Gives the victim's safety to the receiving area, ends the other area's need, and returns the new need.

    Raises `Forbidden` unless the caller is the receiving co-ordinator, and `Conflict` when the transfer has its answer
    or when who asks may be who accepts.
    """
    _refuse_unless_asked(tx.caller, transfer)
    _refuse_for_the_dead(tx, need)
    if not is_second_person(tx.by, transfer.requested_by):
        raise Conflict(
            "one agency works in both areas: a person whom X-On-Behalf-Of names asks, and another named one accepts",
            code="same-person",
        )
    ending = NeedToEnd(need, repository.current_ownership(tx.session, need), cases)
    # The state is set first: closing the need withdraws every transfer that still waits.
    transfer.state = ProposalState.ACCEPTED
    tx.session.flush()
    # One open safety need for each victim: the old one ends before the new one opens, at the same instant.
    record = close_need(tx, ending, _moved(transfer, need))
    opened = _open_there(tx, transfer, need, cases, record.ended_at)
    draft = AnswerDraft(ProposalState.ACCEPTED, note or "accepted", tx.by)
    take_over_need(tx, transfer, opened, cases[-1], draft.reason)
    move_actions_to_area(tx, transfer.actions_handed_over, transfer.to_area, transfer.receiver_agency)
    record_transfer_answer(tx.session, transfer, draft, tx.now, opened.id)
    record_transfer_event(tx.session, EventType.TRANSFER_ACCEPTED, transfer, tx.now)
    return opened


def _moved(transfer: Transfer, need: Need) -> Ending:
    return Ending(
        need_id=need.id,
        reason=EndReason.MOVED,
        note=f"taken by {transfer.to_area}",
        as_role=Role.MARAC_COORDINATOR,
        transfer_id=transfer.id,
        ended_by=transfer.requested_by,
    )


def _open_there(tx: Transaction, transfer: Transfer, need: Need, cases: Sequence[Case], at: datetime) -> Need:
    """Opens the need in the receiving area from that instant, and gives that area the victim's cases."""
    for case in cases:
        case.area, case.received_at = transfer.to_area, tx.now
        case.agencies = sorted({*case.agencies, transfer.sender_agency, transfer.receiver_agency})
    subject = NeedSubject(NeedKind.VICTIM_SAFETY, need.subject_ref, transfer.to_area)
    owner = NewOwner(Forum.MARAC, Role.MARAC_COORDINATOR, transfer.receiver_agency, tx.by)
    # Opened without its cases, so that only the receiver sees it at first: nobody else may learn where the
    # victim lives.
    opened = open_need(tx.session, subject, [], owner, at)
    for case in cases:
        repository.link_need_to_case(tx.session, case.id, opened.id)
    return opened


def decline_transfer(tx: Transaction, transfer: Transfer, reason: str) -> None:
    """Records the decline. The area that the victim leaves still owns the victim's safety, and is told why."""
    _refuse_unless_asked(tx.caller, transfer)
    draft = AnswerDraft(ProposalState.DECLINED, reason, tx.by)
    record_transfer_answer(tx.session, transfer, draft, tx.now)
    record_transfer_event(tx.session, EventType.TRANSFER_DECLINED, transfer, tx.now)


def _receiver(tx: Transaction, need: Need, to_area: str) -> str:
    """Returns the agency of the receiving area's MARAC co-ordinator."""
    if to_area == need.area:
        raise Invalid(
            "`to_area` owns this need already",
            faults=[RequestFault("/to_area", "same_area", "name another area")],
        )
    receiver = agency_in_post(tx.session, to_area, Role.MARAC_COORDINATOR)
    if receiver is None:
        raise Invalid(
            "`to_area` has no MARAC co-ordinator here who could accept; tell that area by phone and keep the need",
            faults=[RequestFault("/to_area", "nobody_to_accept", "name an area with a co-ordinator")],
        )
    return receiver


def _refuse_for_the_dead(tx: Transaction, need: Need) -> None:
    """Refuses to move the need of a person who died: the acceptance would open a new one for the dead."""
    if repository.need_ended_by_death(tx.session, refs_of_same_person(tx.session, need.subject_ref)) is not None:
        raise Conflict(
            "the death of this person is on record; have the chair of the forum that owns the need say that it ends",
            code="person-died",
            next_moves=[f"POST /v1/needs/{need.id}/endings"],
        )


def _refuse_unknown_actions(tx: Transaction, cases: Sequence[Case], sent: TransferRequest) -> None:
    unfinished = {one.id: one for case in cases for one in unfinished_actions_of_case(tx.session, case.id)}
    if not unfinished.keys() >= set(sent.actions_handed_over):
        raise Invalid(
            "`actions_handed_over` names an action that is finished or not of the victim's cases",
            faults=[RequestFault("/actions_handed_over", "unknown", "name unfinished actions of this case")],
        )
    if any(_shows_perpetrators_side(unfinished[one]) for one in sent.actions_handed_over):
        raise Invalid(
            "`actions_handed_over` names an action about the perpetrator, or of a post that works with perpetrators: "
            "it stays, for whoever has it would read where the victim moves to",
            faults=[RequestFault("/actions_handed_over", "about_the_perpetrator", "name actions for the victim only")],
        )


def _shows_perpetrators_side(action: Action) -> bool:
    """Returns whether the action shows its area to those who work with the perpetrator, whose need stays."""
    side = role_of_post(action.owner_role) == CallerRole.PERPETRATOR_SIDE
    return side or action.about == NeedKind.PERPETRATOR


def _refuse_unless_asked(caller: Caller, transfer: Transfer) -> None:
    """Refuses all but the receiving area's co-ordinator or chair, and a second answer."""
    receives = caller.agency == transfer.receiver_agency and transfer.to_area in caller.areas
    if caller.role not in COORDINATORS or not receives:
        raise Forbidden("only the receiving area's co-ordinator can answer this transfer")
    if transfer.state != ProposalState.PROPOSED:
        raise Conflict(f"this transfer is already {transfer.state}")
