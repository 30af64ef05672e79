"""A need ends for one of five reasons, said by the owning forum's chair. There is no bare "closed" (I4).

Source: DHR "Jean" 14.2.2: the tracker said "closed as no longer a MARAC case".
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.repository import agency_exists
from app.actions.repository import unfinished_actions_of_case
from app.foundation.caller import Caller
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.foundation.identifiers import new_id
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership import repository, transfer_repository
from app.ownership.models import Ending, Need, Ownership
from app.ownership.needs.chairs import refuse_unless_chair
from app.ownership.needs.overrides import refuse_ended
from app.ownership.proposals.answers import withdraw_waiting
from app.ownership.proposals.service import LEAD
from app.ownership.schemas import EndingRequest
from app.ownership.spans import close_span
from app.ownership.transfer_events import tell_of_transfer
from app.referrals.models import Case
from app.referrals.repository import latest_decision_of
from app.vocabulary import EndReason, EventType, NeedKind, ProposalState

WORK_STOPS = frozenset({EndReason.RISK_RESOLVED, EndReason.DECEASED, EndReason.CUSTODY_NO_RELEASE})


def end_need(
    session: Session,
    caller: Caller,
    need: Need,
    other: Need | None,
    cases: Sequence[Case],
    sent: EndingRequest,
    now: datetime,
) -> Ending:
    """The need has ended with its reason on record; nobody is asked about it any more. `other`: what it repeats."""
    refuse_ended(need)
    owner = repository.current_ownership(session, need)
    as_role = refuse_unless_chair(session, caller, need, owner)
    _refuse_unproved(session, need, other, cases, sent, now)
    if sent.reason is EndReason.RISK_RESOLVED:
        _refuse_while_in_question(session, need, owner)
    if sent.reason in WORK_STOPS:
        _refuse_while_actions_are_unnamed(session, cases, sent)
    if other is not None:
        _carry_on_in(session, need, other, cases)
    made = Ending(
        need_id=need.id,
        reason=sent.reason,
        note=sent.note,
        as_role=as_role,
        confirmed_by=sent.confirmed_by,
        occurred_on=sent.occurred_on,
        duplicate_of=sent.duplicate_of,
        transfer_id=sent.transfer_id,
        ended_by=caller.answerable,
    )
    return close(session, need, owner, cases, made, now)


def close(
    session: Session, need: Need, owner: Ownership, cases: Sequence[Case], ending: Ending, now: datetime
) -> Ending:
    """The need, its last span and everything asked about it end at one instant, and everyone concerned is told."""
    withdraw_waiting(session, need, f"the need has ended: {ending.reason}", ending.ended_by, now)
    _withdraw_waiting_transfer(session, need, ending, now)
    ends = close_span(session, owner, now)
    ending.id, ending.area, ending.agencies, ending.ended_at = (
        new_id("end"),
        need.area,
        need.agencies,
        ends,
    )
    need.ended_at, need.end_reason, need.ended_by = ends, ending.reason, ending.ended_by
    session.add(ending)
    session.flush()
    for case in cases:
        _tell(session, need, owner, case, ending, now)
    return ending


def _withdraw_waiting_transfer(session: Session, need: Need, ending: Ending, now: datetime) -> None:
    """No area is asked to take this need any more, and the one that was asked is told."""
    transfer = transfer_repository.waiting_transfer(session, need.id)
    if transfer is not None:
        because = f"the need has ended: {ending.reason}"
        transfer_repository.answer_transfer(
            session, transfer, ProposalState.WITHDRAWN, because, ending.ended_by, now
        )
        tell_of_transfer(session, EventType.TRANSFER_WITHDRAWN, transfer, now)


def _refuse_unproved(
    session: Session,
    need: Need,
    other: Need | None,
    cases: Sequence[Case],
    sent: EndingRequest,
    now: datetime,
) -> None:
    """Each reason is checked against the records as far as they reach."""
    if sent.confirmed_by is not None and not agency_exists(session, sent.confirmed_by):
        raise Invalid(
            "`confirmed_by` is not an agency of this service", faults=[_fault("/confirmed_by", "unknown")]
        )
    if sent.occurred_on is not None and sent.occurred_on > london_date(now):
        raise Invalid("`occurred_on` lies in the future", faults=[_fault("/occurred_on", "in_the_future")])
    match sent.reason:
        case EndReason.MOVED:
            _refuse_unless_taken(session, need, sent.transfer_id)
        case EndReason.DUPLICATE_OF:
            _refuse_unless_repeats(need, other)
        case EndReason.CUSTODY_NO_RELEASE:
            _refuse_unless_in_custody(session, need, cases)


def _refuse_unless_taken(session: Session, need: Need, transfer_id: str | None) -> None:
    transfer = transfer_repository.transfer_by_id(session, transfer_id or "")
    if transfer is None or transfer.need_id != need.id or transfer.state != ProposalState.ACCEPTED:
        raise Conflict(
            "no other area has taken this need; it stays here until the receiving co-ordinator accepts a transfer",
            code="moved-without-acceptance",
            next_moves=["POST /v1/cases/{id}/transfers, then its POST …/acceptances by the receiving area"],
        )


def _refuse_unless_repeats(need: Need, other: Need | None) -> None:
    if other is None or other.id == need.id or other.kind != need.kind or other.ended_at is not None:
        raise Invalid(
            "`duplicate_of` must name another need of the same kind that is still open and owned",
            faults=[_fault("/duplicate_of", "unknown")],
        )


def _refuse_unless_in_custody(session: Session, need: Need, cases: Sequence[Case]) -> None:
    """Our own records must say so too: a man ended as held, and free, is a man nobody watches."""
    if need.kind != NeedKind.PERPETRATOR:
        raise Invalid(
            "CUSTODY_NO_RELEASE ends a perpetrator's need only; her safety has its own owner",
            faults=[_fault("/reason", "wrong_kind")],
        )
    decided = [latest_decision_of(session, case.id) for case in cases]
    latest = max((one for one in decided if one), key=lambda one: one.number, default=None)
    if latest is None or latest.record["outcomes"].get("custody") != "yes":
        raise Conflict(
            "our records do not say that he is in custody; add that fact to the referral first",
            code="custody-not-on-record",
            next_moves=["POST /v1/referrals/{id}/facts with his custody"],
        )


def _refuse_while_in_question(session: Session, need: Need, owner: Ownership) -> None:
    """The risk is not resolved while a forum is still asked, or while all who were asked said no and nobody yes."""
    if repository.waiting_proposals(session, need.id, LEAD):
        raise Conflict(
            "a forum is being asked to lead this need; withdraw that proposal or await its answer",
            code="need-in-question",
        )
    unwanted = owner.proposal_id is None and any(
        p.state in {ProposalState.DECLINED, ProposalState.EXPIRED}
        for p in repository.proposals_of_need(session, need.id)
    )
    if need.kind == NeedKind.PERPETRATOR and unwanted:
        raise Conflict(
            "a forum did not take this need and nobody has said yes since; a chair must first name its owner",
            code="need-in-question",
            next_moves=[f"POST /v1/needs/{need.id}/overrides, then the named owner's POST …/acceptances"],
        )


def _refuse_while_actions_are_unnamed(session: Session, cases: Sequence[Case], sent: EndingRequest) -> None:
    unfinished = [action for case in cases for action in unfinished_actions_of_case(session, case.id)]
    unnamed = [action for action in unfinished if action.id not in sent.actions_continue]
    if unnamed:
        raise Conflict(
            f"{len(unnamed)} action(s) are not finished; finish each, or name it in actions_continue",
            code="ending-with-open-actions",
            open_actions=[{"action_id": action.id, "what": action.what} for action in unnamed[:50]],
        )


def _carry_on_in(session: Session, need: Need, other: Need, cases: Sequence[Case]) -> None:
    """The cases that this need served are served by the other from now: none is left without an owner."""
    for case in cases:
        repository.link_need_to_case(session, case.id, other.id)
    other.agencies = sorted({*other.agencies, *need.agencies})


def _tell(session: Session, need: Need, owner: Ownership, case: Case, ending: Ending, now: datetime) -> None:
    news = EventDraft(
        type=EventType.NEED_ENDED,
        subject_type="need",
        subject_id=need.id,
        area=need.area,
        agencies=(*need.agencies, *owner.agencies, *case.agencies),
        case_id=case.id,
        forums=(owner.forum,),
        owner_agency=owner.agency,
        details={"need": need.kind, "reason": ending.reason, "duplicate_of": ending.duplicate_of},
        priority=URGENT,
    )
    record_event(session, news, now)


def _fault(pointer: str, code: str) -> RequestFault:
    return RequestFault(pointer, code, "see the detail")
