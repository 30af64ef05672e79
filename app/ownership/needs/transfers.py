"""The victim moves: her safety goes to another area with plan, minutes and IDVA handover, once that area accepts.

Until then the area she leaves owns it (DHR "Jean" 14.3.15: nothing reached the next area; SafeLives MARAC to MARAC).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.directory import nation_of_area
from app.access.repository import agency_in_post
from app.actions.action_transfer import hand_over_to_area
from app.actions.repository import unfinished_actions_of_case
from app.foundation.caller import Caller
from app.foundation.errors import Conflict, Forbidden, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.ownership import repository, transfer_repository
from app.ownership.models import Ending, Need, Transfer
from app.ownership.needs.endings import close
from app.ownership.proposals.leads import ANSWER_WITHIN
from app.ownership.proposals.service import answer_by
from app.ownership.schemas import TransferRequest
from app.ownership.spans import Takeover, open_need
from app.ownership.transfer_events import tell_of_transfer
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.reminders.service import ReminderSubject, set_ladder
from app.vocabulary import EndReason, EventType, Forum, NeedKind, ProposalState, Role

COORDINATORS = frozenset({"marac.coordinator", "marac.chair"})


def request_transfer(
    session: Session,
    caller: Caller,
    case: Case,
    need: Need,
    cases: Sequence[Case],
    sent: TransferRequest,
    now: datetime,
) -> Transfer:
    """The receiving co-ordinator has been asked, with everything needed to carry on, and is reminded until it answers."""
    receiver = _receiver(session, need, sent.to_area)
    if transfer_repository.waiting_transfer(session, need.id) is not None:
        raise Conflict("another area is being asked to take this need; await its answer")
    _refuse_unknown_actions(session, cases, sent)
    nation = nation_of_area(session, sent.to_area)
    transfer = Transfer(
        id=new_id("trf"),
        case_id=case.id,
        need_id=need.id,
        area=need.area,
        agencies=sorted({caller.agency, receiver, *need.agencies, *case.agencies}),
        sender_agency=caller.agency,
        receiver_agency=receiver,
        requested_by=caller.answerable,
        requested_at=now,
        answer_by=answer_by(ANSWER_WITHIN, now, nation),
        state=ProposalState.PROPOSED,
        **sent.model_dump(exclude={"actions_handed_over"}),
        actions_handed_over=list(sent.actions_handed_over),
    )
    session.add(transfer)
    session.flush()
    watched = ReminderSubject(
        "transfer", transfer.id, case.id, sent.to_area, nation, receiver, Role.MARAC_COORDINATOR
    )
    set_ladder(session, watched, Deadline(None, transfer.answer_by, life_safety=False), 1, now)
    tell_of_transfer(session, EventType.TRANSFER_PROPOSED, transfer, now)
    return transfer


def accept_transfer(
    session: Session,
    caller: Caller,
    transfer: Transfer,
    need: Need,
    cases: Sequence[Case],
    note: str | None,
    now: datetime,
) -> Need:
    """The receiving area owns her safety from now, the area she left no longer does, and her cases are routed there."""
    _refuse_unless_asked(caller, transfer)
    owner = repository.current_ownership(session, need)
    transfer.state = ProposalState.ACCEPTED
    session.flush()
    by = caller.answerable
    ending = Ending(
        need_id=need.id,
        reason=EndReason.MOVED,
        note=f"taken by {transfer.to_area}",
        as_role=Role.MARAC_COORDINATOR,
        transfer_id=transfer.id,
        ended_by=transfer.requested_by,
    )
    close(session, need, owner, cases, ending, now)
    opened = _open_there(session, transfer, need, cases, by, ending.ended_at)
    hand_over_to_area(
        session, transfer.actions_handed_over, transfer.to_area, transfer.receiver_agency, by, now
    )
    transfer_repository.answer_transfer(
        session, transfer, ProposalState.ACCEPTED, note or "accepted", by, now, opened.id
    )
    tell_of_transfer(session, EventType.TRANSFER_ACCEPTED, transfer, now)
    return opened


def _open_there(
    session: Session, transfer: Transfer, need: Need, cases: Sequence[Case], by: str, at: datetime
) -> Need:
    """Her need is open in the receiving area from that instant, and her cases are that area's to route."""
    for case in cases:
        case.area = transfer.to_area
        case.agencies = sorted({*case.agencies, transfer.sender_agency, transfer.receiver_agency})
    taken = Takeover(Forum.MARAC, Role.MARAC_COORDINATOR, transfer.receiver_agency, by)
    # Only the receiver sees the new need at first: where she lives now is nobody else's to know.
    opened = open_need(session, [], NeedKind.VICTIM_SAFETY, need.subject_ref, transfer.to_area, taken, at)
    for case in cases:
        repository.link_need_to_case(session, case.id, opened.id)
    return opened


def decline_transfer(
    session: Session, caller: Caller, transfer: Transfer, reason: str, now: datetime
) -> None:
    """The area she leaves still owns her safety, and knows why it was not taken."""
    _refuse_unless_asked(caller, transfer)
    transfer_repository.answer_transfer(
        session, transfer, ProposalState.DECLINED, reason, caller.answerable, now
    )
    tell_of_transfer(session, EventType.TRANSFER_DECLINED, transfer, now)


def _receiver(session: Session, need: Need, to_area: str) -> str:
    if to_area == need.area:
        raise Invalid(
            "`to_area` owns this need already",
            faults=[RequestFault("/to_area", "same_area", "name another area")],
        )
    receiver = agency_in_post(session, to_area, Role.MARAC_COORDINATOR)
    if receiver is None:
        raise Invalid(
            "`to_area` has no MARAC co-ordinator here who could accept; tell that area by phone and keep the need",
            faults=[RequestFault("/to_area", "nobody_to_accept", "name an area with a co-ordinator")],
        )
    return receiver


def _refuse_unknown_actions(session: Session, cases: Sequence[Case], sent: TransferRequest) -> None:
    unfinished = {action.id for case in cases for action in unfinished_actions_of_case(session, case.id)}
    if not unfinished.issuperset(sent.actions_handed_over):
        raise Invalid(
            "`actions_handed_over` names an action that is finished or not of her cases",
            faults=[RequestFault("/actions_handed_over", "unknown", "name unfinished actions of this case")],
        )


def _refuse_unless_asked(caller: Caller, transfer: Transfer) -> None:
    """Only the receiving area's co-ordinator or chair answers, and once."""
    receives = caller.agency == transfer.receiver_agency and transfer.to_area in caller.areas
    if caller.role not in COORDINATORS or not receives:
        raise Forbidden("only the receiving area's co-ordinator can answer this transfer")
    if transfer.state != ProposalState.PROPOSED:
        raise Conflict(f"this transfer is already {transfer.state}")
