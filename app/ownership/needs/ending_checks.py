"""What must hold before a need may end: the proof of each reason, no open question, and every action named."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.actions.models import Action
from app.actions.repository import unfinished_actions_of_case
from app.foundation.errors import Conflict, Invalid, RequestFault
from app.ownership import proposal_repository
from app.ownership.models import Need, Ownership
from app.ownership.vocabulary import ProposalKind
from app.referrals.models import Case
from app.referrals.repositories.decision_repository import latest_decision_of
from app.referrals.stored_records import answer_of
from app.vocabulary import EndReason, NeedKind, ProposalState

BEING_ASKED = "a forum is being asked to lead this need"
NOT_TAKEN = "a forum did not take this need and nobody has said yes since"


@dataclass(frozen=True, slots=True)
class NeedToEnd:
    """A need about to end: its owner, the cases it serves, and the other need that it is said to repeat, if any."""

    need: Need
    owner: Ownership
    cases: Sequence[Case]
    other: Need | None = None


@dataclass(frozen=True, slots=True)
class EndingClaim:
    """What is said of a need that is to end: why, since when, and which unfinished actions go on."""

    reason: EndReason
    occurred_on: date | None
    actions_continue: Collection[str]


def refuse_unproved(session: Session, ending: NeedToEnd, sent: EndingClaim, today: date) -> None:
    """Raises `Invalid` or `Conflict` when the records do not bear out the reason. `today` is the London date."""
    if sent.occurred_on is not None and sent.occurred_on > today:
        raise Invalid("`occurred_on` lies in the future", faults=[RequestFault("/occurred_on", "in_the_future")])
    match sent.reason:
        case EndReason.MOVED:
            raise _moves_by_transfer_only()
        case EndReason.DUPLICATE_OF:
            _refuse_unless_repeats(ending.need, ending.other)
        case EndReason.CUSTODY_NO_RELEASE:
            _refuse_unless_in_custody(session, ending.need, ending.cases)


def refuse_impossible_proof(dated: date, died_on: date | None, today: date) -> None:
    """Raises `Invalid` for a document about a death that is dated before the death or after today."""
    if dated > today or (died_on is not None and dated < died_on):
        fault = RequestFault("/death/dated", "impossible", "neither before the death nor in the future")
        raise Invalid("`death` names a document of a day on which it cannot have been written", faults=[fault])


def _moves_by_transfer_only() -> Conflict:
    # The acceptance of a transfer ends the need itself, so one that is open has been taken by nobody.
    return Conflict(
        "no other area has taken this need; it stays here until the receiving co-ordinator accepts a transfer",
        code="moved-without-acceptance",
        next_moves=["POST /v1/cases/{id}/transfers, then its POST …/acceptances by the receiving area"],
    )


def _refuse_unless_repeats(need: Need, other: Need | None) -> None:
    if other is None or other.id == need.id or other.kind != need.kind or other.ended_at is not None:
        raise repeats_nothing()


def repeats_nothing() -> Invalid:
    """Returns the refusal of a duplicate of what is not there, not open, or not the caller's to see: one for all."""
    return Invalid(
        "`duplicate_of` must name another need of the same kind that is still open and owned, and yours to see",
        faults=[RequestFault("/duplicate_of", "unknown")],
    )


def _refuse_unless_in_custody(session: Session, need: Need, cases: Sequence[Case]) -> None:
    """Refuses unless the newest decision knows the custody too: nobody watches a person whose need has ended."""
    if need.kind != NeedKind.PERPETRATOR:
        raise Invalid(
            "CUSTODY_NO_RELEASE ends a perpetrator's need only; the victim's safety has its own owner",
            faults=[RequestFault("/reason", "wrong_kind")],
        )
    if not is_in_custody(session, cases):
        raise Conflict(
            "our records do not say that the perpetrator is in custody; add that fact to the referral first",
            code="custody-not-on-record",
            next_moves=["POST /v1/referrals/{id}/facts with the perpetrator's custody"],
        )


def is_in_custody(session: Session, cases: Sequence[Case]) -> bool:
    """Returns whether the newest decision on any of the cases knows that the perpetrator is in custody."""
    decisions = [latest_decision_of(session, case.id) for case in cases]
    # Over all cases of the need: a newer report on any of them may say that the person is at liberty.
    latest = max((one for one in decisions if one), key=lambda one: one.number, default=None)
    return latest is not None and answer_of(latest, "custody") == "yes"


def refuse_while_in_question(session: Session, need: Need, owner: Ownership) -> None:
    """Raises `Conflict` while a forum is asked, or while forums declined and nobody has accepted since."""
    waiting = proposal_repository.waiting_proposals(session, need.id, ProposalKind.LEAD)
    if waiting:
        raise Conflict(
            f"{BEING_ASKED}; withdraw that proposal or await its answer",
            code="need-in-question",
            next_moves=[f"POST /v1/proposals/{one.id}/withdrawals" for one in waiting],
        )
    if is_taken_by_nobody(session, need, owner):
        raise Conflict(
            f"{NOT_TAKEN}; a chair must first name its owner",
            code="need-in-question",
            next_moves=[f"POST /v1/needs/{need.id}/overrides, then the named owner's POST …/acceptances"],
        )


def is_taken_by_nobody(session: Session, need: Need, owner: Ownership) -> bool:
    """Returns whether forums declined a perpetrator's need and nobody has accepted it since."""
    answered = {ProposalState.DECLINED, ProposalState.EXPIRED}
    proposals = proposal_repository.proposals_of_need(session, need.id)
    is_declined = any(proposal.state in answered for proposal in proposals)
    return need.kind == NeedKind.PERPETRATOR and owner.proposal_id is None and is_declined


def why_in_question(session: Session, need: Need, owner: Ownership) -> str | None:
    """Returns why it is open who owns the need, and nothing when that is settled."""
    if proposal_repository.waiting_proposals(session, need.id, ProposalKind.LEAD):
        return BEING_ASKED
    return NOT_TAKEN if is_taken_by_nobody(session, need, owner) else None


def unnamed_actions(session: Session, cases: Sequence[Case], sent: EndingClaim) -> list[Action]:
    """Returns the unfinished actions that `actions_continue` does not name."""
    unfinished = [action for case in cases for action in unfinished_actions_of_case(session, case.id)]
    return [action for action in unfinished if action.id not in sent.actions_continue]


def refuse_while_actions_are_unnamed(session: Session, cases: Sequence[Case], sent: EndingClaim) -> None:
    """Raises `Conflict` with the unfinished actions that `actions_continue` does not name, at most 50 of them."""
    unnamed = unnamed_actions(session, cases, sent)
    if unnamed:
        raise Conflict(
            f"{len(unnamed)} action(s) are not finished; finish each, or name it in actions_continue",
            code="ending-with-open-actions",
            open_actions=[{"action_id": action.id, "what": action.what} for action in unnamed[:50]],
        )
