"""Ends a need with its reason on record, and tells everyone concerned. There is no bare "closed" (I4).

Source: DHR "Jean" 14.2.2: the tracker said "closed as no longer a MARAC case".
"""

from app.actions.outcomes.notice_receipt import end_notices_about
from app.actions.recording.assignment import assign_duties
from app.actions.recording.draft import Assignment
from app.enquiries.asking import end_questions
from app.foundation.clock import london_date
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.outbox.service import URGENT, EventDraft, record_event
from app.ownership import repository
from app.ownership.duty_ids import DEATH_ON_RECORD
from app.ownership.models import Ending, Need
from app.ownership.needs import transfer_repository
from app.ownership.needs.ending_checks import NeedToEnd
from app.ownership.needs.transfer_answers import record_transfer_answer
from app.ownership.needs.transfer_events import record_transfer_event
from app.ownership.ownership_periods import close_span
from app.ownership.proposals.answers import AnswerDraft, Withdrawal, withdraw_waiting_proposals
from app.ownership.waiting_endings import withdraw_waiting_ending
from app.people.service import refs_of_same_person
from app.referrals.models import Case
from app.reminders.deadline import Deadline
from app.vocabulary import EndReason, EventType, NeedKind, ProposalState, SubjectType


def close_need(tx: Transaction, ending: NeedToEnd, record: Ending) -> Ending:
    """Ends the need, its last span and every question about it at one instant, and tells everyone concerned."""
    need = ending.need
    withdrawal = Withdrawal(f"the need has ended: {record.reason}", record.ended_by)
    withdraw_waiting_proposals(tx.session, need, withdrawal, tx.now)
    _withdraw_waiting_transfer(tx, need, withdrawal)
    # What somebody was asked to confirm: the need has ended otherwise.
    withdraw_waiting_ending(tx.session, need.id, withdrawal.reason, withdrawal.by, tx.now)
    # The need ends at the span's end, which may lie after `now` when clocks differ: no instant is without an owner.
    ends = close_span(tx.session, ending.owner, tx.now)
    record.id, record.area, record.ended_at = new_id("end"), need.area, ends
    record.agencies = _agencies_of(record, need)
    need.ended_at, need.end_reason, need.ended_by = ends, record.reason, record.ended_by
    tx.session.add(record)
    tx.session.flush()
    for case in ending.cases:
        _end_questions(tx, case, need, EndReason(record.reason))
        if record.reason == EndReason.DECEASED:
            end_notices_about(tx, case.id, NeedKind(need.kind), withdrawal.reason)
        record_event(tx.session, _ended_event(ending, case, record), tx.now)
    if record.reason == EndReason.DECEASED:
        _ask_about_the_dead(tx, need)
    return record


def _ask_about_the_dead(tx: Transaction, ended: Need) -> None:
    """Asks whoever owns another need of a person whose death is on record now to have it looked at today.

    Another area's need goes on, with somebody who is to reach this person; it ends by the word of its own chair.
    """
    refs = refs_of_same_person(tx.session, ended.subject_ref)
    assign_duties(tx.session, [_look(tx, need) for need in repository.open_needs_of_person(tx.session, refs)], tx.now)


def _look(tx: Transaction, need: Need) -> Assignment:
    owner = repository.current_ownership(tx.session, need)
    return Assignment(
        case_id=repository.cases_of_need(tx.session, need.id)[0],
        area=need.area,
        what="Reach nobody before this is clear: the death of a person of this case is on record. Find out whether it "
        "is so, and have the case decided anew",
        done_when="The death is confirmed and the chair has said that the need ends, or it is somebody else's death",
        owner_role=owner.role,
        owner_agency=owner.agency,
        deadline=Deadline(london_date(tx.now), None),
        duty=DEATH_ON_RECORD,
        about=need.kind,
        forums=(owner.forum,),
    )


def _agencies_of(record: Ending, need: Need) -> list[str]:
    """Returns who sees the ending: whoever sees the need, and whoever confirmed it, who sees no more than that."""
    confirming = [record.confirmed_by.partition("/")[0]] if record.confirmed_by else []
    return sorted({*need.agencies, *confirming})


def _end_questions(tx: Transaction, case: Case, need: Need, reason: EndReason) -> None:
    """Ends what is asked about a case without an open need, or about the person whose need has ended.

    After a duplicate the other need goes on. After a move only what the old area asks ends.
    """
    if not repository.open_needs_of_case(tx.session, case.id):
        end_questions(tx, case.id)
    elif reason is not EndReason.DUPLICATE_OF:
        area = need.area if reason is EndReason.MOVED else None
        end_questions(tx, case.id, about=NeedKind(need.kind), area=area)


def _withdraw_waiting_transfer(tx: Transaction, need: Need, withdrawal: Withdrawal) -> None:
    """Withdraws the request to another area to take this need, and tells that area."""
    transfer = transfer_repository.waiting_transfer(tx.session, need.id)
    if transfer is not None:
        draft = AnswerDraft(ProposalState.WITHDRAWN, withdrawal.reason, withdrawal.by)
        record_transfer_answer(tx.session, transfer, draft, tx.now)
        record_transfer_event(tx.session, EventType.TRANSFER_WITHDRAWN, transfer, tx.now)


def _ended_event(ending: NeedToEnd, case: Case, record: Ending) -> EventDraft:
    need, owner = ending.need, ending.owner
    return EventDraft(
        type=EventType.NEED_ENDED,
        subject_type=SubjectType.NEED,
        subject_id=need.id,
        area=need.area,
        agencies=(*need.agencies, *owner.agencies, *case.agencies),
        case_id=case.id,
        forums=(owner.forum,),
        owner_agency=owner.agency,
        details={"need": need.kind, "reason": record.reason, "duplicate_of": record.duplicate_of},
        priority=URGENT,
    )
