"""The owning forum's chair says that a need ends, and a second person confirms it or says that it goes on.

Until then it is open and owned. Source: design note on access, finding 16: a hub alone, with no person named, ended a
victim's safety as a death, confirmed by itself.
"""

from collections.abc import Sequence

from app.access.directory import nation_of_area
from app.foundation.clock import london_date
from app.foundation.errors import Conflict, Forbidden
from app.foundation.identifiers import new_id
from app.foundation.storage.transaction import Transaction
from app.ownership import repository
from app.ownership.models import AskedEnding, Ending, Need
from app.ownership.needs.chairs import refuse_unless_chair
from app.ownership.needs.confirmers import Confirmer, confirmers, confirming_person, is_kept_from, person_who_takes_back
from app.ownership.needs.ending_checks import (
    EndingClaim,
    NeedToEnd,
    is_in_custody,
    refuse_impossible_proof,
    refuse_unproved,
    refuse_while_actions_are_unnamed,
    refuse_while_in_question,
    unnamed_actions,
    why_in_question,
)
from app.ownership.needs.endings import close_need
from app.ownership.needs.overrides import refuse_ended
from app.ownership.proposals.leads import ANSWER_WITHIN
from app.ownership.proposals.proposing import answer_by
from app.ownership.schemas import EndingRequest
from app.ownership.waiting_endings import EndingAnswer, ask_post, record_answer, withdraw_waiting_ending
from app.referrals.models import Case
from app.referrals.repositories.decision_repository import latest_decision_of
from app.vocabulary import EndReason, NeedKind, ProposalState

WORK_STOPS = frozenset({EndReason.RISK_RESOLVED, EndReason.DECEASED, EndReason.CUSTODY_NO_RELEASE})


def ask_to_end(
    tx: Transaction, need: Need, other: Need | None, cases: Sequence[Case], sent: EndingRequest
) -> AskedEnding:
    """Records why the need is to end, and asks a second person. `other` is the need that it repeats.

    It takes the place of what was said before and waits.

    Raises `Forbidden` unless the caller is the owning forum's chair, `Invalid` when it names no person, and `Conflict`
    or `Invalid` as `ending_checks` say.
    """
    refuse_ended(need)
    ending = NeedToEnd(need, repository.current_ownership(tx.session, need), cases, other)
    asking = Confirmer(refuse_unless_chair(tx, need, ending.owner), tx.caller.agency)
    if is_kept_from(tx.caller, NeedKind(need.kind)):
        raise Forbidden("a client that works with perpetrators has no part in the end of a victim's safety")
    person = tx.caller.named_person("a need ends by two named people, one who says so and one who confirms it")
    if sent.death is not None:
        refuse_impossible_proof(sent.death.dated, sent.occurred_on, london_date(tx.now))
    _refuse_unless_may_end(tx, ending, EndingClaim(sent.reason, sent.occurred_on, sent.actions_continue))
    may_confirm = confirmers(tx.session, NeedKind(need.kind), need.area, asking, sent.reason)
    asked = AskedEnding(
        id=new_id("aen"),
        need_id=need.id,
        case_id=cases[-1].id,
        area=need.area,
        # Whoever may confirm it reads what was said, and nobody who could not see the need before besides them.
        agencies=sorted({asking.agency, *(one.agency for one in may_confirm)}),
        kind=need.kind,
        reason=sent.reason,
        note=sent.note,
        as_role=asking.role,
        occurred_on=sent.occurred_on,
        death_source=sent.death.source if sent.death else None,
        death_reference=sent.death.reference_kind if sent.death else None,
        death_dated=sent.death.dated if sent.death else None,
        duplicate_of=sent.duplicate_of,
        actions_continue=list(sent.actions_continue),
        stands_on=ending.owner.id,
        role=may_confirm[0].role,
        agency=may_confirm[0].agency,
        version=1,
        asked_by=person,
        asked_at=tx.now,
        answer_by=answer_by(ANSWER_WITHIN, tx.now, nation_of_area(tx.session, need.area)),
        state=ProposalState.PROPOSED,
    )
    # The chair's last word counts, so nothing said before holds up what the chair says now.
    why = "the chair has said anew that this need ends"
    withdraw_waiting_ending(tx.session, need.id, why, person, tx.now)
    tx.session.add(asked)
    tx.session.flush()
    ask_post(tx.session, asked, tx.now)
    return asked


def confirm_ending(tx: Transaction, asked: AskedEnding, need: Need, cases: Sequence[Case], note: str) -> Ending:
    """Ends the need as it was asked, once a second person confirms it.

    Raises `Forbidden` for whoever may not confirm, and `Conflict` when it was answered or does not stand any more.
    """
    _refuse_answered(asked)
    refuse_ended(need)
    person = confirming_person(tx, asked)
    other = repository.need_by_id(tx.session, asked.duplicate_of) if asked.duplicate_of else None
    ending = NeedToEnd(need, repository.current_ownership(tx.session, need), cases, other)
    _refuse_if_overtaken(tx, asked, ending)
    _refuse_unless_may_end(tx, ending, _claim_of(asked))
    record_answer(tx.session, asked, EndingAnswer(ProposalState.ACCEPTED, note, person), tx.now)
    if ending.other is not None:
        _move_cases(tx, ending, ending.other)
    record = Ending(
        need_id=need.id,
        reason=asked.reason,
        note=asked.note,
        as_role=asked.as_role,
        asked_id=asked.id,
        confirmed_by=person,
        occurred_on=asked.occurred_on,
        duplicate_of=asked.duplicate_of,
        ended_by=asked.asked_by,
    )
    return close_need(tx, ending, record)


def refuse_ending(tx: Transaction, asked: AskedEnding, note: str) -> None:
    """Records that the need goes on: its own agency takes back what it said, or a second person does not confirm it."""
    _refuse_answered(asked)
    if tx.caller.agency == asked.asked_by.partition("/")[0]:
        state, person = ProposalState.WITHDRAWN, person_who_takes_back(tx, asked)
    else:
        state, person = ProposalState.DECLINED, confirming_person(tx, asked)
    record_answer(tx.session, asked, EndingAnswer(state, note, person), tx.now)


def _refuse_answered(asked: AskedEnding) -> None:
    if asked.state != ProposalState.PROPOSED:
        raise Conflict(f"this ending is already {asked.state}; the chair may say anew that the need ends")


def _refuse_if_overtaken(tx: Transaction, asked: AskedEnding, ending: NeedToEnd) -> None:
    """Refuses when what was said does not hold any more; whoever confirms cannot mend it, and is told what they can."""
    why = _why_overtaken(tx, asked, ending)
    if why is not None:
        raise Conflict(
            f"{why}; refuse this ending, and the need goes on until the chair says anew that it ends",
            code="ending-overtaken",
            next_moves=[f"POST /v1/endings/{asked.id}/refusals"],
        )
    claim = _claim_of(asked)
    if claim.reason in WORK_STOPS and unnamed_actions(tx.session, ending.cases, claim):
        raise Conflict(
            "an action that is not finished was not named; have the owning forum's chair say anew that the need ends, "
            "which takes the place of this",
            code="ending-overtaken",
            next_moves=[f"POST /v1/needs/{asked.need_id}/endings by the owning forum's chair, with every action named"],
        )


def _why_overtaken(tx: Transaction, asked: AskedEnding, ending: NeedToEnd) -> str | None:
    if ending.owner.id != asked.stands_on:
        return "another owns this need since"
    if asked.duplicate_of is not None and (ending.other is None or ending.other.ended_at is not None):
        return "the need that goes on in its place has ended since"
    if asked.reason == EndReason.CUSTODY_NO_RELEASE and not is_in_custody(tx.session, ending.cases):
        return "our records do not say any more that the perpetrator is in custody"
    if asked.reason != EndReason.RISK_RESOLVED:
        return None
    decisions = [latest_decision_of(tx.session, case.id) for case in ending.cases]
    if any(one is not None and one.decided_at > asked.asked_at for one in decisions):
        return "the case was decided anew since"
    return why_in_question(tx.session, ending.need, ending.owner)


def _claim_of(asked: AskedEnding) -> EndingClaim:
    return EndingClaim(asked.reason, asked.occurred_on, asked.actions_continue)


def _refuse_unless_may_end(tx: Transaction, ending: NeedToEnd, claim: EndingClaim) -> None:
    # The London date: in the first hour of a summer day the UTC date is still the day before.
    refuse_unproved(tx.session, ending, claim, london_date(tx.now))
    if claim.reason == EndReason.RISK_RESOLVED:
        refuse_while_in_question(tx.session, ending.need, ending.owner)
    if claim.reason in WORK_STOPS:
        refuse_while_actions_are_unnamed(tx.session, ending.cases, claim)


def _move_cases(tx: Transaction, ending: NeedToEnd, other: Need) -> None:
    """Links the cases of this need to the other from now, so that none is left without an owner."""
    for case in ending.cases:
        repository.link_need_to_case(tx.session, case.id, other.id)
    other.agencies = sorted({*other.agencies, *ending.need.agencies})
